import type { KeptEvent } from '@/lib/events/event-queries'
import { contentWords, partsWords, subjectWords } from '@/lib/events/event-words'
import { showId } from '@/lib/type-id'
import { Fact, Facts } from '../ui/facts'
import { Link } from '../ui/link'
import { LocalTime } from '../ui/local-time'

/** The facts of an event: when it came in, what it says, its source and its ids. */
export function EventFacts({ event }: { event: KeptEvent }) {
  const { record, parts } = event
  const content = record ? contentWords(record) : ''
  const brought = partsWords(parts)
  return (
    <Facts>
      <Fact term="Came in">
        <LocalTime at={event.at} show="both" />
      </Fact>
      {record && record.occurredAt !== record.triggeredAt && (
        <Fact term="Happened">
          <LocalTime at={record.occurredAt} show="exact" />
        </Fact>
      )}
      {content && <Fact term="What it says">{content}</Fact>}
      {brought && <Fact term="New in it">{brought}</Fact>}
      {record && (
        <Fact term="Source">
          <Link
            href={`/settings/events?source=${showId('source', event.sourceId)}`}
            className="text-accent-text underline"
          >
            {record.source.name}
          </Link>
        </Fact>
      )}
      <Fact term={subjectWords(event.type)}>
        <Link
          href={
            event.feedbackId
              ? `/settings/feedback/${showId('feedback', event.feedbackId)}`
              : `/settings/events?${new URLSearchParams({ subject: event.subjectId })}`
          }
          className="font-mono text-accent-text text-sm underline"
        >
          {event.subjectId}
        </Link>
        {event.feedbackVersion !== null && <span className="text-muted"> · version {event.feedbackVersion}</span>}
      </Fact>
      {event.externalId && (
        <Fact term="Id at the platform">
          <span className="font-mono text-sm">{event.externalId}</span>
        </Fact>
      )}
    </Facts>
  )
}
