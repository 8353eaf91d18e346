'use client'

import { useOptimistic, useState, useTransition } from 'react'
import type { TurnedOff } from '@/lib/webhooks/webhook-health'
import type { WebhookSummary } from '@/lib/webhooks/webhook-queries'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { Switch } from '../ui/switch'
import { toast } from '../ui/toast'
import { QueuedWords } from './queued-words'
import { TurnOnAgain } from './turn-on-again'
import type { WebhookListActions } from './webhook-list-actions'

type Props = {
  webhook: Pick<WebhookSummary, 'id' | 'name' | 'enabled'>
  actions: Pick<WebhookListActions, 'countQueued' | 'switchOn' | 'turnOn'>
}

/**
 * Switches a WebHook on or off. Switching off asks first when deliveries are queued, because they are cancelled. Switching
 * on asks first when the hub turned it off.
 */
export function WebhookSwitch({ webhook: { id, name, enabled }, actions }: Props) {
  const [on, setOn] = useOptimistic(enabled)
  const [asking, setAsking] = useState<number>()
  const [turnedOff, setTurnedOff] = useState<TurnedOff>()
  const [pending, startTransition] = useTransition()

  const switchTo = async (next: boolean) => {
    const result = await actions.switchOn(id, next)
    if (!result.ok) {
      toast.error(result.errors[0]?.message)
      return false
    }
    const { cancelled } = result.value
    toast.success(next ? `“${name}” is on.` : `“${name}” is off.`, {
      description:
        cancelled > 0
          ? `${cancelled === 1 ? '1 queued call was' : `${cancelled} queued calls were`} cancelled.`
          : undefined,
    })
    return true
  }
  const change = (next: boolean) =>
    startTransition(async () => {
      setOn(next)
      const queued = next ? 0 : await actions.countQueued(id)
      const off = next ? await actions.turnOn?.readTurnedOff(id) : undefined
      if (queued > 0) setAsking(queued)
      else if (off) setTurnedOff(off)
      else await switchTo(next)
    })

  return (
    <>
      <Switch
        bare
        label={`${name} is on`}
        checked={on}
        aria-busy={pending}
        onChange={({ target }) => !pending && change(target.checked)}
      />
      <ConfirmDialog
        open={asking !== undefined}
        onOpenChange={(open) => !open && setAsking(undefined)}
        title={`Switch off “${name}”?`}
        confirmLabel="Switch off"
        onConfirm={async () => void (await switchTo(false))}
      >
        <QueuedWords queued={asking ?? 0} />
        <p>Events that match while it is off make no call.</p>
      </ConfirmDialog>
      {turnedOff && actions.turnOn && (
        <TurnOnAgain
          webhook={{ id, name }}
          turnedOff={turnedOff}
          actions={actions.turnOn}
          turnOn={() => switchTo(true)}
          onClose={() => setTurnedOff(undefined)}
        />
      )}
    </>
  )
}
