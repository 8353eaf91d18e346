'use client'

import { Inbox, SearchX } from 'lucide-react'
import { type EventFilter, eventFilterQuery, isFiltered } from '@/lib/events/event-filter'
import type { EventLine, EventPage } from '@/lib/events/event-queries'
import { eventTypeWords } from '@/lib/events/event-words'
import { showId } from '@/lib/type-id'
import { Card } from '../ui/card'
import { EmptyState } from '../ui/empty-state'
import { LinkButton } from '../ui/link-button'
import { LocalTime } from '../ui/local-time'
import { Pagination } from '../ui/pagination'
import { type Column, Table } from '../ui/table'

type Props = { page: EventPage; filter: EventFilter }

/** One page of the event log. Each line opens the event with its decisions. */
export function EventLog({ page, filter }: Props) {
  const { rows, previous, next, searchedTo } = page
  const query = eventFilterQuery(filter)
  const pageHref = (name: 'before' | 'after', id: string | null) =>
    id === null ? undefined : `/settings/events?${query && `${query}&`}${name}=${showId('event', id)}`
  return (
    <Card title="Events" description="Newest first." flush>
      {rows.length > 0 ? (
        <Table
          label="Events"
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/settings/events/${showId('event', id)}`}
          columns={columns}
        />
      ) : (
        <NoEvents filtered={isFiltered(filter) || previous !== null} searching={searchedTo !== null} />
      )}
      {(previous !== null || next !== null) && (
        <Pagination
          previous={pageHref('before', previous)}
          next={pageHref('after', next)}
          labels={{ previous: 'Newer', next: 'Older' }}
        >
          {searchedTo !== null && (
            <>
              Searched back to <LocalTime at={searchedTo} show="exact" />
            </>
          )}
        </Pagination>
      )}
    </Card>
  )
}

const columns: Column<EventLine>[] = [
  { header: 'Event', primary: true, narrow: 'title', width: 'w-44', cell: ({ type }) => eventTypeWords[type] },
  { header: 'Date and time', narrow: 'line', width: 'w-50', cell: ({ at }) => <LocalTime at={at} show="exact" /> },
  { header: 'Source', cell: ({ sourceName }) => sourceName },
  {
    header: 'Feedback or message',
    narrow: 'end',
    cell: ({ subjectId }) => <span className="font-mono">{subjectId}</span>,
  },
  { header: 'Version', width: 'w-20', align: 'right', cell: ({ feedbackVersion }) => feedbackVersion ?? '-' },
  { header: 'Fired', narrow: 'aside', width: 'w-38', cell: (event) => firedWords(event) },
]

function firedWords({ notify, judged, matched }: EventLine): string {
  if (!notify) return 'Not judged: history'
  if (judged === 0) return 'No WebHook'
  return `${matched.toLocaleString('en')} of ${judged.toLocaleString('en')} ${judged === 1 ? 'WebHook' : 'WebHooks'}`
}

function NoEvents({ filtered, searching }: { filtered: boolean; searching: boolean }) {
  if (!filtered)
    return (
      <EmptyState
        icon={<Inbox />}
        title="No event has come in yet"
        action={<LinkButton href="/settings/api">See how events are posted</LinkButton>}
      >
        Each event that your feedback platform posts to this hub is listed here, with the reason why each WebHook did or
        did not fire.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<SearchX />}
      title={searching ? 'No event found so far' : 'No event matches'}
      action={<LinkButton href="/settings/events">Show all events</LinkButton>}
    >
      {searching
        ? 'No event searched so far matches. An older one may.'
        : 'No event that this hub still keeps matches these filters.'}
    </EmptyState>
  )
}
