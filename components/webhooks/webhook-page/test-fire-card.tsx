'use client'

import { Send } from 'lucide-react'
import { useState, useTransition } from 'react'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { Button } from '../../ui/button'
import { Callout } from '../../ui/callout'
import { Card } from '../../ui/card'
import { refusedBy } from '../../ui/refused-by'
import { TestFireOutcome } from '../form/test-fire-outcome'
import type { WebhookListActions } from '../webhook-list-actions'

type Props = { webhookId: string; testFire: WebhookListActions['testFire'] }

/** Calls the URL once, as the WebHook is saved, with a sample of the first event it is called for. */
export function TestFireCard({ webhookId, testFire }: Props) {
  const [pending, startTransition] = useTransition()
  const [answer, setAnswer] = useState<TestFireAnswer>()
  const [problem, setProblem] = useState<string>()
  const fire = () =>
    startTransition(async () => {
      const result = await testFire(webhookId).catch(refusedBy)
      setAnswer(result.ok ? result.value : undefined)
      setProblem(result.ok ? undefined : result.errors[0]?.message)
    })
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
        {problem && !pending && (
          <Callout tone="warning" title="Not fired">
            {problem}
          </Callout>
        )}
        {answer && !pending && <TestFireOutcome answer={answer} />}
      </div>
    </Card>
  )
}
