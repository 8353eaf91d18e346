import { and, asc, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor, type PageRange } from '../db/fetch-page'
import { endOfSearch, rangeOf, scanLimit, type TimeRange } from '../db/history-scan'
import { eventDecisions, events } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { sources } from '../db/schema'
import { isStorable } from '../plain-text'
import type { EventFilter } from './event-filter'
import type { EventRecord } from './event-record'
import type { EventType } from './event-types'
import { countMatched, hasMatched, readStoredDecisions } from './stored-decisions'
import { eventIdOfKey, eventIdsOfSubject } from './subject-events'

const pageSize = 50

/** One line of the event log. */
export type EventLine = {
  id: string
  /** When the hub accepted it, in Unix milliseconds. */
  at: number
  type: EventType
  sourceName: string
  /** The platform's id of the event, if it gave one. */
  externalId: string | null
  /** The platform's id of the feedback or message. */
  subjectId: string
  /** Our id of the feedback; null where the event is about none. */
  feedbackId: string | null
  feedbackVersion: number | null
  /** False: history was being loaded, so no webhook was judged. */
  notify: boolean
  /** How many webhooks were judged, and how many of them matched. */
  judged: number
  matched: number
}

/** A page of the event log. Its cursors are event ids: `next` leads to older events. */
export type EventPage = Page<EventLine, string> & {
  /**
   * Unix milliseconds of the last event searched, when the scan limit was reached before the page was full; else null.
   */
  searchedTo: number | null
}

/**
 * One page of the event log, newest first. The id of a feedback, declined survey, message or event is found by an index.
 * No other filter has one, because every insert would pay for it: a page reads at most `scanLimit` events and reports
 * where the search ended.
 */
export async function readEventLog(
  db: Queryable,
  accountId: string,
  { filter, cursor, size = pageSize }: { filter: EventFilter; cursor?: PageCursor<string>; size?: number },
): Promise<EventPage> {
  const named = filter.subject === undefined ? undefined : await eventIdsOf(db, accountId, filter.subject, filter)
  const page = await fetchPage<EventLine, string>(
    cursor,
    size,
    ({ id }) => id,
    async (range) => {
      const rows = await listEvents(db, accountId, { filter, range, named })
      const { where } = rangeOf(events.id, { ...filter, ...range })
      const all =
        rows.length === range.limit || named || !wanted(accountId, filter, { ...events, decisions: eventDecisions })
      const own = and(eq(events.accountId, accountId), where)
      if (all) return { rows }
      return {
        rows,
        searchedUntil: await endOfSearch(db, events, own, { backward: range.backward, limit: scanLimit }),
      }
    },
  )
  return { ...page, searchedTo: page.searchedUntil === null ? null : timeOfId(page.searchedUntil) }
}

/** The events that a platform's id names. Undefined: they are so many that a search finds them soon. */
async function eventIdsOf(db: Queryable, accountId: string, id: string, range: TimeRange) {
  const [ofSubject, ofKey] = await Promise.all([
    eventIdsOfSubject(db, accountId, id, { ...range, atMost: scanLimit }),
    eventIdOfKey(db, accountId, id),
  ])
  return ofSubject && [...new Set(ofKey === undefined ? ofSubject : [...ofSubject, ofKey])]
}

type Wanted = { filter: EventFilter; range: PageRange<string>; named: string[] | undefined }

async function listEvents(db: Queryable, accountId: string, { filter, range, named }: Wanted): Promise<EventLine[]> {
  const { where, order } = rangeOf(events.id, { ...filter, ...range })
  const scanned = db
    .select({
      id: events.id,
      type: events.type,
      sourceId: events.sourceId,
      externalId: events.externalId,
      subjectId: events.subjectId,
      feedbackId: events.feedbackId,
      feedbackVersion: events.feedbackVersion,
      decisions: eventDecisions.as('decisions'),
    })
    .from(events)
    .where(and(eq(events.accountId, accountId), where, named && inArray(events.id, named)))
    .orderBy(order)
    .limit(scanLimit)
    .as('scanned')
  const source = db
    .select({ name: sources.name })
    .from(sources)
    .where(and(eq(sources.accountId, accountId), eq(sources.id, scanned.sourceId)))
    .limit(1)
    .as('source')
  const rows = await db
    .select({
      id: scanned.id,
      type: sql<EventType>`${scanned.type}`,
      sourceName: source.name,
      externalId: scanned.externalId,
      subjectId: scanned.subjectId,
      feedbackId: scanned.feedbackId,
      feedbackVersion: scanned.feedbackVersion,
      notify: sql<boolean>`(${scanned.decisions} ->> 'notify')::boolean`,
      judged: sql<number>`json_array_length(${scanned.decisions} -> 'webhooks')
        + (select coalesce(sum(value::int), 0)::int from json_each_text(${scanned.decisions} -> 'others'))`,
      matched: countMatched(scanned.decisions),
    })
    .from(scanned)
    .leftJoinLateral(source, sql`true`)
    .where(wanted(accountId, filter, scanned))
    .orderBy((range.backward ? asc : desc)(scanned.id))
    .limit(range.limit)
  return rows.map(({ sourceName, ...row }) => ({ ...row, at: timeOfId(row.id), sourceName: sourceName ?? '' }))
}

type Tested = Record<'type' | 'sourceId' | 'subjectId' | 'externalId', PgColumn> & { decisions: SQL.Aliased | SQL }

function wanted(accountId: string, filter: EventFilter, columns: Tested): SQL | undefined {
  const { type, sourceId, webhookId, subject } = filter
  return and(
    type ? sql`${columns.type} = ${type}` : undefined,
    sourceId ? sql`${columns.sourceId} = ${sourceId}` : undefined,
    webhookId ? hasFired(accountId, webhookId, columns) : undefined,
    subject ? hasId(subject, columns) : undefined,
  )
}

const hasFired = (accountId: string, webhookId: string, { decisions }: Tested): SQL =>
  hasMatched(decisions, sql`(select number from webhooks where account_id = ${accountId} and id = ${webhookId})`)

const hasId = (id: string, { subjectId, externalId }: Tested): SQL | undefined =>
  isStorable(id) ? or(sql`${subjectId} = ${id}`, sql`${externalId} = ${id}`) : sql`false`

/**
 * One event with its record (null once its customer was erased) and its decisions. Undefined when the account has no
 * such event.
 */
export async function readEvent(db: Queryable, accountId: string, eventId: string): Promise<KeptEvent | undefined> {
  const [event] = await readEvents(db, accountId, [eventId])
  return event
}

/** Those of these events that the account has, newest first. */
export async function readEvents(db: Queryable, accountId: string, eventIds: string[]) {
  if (eventIds.length === 0) return []
  const rows = await db
    .select({
      id: events.id,
      type: sql<EventType>`${events.type}`,
      externalId: events.externalId,
      sourceId: events.sourceId,
      feedbackId: events.feedbackId,
      subjectId: events.subjectId,
      feedbackVersion: events.feedbackVersion,
      data: events.data,
      parts: events.parts,
      decisions: eventDecisions,
    })
    .from(events)
    .where(and(eq(events.accountId, accountId), inArray(events.id, eventIds)))
    .orderBy(desc(events.id))
  return rows.map((row) => ({
    ...row,
    at: timeOfId(row.id),
    decisions: readStoredDecisions(row.decisions),
    record: row.data.startsWith('{') ? (JSON.parse(row.data) as EventRecord) : null,
  }))
}
export type KeptEvent = Awaited<ReturnType<typeof readEvents>>[number]
