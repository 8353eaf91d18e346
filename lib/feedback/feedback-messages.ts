import { and, asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { endOfSearch, rangeOf, scanLimit } from '../db/history-scan'
import { events } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { type KeptEvent, readEvents } from '../events/event-queries'
import { eventIdsOfSubject } from '../events/subject-events'
import type { StoredFeedback } from './read-feedback'

const messagesAtMost = 20

/**
 * The first 20 events of messages that name a feedback as theirs, newest first. `searchedTo`: Unix milliseconds of the last
 * event searched, when the search ended before the newest event; else null.
 */
export type FeedbackMessages = { rows: KeptEvent[]; searchedTo: number | null }

/**
 * Finds the messages of a feedback among the events that came after its first one. What a message names has no index,
 * because every insert would pay for it: `scanLimit` events are read, oldest first, and the answer says where that ended.
 */
export async function readFeedbackMessages(
  db: Queryable,
  accountId: string,
  { externalId, createdAt }: Pick<StoredFeedback, 'externalId' | 'createdAt'>,
): Promise<FeedbackMessages> {
  const first = (await eventIdsOfSubject(db, accountId, externalId, { atMost: scanLimit, feedbackOnly: true }))?.at(-1)
  const range = { from: first, backward: true, since: first === undefined ? createdAt.getTime() : undefined }
  const { where, order } = rangeOf(events.id, range)
  const own = and(eq(events.accountId, accountId), where)
  const scanned = db
    .select({ id: events.id, type: events.type, data: events.data })
    .from(events)
    .where(own)
    .orderBy(order)
    .limit(scanLimit)
    .as('scanned')
  // The data of an erased customer is no JSON. The text is looked at first: most messages name another feedback.
  const names = sql`case when ${scanned.type} ^@ 'message.' and ${scanned.data} ^@ '{'
    and strpos(${scanned.data}, ${JSON.stringify(externalId)}) > 0
    then ${scanned.data}::json #>> '{message,feedbackId}' end = ${externalId}`
  const [found, searchEnd] = await Promise.all([
    db
      .select({ id: scanned.id })
      .from(scanned)
      .where(names)
      .orderBy(asc(scanned.id))
      .limit(messagesAtMost + 1),
    endOfSearch(db, events, own, { backward: true, limit: scanLimit }),
  ])
  const ids = found.slice(0, messagesAtMost).map(({ id }) => id)
  const end = found.length > messagesAtMost ? ids.at(-1) : searchEnd
  return { rows: await readEvents(db, accountId, ids), searchedTo: end === undefined ? null : timeOfId(end) }
}
