'use client'

import { CirclePause, CirclePlay, Power, RotateCcw, Send, Zap } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import { showId } from '@/lib/type-id'
import type { WebhookNow } from '@/lib/webhooks/live-state'
import { Button } from '../../ui/button'
import { Callout } from '../../ui/callout'
import { LinkButton } from '../../ui/link-button'
import { toast } from '../../ui/toast'
import { toastRefusal } from '../../ui/toast-refusal'
import { useAction } from '../../ui/use-action'
import { TestFireOutcome } from '../form/test-fire-outcome'
import { useStoredTestFire } from '../use-stored-test-fire'
import { useWebhookSwitch } from '../use-webhook-switch'
import { HoldDialog } from './hold-dialog'
import { type Position, PositionSwitch } from './position-switch'
import type { StateActions } from './webhook-page-actions'

/** The card around what can be pressed: the switch at the top, the buttons at the bottom. */
export type Frame = (position?: ReactNode, buttons?: ReactNode) => ReactNode

type Props = {
  webhook: { id: string; name: string }
  now: WebhookNow
  actions: StateActions
  frame: Frame
}

/** What an owner or admin can do about the state of a WebHook. */
export function StateControls({ webhook: { id, name }, now: { state }, actions, frame }: Props) {
  const enabled = state.next !== null
  const held = state.kind === 'held'
  const { pending, change, dialogs } = useWebhookSwitch({ webhook: { id, name, enabled }, actions })
  const { fire, pending: firing, answer, problem } = useStoredTestFire(id, actions.testFire)
  const { run, pending: acting } = useAction()
  const [holding, setHolding] = useState(false)

  const act = (action: (id: string) => Promise<FormResult>, said: string) =>
    run(
      () => action(id),
      (result) => (result.ok ? toast.success(said) : toastRefusal(result)),
    )
  const release = () => act(actions.release, `“${name}” is released. What waits goes out, more each second.`)
  const move = (to: Position) => {
    if (to === 'held') setHolding(true)
    else if (to === 'on' && held) release()
    else change(to === 'on')
  }
  const waits = state.waiting.count > state.waiting.underWay
  return (
    <>
      {frame(
        <PositionSwitch
          name={name}
          position={held ? 'held' : enabled ? 'on' : 'off'}
          busy={pending || acting}
          onChange={move}
        />,
        <>
          <div className="flex flex-wrap gap-2">
            {enabled && !held && waits && (
              <Button
                variant={state.kind === 'on' ? 'secondary' : 'primary'}
                icon={<Zap aria-hidden />}
                pending={acting}
                onClick={() => act(actions.tryNow, 'The oldest that waits is called now.')}
              >
                Try now
              </Button>
            )}
            {held && (
              <Button variant="primary" icon={<CirclePlay aria-hidden />} pending={acting} onClick={release}>
                Release
              </Button>
            )}
            {!enabled && (
              <Button variant="primary" icon={<Power aria-hidden />} pending={pending} onClick={() => change(true)}>
                Turn on again
              </Button>
            )}
            <Button icon={<Send aria-hidden />} pending={firing} onClick={fire}>
              Test fire
            </Button>
            {enabled && (
              <Button icon={<CirclePause aria-hidden />} onClick={() => setHolding(true)}>
                {held ? 'Change the hold' : 'Hold'}
              </Button>
            )}
            <LinkButton icon={<RotateCcw aria-hidden />} href={`/settings/recover?webhook=${showId('webhook', id)}`}>
              Recover
            </LinkButton>
          </div>
          <div aria-live="polite" className="flex flex-col gap-3 empty:hidden">
            {problem && (
              <Callout tone="warning" title="Not fired">
                {problem}
              </Callout>
            )}
            {answer && <TestFireOutcome answer={answer} />}
          </div>
        </>,
      )}
      {dialogs}
      {holding && (
        <HoldDialog
          name={name}
          hold={(input) => actions.hold(id, input)}
          onHeld={() => toast.success(`“${name}” is held.`)}
          onClose={() => setHolding(false)}
        />
      )}
    </>
  )
}
