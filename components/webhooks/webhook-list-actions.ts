import type { FormResult } from '@/lib/form-result'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import type { TurnedOff } from '@/lib/webhooks/webhook-health'
import type { RecoveredCounts } from './recover-words'

/** What can be done to a WebHook from the list: the page's server actions. */
export type WebhookListActions = {
  countQueued: (webhookId: string) => Promise<number>
  switchOn: (webhookId: string, enabled: boolean) => Promise<FormResult<{ cancelled: number }>>
  remove: (webhookId: string) => Promise<FormResult<{ cancelled: number }>>
  testFire: (webhookId: string) => Promise<FormResult<TestFireAnswer>>
  /** Absent: a WebHook that we turned off goes on again without further ado. */
  turnOn?: TurnOnActions
}

/** What is offered when a WebHook that we turned off is switched on. */
export type TurnOnActions = {
  /** Undefined: it was not we who turned it off. */
  readTurnedOff: (webhookId: string) => Promise<TurnedOff | undefined>
  testFire: (webhookId: string) => Promise<FormResult<TestFireAnswer>>
  /** Sends again what failed since a moment in milliseconds; 0: all that is kept. */
  recover: (webhookId: string, since: number) => Promise<FormResult<RecoveredCounts>>
}
