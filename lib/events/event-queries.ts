import { and, asc, desc, eq, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor, type PageRange } from '../db/fetch-page'
import { endOfSearch, rangeOf, scanLimit } from '../db/history-scan'
import { events } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { sources } from '../db/schema'
import type { EventFilter } from './event-filter'
import type { EventRecord } from './event-record'
import type { EventType } from './event-types'

const pageSize = 50

/** One line of the log of events. */
export type EventLine = {
  id: string
  /** When the hub accepted it, in milliseconds. */
  at: number
  type: EventType
  sourceName: string
  /** The platform's id of what it is about. */
  subjectId: string
  feedbackVersion: number | null
  /** False: history being loaded, nothing was judged. */
  notify: boolean
  /** How many webhooks could have been told, and how many were. */
  judged: number
  matched: number
}

/** A page of the log of events. Its keys are ids of events: `next` leads to older ones. */
export type EventPage = Page<EventLine, string> & {
  /** The moment, in milliseconds, at which the search for events ended before the page was full. */
  searchedTo: number | null
}

/**
 * One page of what came in, newest first. No filter has an index, because every event would pay for it: each page looks
 * at `scanLimit` events and says how far that went.
 */
export async function readEventLog(
  db: Queryable,
  accountId: string,
  { filter, cursor }: { filter: EventFilter; cursor?: PageCursor<string> },
): Promise<EventPage> {
  const page = await fetchPage<EventLine, string>(
    cursor,
    pageSize,
    ({ id }) => id,
    async (range) => {
      const rows = await listEvents(db, accountId, filter, range)
      const { where } = rangeOf(events.id, range)
      const all = rows.length === range.limit || !wanted(filter, events)
      const own = and(eq(events.accountId, accountId), where)
      return { rows, searchedUntil: all ? undefined : await endOfSearch(db, events, own, range.backward) }
    },
  )
  return { ...page, searchedTo: page.searchedUntil === null ? null : timeOfId(page.searchedUntil) }
}

async function listEvents(
  db: Queryable,
  accountId: string,
  filter: EventFilter,
  range: PageRange<string>,
): Promise<EventLine[]> {
  const { where, order } = rangeOf(events.id, range)
  const looked = db
    .select({
      id: events.id,
      type: events.type,
      sourceId: events.sourceId,
      externalId: events.externalId,
      subjectId: events.subjectId,
      feedbackVersion: events.feedbackVersion,
      decisions: events.decisions,
    })
    .from(events)
    .where(and(eq(events.accountId, accountId), where))
    .orderBy(order)
    .limit(scanLimit)
    .as('looked')
  const source = db
    .select({ name: sources.name })
    .from(sources)
    .where(and(eq(sources.accountId, accountId), eq(sources.id, looked.sourceId)))
    .limit(1)
    .as('source')
  const rows = await db
    .select({
      id: looked.id,
      type: sql<EventType>`${looked.type}`,
      sourceName: source.name,
      subjectId: looked.subjectId,
      feedbackVersion: looked.feedbackVersion,
      notify: sql<boolean>`(${looked.decisions} ->> 'notify')::boolean`,
      judged: sql<number>`jsonb_array_length(${looked.decisions} -> 'webhooks')
        + (select coalesce(sum(value::int), 0)::int from jsonb_each_text(${looked.decisions} -> 'others'))`,
      matched: sql<number>`(select count(*)::int from jsonb_array_elements(${looked.decisions} -> 'webhooks') as decision
        where decision ->> 2 = 'matched')`,
    })
    .from(looked)
    .leftJoinLateral(source, sql`true`)
    .where(wanted(filter, looked))
    .orderBy((range.backward ? asc : desc)(looked.id))
    .limit(range.limit)
  return rows.map(({ sourceName, ...row }) => ({ ...row, at: timeOfId(row.id), sourceName: sourceName ?? '' }))
}

type Wanted = Record<'type' | 'sourceId' | 'subjectId' | 'externalId', PgColumn>

function wanted({ type, sourceId, subject }: EventFilter, columns: Wanted): SQL | undefined {
  return and(
    type ? sql`${columns.type} = ${type}` : undefined,
    sourceId ? sql`${columns.sourceId} = ${sourceId}` : undefined,
    subject ? or(sql`${columns.subjectId} = ${subject}`, sql`${columns.externalId} = ${subject}`) : undefined,
  )
}

/**
 * One event whole, with what it says (`record`; null once its customer was erased) and its decisions. Undefined when
 * the account has no such event.
 */
export async function readEvent(db: Queryable, accountId: string, eventId: string) {
  const [row] = await db
    .select({
      id: events.id,
      type: sql<EventType>`${events.type}`,
      externalId: events.externalId,
      sourceId: events.sourceId,
      subjectId: events.subjectId,
      feedbackVersion: events.feedbackVersion,
      data: events.data,
      parts: events.parts,
      decisions: events.decisions,
    })
    .from(events)
    .where(and(eq(events.accountId, accountId), eq(events.id, eventId)))
  if (!row) return undefined
  const record = row.data.startsWith('{') ? (JSON.parse(row.data) as EventRecord) : null
  return { ...row, at: timeOfId(row.id), record }
}
export type KeptEvent = NonNullable<Awaited<ReturnType<typeof readEvent>>>
