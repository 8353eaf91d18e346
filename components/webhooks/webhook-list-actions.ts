import type { FormResult } from '@/lib/form-result'
import type { TestFireAnswer } from '@/lib/webhooks/test-fire-form'

/** What can be done to a WebHook from the list: the page's server actions. */
export type WebhookListActions = {
  countQueued: (webhookId: string) => Promise<number>
  switchOn: (webhookId: string, enabled: boolean) => Promise<FormResult<{ cancelled: number }>>
  remove: (webhookId: string) => Promise<FormResult<{ cancelled: number }>>
  testFire: (webhookId: string) => Promise<FormResult<TestFireAnswer>>
}
