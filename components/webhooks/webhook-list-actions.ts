import type { FormResult } from '@/lib/form-result'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import type { TurnedOff } from '@/lib/webhooks/turned-off'
import type { RecoveredCounts } from './recover-words'

/** What can be done to a WebHook from the list: the page's server actions. */
export type WebhookListActions = {
  countQueued: (webhookId: string) => Promise<number>
  switchOn: (webhookId: string, enabled: boolean) => Promise<FormResult<{ cancelled: number }>>
  remove: (webhookId: string) => Promise<FormResult<{ cancelled: number }>>
  testFire: (webhookId: string) => Promise<FormResult<TestFireAnswer>>
  /** Absent: a WebHook that the hub turned off is switched on without a dialog. */
  turnOn?: TurnOnActions
}

/** What is offered when a WebHook that we turned off is switched on. */
export type TurnOnActions = {
  /** Undefined when the hub did not turn it off. */
  readTurnedOff: (webhookId: string) => Promise<TurnedOff | undefined>
  testFire: (webhookId: string) => Promise<FormResult<TestFireAnswer>>
  /** Recovers the deliveries that failed since a moment, in milliseconds; 0: all that are kept. */
  recover: (webhookId: string, since: number) => Promise<FormResult<RecoveredCounts>>
}
