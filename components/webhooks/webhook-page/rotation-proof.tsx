'use client'

import { Zap } from 'lucide-react'
import { useState } from 'react'
import type { Format } from '@/lib/formats/format'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { Button } from '../../ui/button'
import { Callout } from '../../ui/callout'
import { useAction } from '../../ui/use-action'
import { TestFireOutcome } from '../form/test-fire-outcome'
import { EndOverlap } from './end-overlap'
import type { SecretActions } from './webhook-page-actions'

type Props = {
  name: string
  signatures: Format['signatures']
  /** A test fire with the new secret alone was answered 2xx. */
  proven: boolean
  /** Undefined for a viewer. */
  actions: Pick<SecretActions, 'testNew' | 'endOverlap'> | undefined
}

/** Whether the endpoint is known to accept the new secret: the test that shows it, and then the end of the overlap. */
export function RotationProof({ name, signatures, proven, actions }: Props) {
  const { run, pending } = useAction()
  const [outcome, setOutcome] = useState<{ answer?: TestFireAnswer; problem?: string }>({})
  const test = (testNew: SecretActions['testNew']) =>
    run(
      () => testNew(),
      (result) => setOutcome(result.ok ? { answer: result.value } : { problem: result.errors[0]?.message }),
    )
  const { answer, problem } = pending ? {} : outcome
  return (
    <div className="flex flex-col gap-3">
      {proven ? (
        <Callout tone="success" role="status" title="Your endpoint accepts the new secret">
          It answered 2xx to a test fire signed with the new secret alone. The overlap can end.
        </Callout>
      ) : (
        <Callout tone="warning" title="Not proven yet: does your endpoint know the new secret?">
          {signatures === 'several'
            ? 'Calls carry both signatures, so that a 2xx to them does not show it.'
            : 'Calls are still signed with the present secret, so that a 2xx to them does not show it.'}{' '}
          A test fire signed with the new secret alone does, if your endpoint checks signatures.
        </Callout>
      )}
      {actions && (
        <div className="flex flex-wrap gap-2">
          <Button size="sm" icon={<Zap aria-hidden />} pending={pending} onClick={() => test(actions.testNew)}>
            Test with the new secret
          </Button>
          <EndOverlap name={name} signatures={signatures} proven={proven} endOverlap={actions.endOverlap} />
        </div>
      )}
      {problem && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      {answer && <TestFireOutcome answer={answer} />}
    </div>
  )
}
