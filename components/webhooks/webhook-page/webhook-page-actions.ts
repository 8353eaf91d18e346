import type { FormResult } from '@/lib/form-result'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import type { RotationInput } from '@/lib/webhooks/rotation-schema'
import type { WebhookListActions } from '../webhook-list-actions'

export type SecretActions = {
  reveal: (version: number) => Promise<{ value: string } | { error: string }>
  rotate: (values: RotationInput) => Promise<FormResult<{ version: number }>>
  endOverlap: () => Promise<FormResult<{ ended: boolean }>>
  /** Test-fires, signed with the newest secret alone. */
  testNew: () => Promise<FormResult<TestFireAnswer>>
}

/** The actions on the WebHook as a whole. */
export type HeadActions = Pick<WebhookListActions, 'countQueued' | 'remove'>

/** What can be done about its state. */
export type StateActions = Pick<WebhookListActions, 'countQueued' | 'switchOn' | 'testFire' | 'turnOn'> & {
  hold: (webhookId: string, input: { until: string }) => Promise<FormResult>
  release: (webhookId: string) => Promise<FormResult>
  /** Sends the oldest waiting delivery. */
  tryNow: (webhookId: string) => Promise<FormResult>
}
