'use client'

import { useEffect, useState } from 'react'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { toast } from '../ui/toast'
import { QueuedWords } from './queued-words'
import type { WebhookListActions } from './webhook-list-actions'

type Props = {
  id: string
  name: string
  actions: Pick<WebhookListActions, 'countQueued' | 'remove'>
  onClose: () => void
}

/** Asks before a WebHook is deleted, and says how many queued calls end with it. */
export function DeleteWebhook({ id, name, actions, onClose }: Props) {
  const [queued, setQueued] = useState<number | 'unknown'>()
  useEffect(() => {
    let open = true
    actions.countQueued(id).then(
      (count) => open && setQueued(count),
      () => open && setQueued('unknown'),
    )
    return () => {
      open = false
    }
  }, [id, actions.countQueued])
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete “${name}”?`}
      confirmLabel="Delete"
      action={() => actions.remove(id)}
      onDone={() => toast.success(`“${name}” was deleted.`)}
    >
      {queued !== 'unknown' && <QueuedWords queued={queued} />}
      <p>Its past calls stay in the log, with the name and URL they had. This can’t be undone.</p>
    </ConfirmDialog>
  )
}
