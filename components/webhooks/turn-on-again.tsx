'use client'

import { Send } from 'lucide-react'
import { useState, useTransition } from 'react'
import type { TurnedOff } from '@/lib/webhooks/webhook-health'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/checkbox'
import { Dialog } from '../ui/dialog'
import { LocalTime } from '../ui/local-time'
import { TestFireOutcome } from './form/test-fire-outcome'
import { deliveryWords, sayRecovered } from './recover-words'
import { useStoredTestFire } from './use-stored-test-fire'
import type { TurnOnActions } from './webhook-list-actions'

type Props = {
  webhook: { id: string; name: string }
  turnedOff: TurnedOff
  actions: TurnOnActions
  /** Switches it on; false when that failed. */
  turnOn: () => Promise<boolean>
  onClose: () => void
}

/** Asks before a WebHook that the hub turned off is switched on: offers a test fire and the recovery of failed deliveries. */
export function TurnOnAgain({ webhook: { id, name }, turnedOff, actions, turnOn, onClose }: Props) {
  const { reason, since, recoverable } = turnedOff
  const [recovers, setRecovers] = useState(recoverable > 0)
  const [pending, startTransition] = useTransition()
  const confirm = () =>
    startTransition(async () => {
      if ((await turnOn()) && recovers) sayRecovered(await actions.recover(id, since).catch(() => undefined))
      onClose()
    })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !pending && onClose()}
      title={`Turn “${name}” on again?`}
      description={
        <>
          {reason === 'gone'
            ? 'We turned it off because it answered 410 Gone.'
            : 'We turned it off after five days of failure.'}{' '}
          It has failed since <LocalTime at={since} show="exact" />. If its URL changed, edit it first.
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
