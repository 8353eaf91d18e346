import type { FormResult } from '@/lib/form-result'
import type { RotationInput } from '@/lib/webhooks/rotation-schema'
import type { WebhookListActions } from '../webhook-list-actions'

export type SecretActions = {
  reveal: (version: number) => Promise<{ value: string } | { error: string }>
  rotate: (values: RotationInput) => Promise<FormResult<{ version: number }>>
  endOverlap: () => Promise<FormResult<{ ended: boolean }>>
}

/** The actions on the WebHook as a whole. */
export type HeadActions = Omit<WebhookListActions, 'testFire'>
