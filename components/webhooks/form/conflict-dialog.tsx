'use client'

import type { Conflict } from '@/lib/webhooks/save-result'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { LocalTime } from '../../ui/local-time'

type Props = {
  conflict: Conflict | undefined
  pending: boolean
  onKeepEditing: () => void
  onLoadTheirs: () => void
  onSaveMine: () => void
}

/** Shown when somebody else saved since the form was opened: what differs, and the choice which of the two to keep. */
export function ConflictDialog({ conflict, pending, onKeepEditing, onLoadTheirs, onSaveMine }: Props) {
  return (
    <Dialog
      open={conflict !== undefined}
      onOpenChange={(open) => !open && onKeepEditing()}
      title="Somebody else changed this WebHook"
      description={
        conflict && (
          <>
            {conflict.by ?? 'Somebody'} saved it <LocalTime at={conflict.at} />, after you opened it. Saving yours would
            undo this:
          </>
        )
      }
      footer={
        <>
          <Button variant="ghost" onClick={onKeepEditing}>
            Keep editing
          </Button>
          <Button onClick={onLoadTheirs}>Load theirs</Button>
          <Button variant="primary" pending={pending} onClick={onSaveMine}>
            Save mine
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-3">
        {conflict?.differences.map(({ label, before, theirs, yours }) => (
          <li key={label} className="flex flex-col gap-1 rounded-card border border-border p-3">
            <p className="font-medium">{label}</p>
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-sm [overflow-wrap:anywhere]">
              <dt className="text-muted">Was</dt>
              <dd>{before}</dd>
              <dt className="text-muted">Theirs</dt>
              <dd>{theirs}</dd>
              <dt className="text-muted">Yours</dt>
              <dd>{yours}</dd>
            </dl>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
