import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { deliveries } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { deliveryIdsOfEvent } from '../events/event-deliveries'
import { readEvents } from '../events/event-queries'
import { latestEventIds } from '../events/subject-events'
import { feedbackName } from '../feedback/feedback-name'
import type { CallFilter } from './call-filter'

/** The calls of one delivery, event or feedback are found by their deliveries. */
export type NamedDeliveries = {
  ids: string[]
  /** Of a feedback with more events: the time of the earliest event that was looked at, in Unix milliseconds. Else null. */
  searchedTo: number | null
}

/** An event of more webhooks, and a feedback with more events, is not searched whole. */
const deliveriesAtMost = 1_000
const eventsAtMost = 100

/** The deliveries that a filter names; undefined when it names no delivery, event or feedback. */
export async function namedDeliveries(
  db: Queryable,
  accountId: string,
  { deliveryId, eventId, feedback }: CallFilter,
): Promise<NamedDeliveries | undefined> {
  if (deliveryId !== undefined) {
    const ofEvents = await deliveriesOf(db, accountId, { eventId, feedback })
    if (ofEvents) return { ...ofEvents, ids: ofEvents.ids.filter((id) => id === deliveryId) }
    const [known] = await db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(eq(deliveries.accountId, accountId), eq(deliveries.id, deliveryId)))
    return { ids: known ? [known.id] : [], searchedTo: null }
  }
  return deliveriesOf(db, accountId, { eventId, feedback })
}

async function deliveriesOf(
  db: Queryable,
  accountId: string,
  { eventId, feedback }: Pick<CallFilter, 'eventId' | 'feedback'>,
): Promise<NamedDeliveries | undefined> {
  if (eventId === undefined && feedback === undefined) return undefined
  const named = feedback === undefined ? undefined : await eventsOfFeedback(db, accountId, feedback)
  const eventIds = eventId === undefined ? (named?.ids ?? []) : named && !named.ids.includes(eventId) ? [] : [eventId]
  const found: string[] = []
  for (const event of await readEvents(db, accountId, eventIds)) {
    found.push(...(await deliveryIdsOfEvent(db, accountId, event)))
    if (found.length >= deliveriesAtMost) return { ids: found.slice(0, deliveriesAtMost), searchedTo: event.at }
  }
  return { ids: found, searchedTo: named?.searchedTo ?? null }
}

async function eventsOfFeedback(db: Queryable, accountId: string, feedback: string) {
  const subject = await feedbackName(db, accountId, feedback)
  const ids = subject === undefined ? [] : await latestEventIds(db, accountId, subject, { atMost: eventsAtMost })
  const last = ids.at(-1)
  return { ids, searchedTo: ids.length === eventsAtMost && last ? timeOfId(last) : null }
}
