import type { KeptEvent } from '@/lib/events/event-queries'
import { contentWords, eventTypeWords } from '@/lib/events/event-words'
import type { FeedbackMessages as Found } from '@/lib/feedback/feedback-messages'
import { showId } from '@/lib/type-id'
import { Card } from '../ui/card'
import { LocalTime } from '../ui/local-time'
import { type Column, Table } from '../ui/table'

/** The messages that name a feedback. Each opens its event, with its decisions and calls. */
export function FeedbackMessages({ found: { rows, searchedTo } }: { found: Found }) {
  if (rows.length === 0 && searchedTo === null) return null
  return (
    <Card title="Messages about it" description="Open one to see its decisions and calls." flush>
      {rows.length > 0 ? (
        <Table
          label="Messages about it"
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/settings/events/${showId('event', id)}`}
          columns={columns}
        />
      ) : (
        <p className="p-4 text-muted">No message that was searched names it.</p>
      )}
      {searchedTo !== null && (
        <p className="border-border border-t p-4 text-muted text-sm">
          Searched from its first event to <LocalTime at={searchedTo} show="exact" />. The events have the later ones.
        </p>
      )}
    </Card>
  )
}

const columns: Column<KeptEvent>[] = [
  { header: 'Event', primary: true, narrow: 'title', width: 'w-44', cell: ({ type }) => eventTypeWords[type] },
  { header: 'Date and time', narrow: 'line', width: 'w-50', cell: ({ at }) => <LocalTime at={at} show="exact" /> },
  { header: 'Message', cell: ({ subjectId }) => <span className="font-mono">{subjectId}</span> },
  { header: 'Says', narrow: 'end', cell: ({ record }) => (record ? contentWords(record) : '-') },
]
