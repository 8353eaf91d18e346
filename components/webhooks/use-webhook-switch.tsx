'use client'

import { useOptimistic, useRef, useState, useTransition } from 'react'
import { done } from '@/lib/form-result'
import type { TurnedOff } from '@/lib/webhooks/turned-off'
import type { WebhookSummary } from '@/lib/webhooks/webhook-queries'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { refusedBy } from '../ui/refused-by'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { QueuedWords } from './queued-words'
import { TurnOnAgain } from './turn-on-again'
import type { WebhookListActions } from './webhook-list-actions'

export type SwitchProps = {
  webhook: Pick<WebhookSummary, 'id' | 'name' | 'enabled'>
  actions: Pick<WebhookListActions, 'countQueued' | 'switchOn' | 'turnOn'>
}

/**
 * Switches a WebHook on or off. Switching off asks first when deliveries are queued, because they are cancelled. Switching
 * on asks first when the hub turned it off. `dialogs`: what it asks, to be rendered.
 */
export function useWebhookSwitch({ webhook: { id, name, enabled }, actions }: SwitchProps) {
  const [on, setOn] = useOptimistic(enabled)
  const [asking, setAsking] = useState<{ open: boolean; queued: number }>()
  const [turnedOff, setTurnedOff] = useState<TurnedOff>()
  const [pending, startTransition] = useTransition()
  /** The hub has not answered the last change. `pending` lasts longer, until the page shows what the hub says now. */
  const unanswered = useRef(false)

  const say = (next: boolean, cancelled: number) =>
    toast.success(next ? `“${name}” is on.` : `“${name}” is off.`, {
      description:
        cancelled > 0
          ? `${cancelled === 1 ? '1 queued call was' : `${cancelled} queued calls were`} cancelled.`
          : undefined,
    })
  /** Each opens a dialog when it has something to ask, and says whether it did. */
  const countQueued = () =>
    actions.countQueued(id).then((queued) => {
      if (queued > 0) setAsking({ open: true, queued })
      return done(queued > 0)
    }, refusedBy)
  const wasTurnedOff = async () =>
    (actions.turnOn?.readTurnedOff(id) ?? Promise.resolve(undefined)).then((off) => {
      if (off) setTurnedOff(off)
      return done(off !== undefined)
    }, refusedBy)
  /** Nothing while the last change is unanswered. A change of mind after that counts, also while the page is fetched. */
  const change = (next: boolean) => {
    if (unanswered.current) return
    unanswered.current = true
    startTransition(async () => {
      setOn(next)
      await apply(next)
      unanswered.current = false
    })
  }
  const apply = async (next: boolean) => {
    const asked = await (next ? wasTurnedOff() : countQueued())
    if (!asked.ok) return toastRefusal(asked)
    if (asked.value) return
    const switched = await actions.switchOn(id, next).catch(refusedBy)
    if (switched.ok) say(next, switched.value.cancelled)
    else toastRefusal(switched)
  }

  const dialogs = (
    <>
      {asking && (
        <ConfirmDialog
          open={asking.open}
          onOpenChange={(open) => setAsking({ ...asking, open })}
          title={`Switch off “${name}”?`}
          confirmLabel="Switch off"
          action={() => actions.switchOn(id, false)}
          onDone={({ cancelled }) => say(false, cancelled)}
        >
          <QueuedWords queued={asking.queued} />
          <p>Events that match while it is off make no call.</p>
        </ConfirmDialog>
      )}
      {turnedOff && actions.turnOn && (
        <TurnOnAgain
          webhook={{ id, name }}
          turnedOff={turnedOff}
          actions={actions.turnOn}
          turnOn={() => actions.switchOn(id, true)}
          onTurnedOn={() => say(true, 0)}
          onClose={() => setTurnedOff(undefined)}
        />
      )}
    </>
  )
  return { on, pending, change, dialogs }
}
