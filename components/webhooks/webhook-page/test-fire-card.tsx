'use client'

import { Send } from 'lucide-react'
import { Button } from '../../ui/button'
import { Callout } from '../../ui/callout'
import { Card } from '../../ui/card'
import { TestFireOutcome } from '../form/test-fire-outcome'
import { useStoredTestFire } from '../use-stored-test-fire'
import type { WebhookListActions } from '../webhook-list-actions'

type Props = { webhookId: string; testFire: WebhookListActions['testFire'] }

/** Calls the URL once, as the WebHook is saved, with a sample of the first event it is called for. */
export function TestFireCard({ webhookId, testFire }: Props) {
  const { fire, pending, answer, problem } = useStoredTestFire(webhookId, testFire)
  return (
    <Card
      title="Test fire"
      description="Calls the URL once with a sample. It is logged and changes nothing else."
      action={
        <Button size="sm" icon={<Send aria-hidden />} pending={pending} onClick={fire}>
          Test fire
        </Button>
      }
    >
      <div aria-live="polite" className="-mt-4 flex flex-col gap-3 pt-4 empty:hidden">
        {problem && (
          <Callout tone="warning" title="Not fired">
            {problem}
          </Callout>
        )}
        {answer && <TestFireOutcome answer={answer} />}
      </div>
    </Card>
  )
}
