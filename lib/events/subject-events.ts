import { and, desc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { rangeOf, scanLimit, type TimeRange } from '../db/history-scan'
import { events } from '../db/history-schema'
import { ingestKeys } from '../db/schema'
import { isStorable } from '../plain-text'

/** `feedbackOnly`: a message or declined survey of the same id is left out. */
type Wanted = { atMost: number; feedbackOnly?: boolean }

/**
 * The ids of the events about one feedback, declined survey or message, by the platform's id of it. Their index has no
 * order, so all are read: undefined when there are more than `atMost`.
 */
export async function eventIdsOfSubject(
  db: Queryable,
  accountId: string,
  subject: string,
  { atMost, feedbackOnly, ...range }: TimeRange & Wanted,
): Promise<string[] | undefined> {
  if (!isStorable(subject)) return []
  // Without the limit inside, the planner might walk the key, which has an order and every event of the account.
  const own = db
    .select({ id: events.id })
    .from(events)
    .where(
      and(
        eq(events.accountId, accountId),
        eq(events.subjectId, subject),
        feedbackOnly ? sql`${events.type} ^@ 'feedback.'` : undefined,
        rangeOf(events.id, { ...none, ...range }).where,
      ),
    )
    .limit(atMost + 1)
    .as('own')
  const rows = await db.select({ id: own.id }).from(own).orderBy(desc(own.id))
  return rows.length > atMost ? undefined : rows.map(({ id }) => id)
}

const none = { from: undefined, backward: false }

/** The latest of them, newest first, `atMost` at most. Of a subject with very many events, those of the latest ones. */
export async function latestEventIds(
  db: Queryable,
  accountId: string,
  subject: string,
  { atMost, feedbackOnly }: Wanted,
): Promise<string[]> {
  const all = await eventIdsOfSubject(db, accountId, subject, { atMost: scanLimit, feedbackOnly })
  if (all) return all.slice(0, atMost)
  const latest = db
    .select({ id: events.id, subjectId: events.subjectId })
    .from(events)
    .where(and(eq(events.accountId, accountId), rangeOf(events.id, none).where))
    .orderBy(desc(events.id))
    .limit(scanLimit)
    .as('latest')
  const rows = await db.select({ id: latest.id }).from(latest).where(eq(latest.subjectId, subject)).limit(atMost)
  return rows.map(({ id }) => id)
}

/** The id of the event that has this id at the platform. Undefined: no kept event has. */
export async function eventIdOfKey(db: Queryable, accountId: string, key: string): Promise<string | undefined> {
  if (!isStorable(key)) return undefined
  const [row] = await db
    .select({ id: ingestKeys.eventId })
    .from(ingestKeys)
    .where(and(eq(ingestKeys.accountId, accountId), eq(ingestKeys.key, key)))
  return row?.id
}
