'use client'

import { Send } from 'lucide-react'
import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import type { TurnedOff } from '@/lib/webhooks/turned-off'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/checkbox'
import { Dialog } from '../ui/dialog'
import { LocalTime } from '../ui/local-time'
import { refusedBy } from '../ui/refused-by'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { TestFireOutcome } from './form/test-fire-outcome'
import { deliveryWords, sayRecovered } from './recover-words'
import { useStoredTestFire } from './use-stored-test-fire'
import type { TurnOnActions } from './webhook-list-actions'

type Props = {
  webhook: { id: string; name: string }
  turnedOff: TurnedOff
  actions: TurnOnActions
  turnOn: () => Promise<FormResult<unknown>>
  onTurnedOn: () => void
  onClose: () => void
}

const turnedOffWords = {
  gone: 'We turned it off because it answered 410 Gone.',
  asked: 'We turned it off because its endpoint asked for it (webhook-delivery: disable).',
  failing: 'We turned it off after five days of failure.',
}

/** Asks before a WebHook that the hub turned off is switched on: offers a test fire and the recovery of failed deliveries. */
export function TurnOnAgain({ webhook: { id, name }, turnedOff, actions, turnOn, onTurnedOn, onClose }: Props) {
  const { reason, since, recoverable } = turnedOff
  const [recovers, setRecovers] = useState(recoverable > 0)
  const { run, pending } = useAction()
  const recover = async () => {
    const recovered = await actions.recover(id, since).catch(refusedBy)
    if (recovered.ok) sayRecovered(recovered.value)
    else toastRefusal(recovered, { title: 'Not everything was recovered.' })
  }
  const confirm = () =>
    run(turnOn, async (turned) => {
      if (!turned.ok) return toastRefusal(turned)
      onTurnedOn()
      if (recovers) await recover()
      onClose()
    })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !pending && onClose()}
      title={`Turn “${name}” on again?`}
      description={
        <>
          {turnedOffWords[reason]}{' '}
          {reason !== 'asked' && (
            <>
              It has failed since <LocalTime at={since} show="exact" />.{' '}
            </>
          )}
          If its URL changed, edit it first.
        </>
      }
      footer={
        <>
          <Button disabled={pending} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" pending={pending} onClick={confirm}>
            {recovers ? `Turn on and recover ${recoverable.toLocaleString('en')}` : 'Turn on'}
          </Button>
        </>
      }
    >
      <TestFireFirst webhookId={id} testFire={actions.testFire} />
      {recoverable > 0 ? (
        <Checkbox
          label={`Recover ${deliveryWords(recoverable)} that failed since`}
          help="Each goes out again as it was, with the key in force now and a fresh round of retries."
          checked={recovers}
          onChange={({ target }) => setRecovers(target.checked)}
        />
      ) : (
        <p className="text-muted text-sm">No delivery that failed since is left to recover.</p>
      )}
    </Dialog>
  )
}

function TestFireFirst({ webhookId, testFire }: { webhookId: string; testFire: TurnOnActions['testFire'] }) {
  const { fire, pending, answer, problem } = useStoredTestFire(webhookId, testFire)
  return (
    <>
      <Button icon={<Send aria-hidden />} pending={pending} onClick={fire} className="self-start">
        Test fire
      </Button>
      <div aria-live="polite" className="flex flex-col gap-3 empty:hidden">
        {problem && <p className="text-warning">Not fired: {problem}</p>}
        {answer && <TestFireOutcome answer={answer} />}
      </div>
    </>
  )
}
