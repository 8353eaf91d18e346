'use client'

import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import type { SourceChoice } from '@/lib/sources/source-queries'
import type { ListeningWebhook } from '@/lib/sources/webhook-sources'
import { Button } from '../ui/button'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'

export type ArchiveActions = {
  /** The WebHooks that are linked to it. */
  listeners: (sourceId: string) => Promise<ListeningWebhook[]>
  archive: (sourceId: string, archived: boolean) => Promise<FormResult>
}

type Props = { source: Pick<SourceChoice, 'id' | 'name' | 'archived'>; actions: ArchiveActions }

/** Archives a source after a question, with Undo in the toast; restores an archived one at once. */
export function ArchiveSource({ source: { id, name, archived }, actions }: Props) {
  const [asking, setAsking] = useState(false)
  const [listening, setListening] = useState<ListeningWebhook[]>()
  const ask = () => {
    setAsking(true)
    setListening(undefined)
    void actions.listeners(id).then(setListening, () => setListening(undefined))
  }
  const { run, pending } = useAction()
  const restore = () =>
    run(
      () => actions.archive(id, false),
      (result) => {
        if (result.ok) toast.success(`“${name}” is in use again.`)
        else toastRefusal(result)
      },
    )
  if (archived)
    return (
      <Button size="sm" pending={pending} onClick={restore}>
        Bring back<span className="sr-only"> {name}</span>
      </Button>
    )
  return (
    <>
      <Button size="sm" onClick={ask}>
        Archive<span className="sr-only"> {name}</span>
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Archive “${name}”?`}
        confirmLabel="Archive"
        tone="primary"
        action={() => actions.archive(id, true)}
        onDone={() => toast.success(`“${name}” is archived.`, { action: { label: 'Undo', onClick: restore } })}
      >
        <p>It is no longer offered to WebHooks. Its feedback stays, and it comes back when an event names it.</p>
        <ListeningWords listening={listening} />
      </ConfirmDialog>
    </>
  )
}

/** Which WebHooks are left with nothing to match. */
function ListeningWords({ listening }: { listening: ListeningWebhook[] | undefined }) {
  if (!listening) return <p>Looking which WebHooks listen to it…</p>
  const only = listening.filter((webhook) => webhook.only).map(({ name }) => `“${name}”`)
  if (only.length === 0) return <p>No WebHook listens to it alone.</p>
  const named = only.length > 3 ? `${only.slice(0, 3).join(', ')} and ${only.length - 3} more` : only.join(', ')
  return (
    <p>
      <strong className="font-medium text-text">{named}</strong> {only.length === 1 ? 'listens' : 'listen'} to no other
      source in use: nothing matches {only.length === 1 ? 'it' : 'them'} until this one is back.
    </p>
  )
}
