import { useState } from 'react'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { useAction } from '../ui/use-action'
import type { WebhookListActions } from './webhook-list-actions'

/** Test-fires a WebHook as it is saved. Until the call is done, the last outcome is not shown. */
export function useStoredTestFire(webhookId: string, testFire: WebhookListActions['testFire']) {
  const { run, pending } = useAction()
  const [outcome, setOutcome] = useState<{ answer?: TestFireAnswer; problem?: string }>({})
  const fire = () =>
    run(
      () => testFire(webhookId),
      (result) => setOutcome(result.ok ? { answer: result.value } : { problem: result.errors[0]?.message }),
    )
  return { fire, pending, ...(pending ? {} : outcome) }
}
