import { contentWords, eventTypeWords, partsWords } from '@/lib/events/event-words'
import type { FeedbackEvent, FeedbackEventPage } from '@/lib/feedback/feedback-events'
import { showId } from '@/lib/type-id'
import { DecisionTable } from '../events/decision-table'
import { Card } from '../ui/card'
import { Link } from '../ui/link'
import { LocalTime } from '../ui/local-time'
import { Pagination } from '../ui/pagination'

type Props = { page: FeedbackEventPage /** The address of the feedback's page. */; address: string }

/** The events of a feedback, newest first: what each brought, and why each WebHook did or did not fire. */
export function FeedbackEvents({ page: { rows, previous, next }, address }: Props) {
  const pageHref = (name: 'before' | 'after', id: string | null) =>
    id === null ? undefined : `${address}?${name}=${showId('event', id)}`
  return (
    <>
      {rows.length === 0 && (
        <Card title="Its events">
          <p className="text-muted">None of its events is as young as the history that this hub keeps.</p>
        </Card>
      )}
      {rows.map((row) => (
        <EventCard key={row.event.id} of={row} />
      ))}
      {(previous !== null || next !== null) && (
        <Card flush>
          <Pagination
            previous={pageHref('before', previous)}
            next={pageHref('after', next)}
            labels={{ previous: 'Newer events', next: 'Older events' }}
          />
        </Card>
      )}
    </>
  )
}

function EventCard({ of: { event, decisions } }: { of: FeedbackEvent }) {
  const { id, type, at, feedbackVersion, record, parts } = event
  const href = `/settings/events/${showId('event', id)}`
  const says = record ? contentWords(record) : 'The customer’s data was erased'
  const brought = partsWords(parts)
  const version = feedbackVersion === null ? '' : `, version ${feedbackVersion}`
  return (
    <Card
      title={
        <Link href={href} className="hover:underline">
          {eventTypeWords[type]}
          {version}
        </Link>
      }
      description={
        <>
          <LocalTime at={at} show="both" />
          {says && ` · ${says}`}
          {brought && ` · ${brought}`}
        </>
      }
      flush
    >
      {decisions.rows.length > 0 ? (
        <DecisionTable lines={decisions.rows} />
      ) : (
        <p className="p-4 text-muted">
          {event.decisions.notify
            ? 'The account had no WebHook when it came in, and has none now.'
            : 'History was being loaded: it came with “notify”: false.'}
        </p>
      )}
      {decisions.next !== null && (
        <p className="border-border border-t p-4">
          <Link href={href} className="text-accent-text underline">
            All {decisions.total.toLocaleString('en')} decisions
          </Link>
        </p>
      )}
    </Card>
  )
}
