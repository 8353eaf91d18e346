'use client'

import type { CallPage } from '@/lib/calls/call-log'
import { logColumns, viewCall } from '../calls/call-columns'
import { Card } from '../ui/card'
import { LinkButton } from '../ui/link-button'
import { LocalTime } from '../ui/local-time'
import { Table } from '../ui/table'

type Props = { page: CallPage /** The feedback's TypeID. */; shownId: string }

/** The calls of a feedback, of all its events and WebHooks. The rest of a long list is in the call log. */
export const FeedbackCalls = ({ page: { rows, next, searchedTo }, shownId }: Props) => (
  <Card
    title="All its calls"
    description="Of every event and WebHook, newest first."
    flush
    action={
      rows.length > 0 && (
        <LinkButton size="sm" href={`/settings/calls?feedback=${shownId}`}>
          Filter them
        </LinkButton>
      )
    }
  >
    {rows.length > 0 ? (
      <Table
        label="All its calls"
        rows={rows}
        rowKey={({ id }) => id}
        columns={logColumns}
        actions={viewCall}
        actionsHeader="Payload"
        actionsWidth="w-24"
      />
    ) : (
      <p className="p-4 text-muted">No WebHook was called for it. The decisions below say why.</p>
    )}
    {next !== null && (
      <p className="border-border border-t p-4 text-muted text-sm">The {rows.length} latest. “Filter them” has all.</p>
    )}
    {searchedTo !== null && (
      <p className="border-border border-t p-4 text-muted text-sm">
        It has very many events. The calls are those of its events since <LocalTime at={searchedTo} show="exact" />.
      </p>
    )}
  </Card>
)
