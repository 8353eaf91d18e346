import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { type DeliveryState, readDeliveryStates } from '../calls/delivery-states'
import type { Queryable } from '../db/client'
import { deliveries, events } from '../db/history-schema'
import { floorId, timeOfId } from '../db/ids'
import { lateDeliveries } from '../db/schema'
import type { KeptEvent } from './event-queries'
import type { EventType } from './event-types'

/** Delivery ids are made in the transaction that accepts the event, shortly after its `triggeredAt`. */
const madeWithinMs = 10_000
/** An erased event has only the time in its id, which is made before the transaction waits for its locks. */
const erasedWithinMs = 60_000

/** A late delivery was made after the event was accepted: of what was missed, or by a replay. */
export type Late = 'missed' | 'replay'

/** A delivery of an event and its state. */
export type EventDelivery = DeliveryState & {
  deliveryId: string
  late: Late | null
  /** When it was made, in Unix milliseconds. */
  madeAt: number
}

type Found = { deliveryId: string; webhookId: string; late: Late | null }

/** Of an event that was replayed again and again, the latest are shown. */
const lateAtMost = 200

/** The deliveries of an event to the webhooks `webhookIds`, by webhook id, oldest first. */
export async function readEventDeliveries(
  db: Queryable,
  accountId: string,
  event: KeptEvent,
  webhookIds: readonly string[],
): Promise<Map<string, EventDelivery[]>> {
  if (webhookIds.length === 0) return new Map()
  const [first, late] = await Promise.all([
    firstDeliveries(db, accountId, event),
    lateOnes(db, accountId, event.id, webhookIds),
  ])
  const own = [...first.filter(({ webhookId }) => webhookIds.includes(webhookId)), ...late]
  const states = await readDeliveryStates(
    db,
    accountId,
    own.map(({ deliveryId }) => deliveryId),
  )
  const found = new Map<string, EventDelivery[]>()
  for (const { webhookId, ...delivery } of own) {
    const all = found.get(webhookId) ?? []
    found.set(webhookId, all)
    const state = states.get(delivery.deliveryId) as DeliveryState
    all.push({ ...delivery, ...state, madeAt: timeOfId(delivery.deliveryId) })
  }
  return found
}

/** The ids of all deliveries of an event: those made when it was accepted, and the latest of those made later. */
export async function deliveryIdsOfEvent(db: Queryable, accountId: string, event: KeptEvent): Promise<string[]> {
  const [first, late] = await Promise.all([firstDeliveries(db, accountId, event), lateOnes(db, accountId, event.id)])
  return [...first, ...late].map(({ deliveryId }) => deliveryId)
}

/** What a list of calls says of the event that was sent. */
export type FoundEvent = { eventId: string; type: EventType; subjectId: string }

/** The events of deliveries, by delivery id. A test fire has none, and neither has one whose day was dropped. */
export async function readEventsOfDeliveries(
  db: Queryable,
  accountId: string,
  deliveryIds: string[],
): Promise<Map<string, FoundEvent>> {
  if (deliveryIds.length === 0) return new Map()
  const made = await db
    .select({ id: deliveries.id, eventId: deliveries.eventId })
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), inArray(deliveries.id, [...new Set(deliveryIds)])))
  const eventIds = [...new Set(made.flatMap(({ eventId }) => eventId ?? []))]
  if (eventIds.length === 0) return new Map()
  const rows = await db
    .select({ eventId: events.id, type: sql<EventType>`${events.type}`, subjectId: events.subjectId })
    .from(events)
    .where(and(eq(events.accountId, accountId), inArray(events.id, eventIds)))
  const byId = new Map(rows.map((event) => [event.eventId, event]))
  return new Map(
    made.flatMap(({ id, eventId }) => {
      const event = eventId === null ? undefined : byId.get(eventId)
      return event ? [[id, event] as const] : []
    }),
  )
}

/**
 * Those made when the event was accepted. Deliveries have no index on their event, because every insert would pay for it.
 * They are found in the time range of their ids, and their number is known.
 */
async function firstDeliveries(db: Queryable, accountId: string, event: KeptEvent): Promise<Found[]> {
  const matched = event.decisions.webhooks.filter(([, , code]) => code === 'matched').length
  if (matched === 0) return []
  const from = event.record ? Date.parse(event.record.triggeredAt) : event.at
  const until = from + (event.record ? madeWithinMs : erasedWithinMs)
  const rows = await db
    .select({ deliveryId: deliveries.id, webhookId: sql<string>`${deliveries.webhookId}` })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.accountId, accountId),
        gte(deliveries.id, floorId(from)),
        lt(deliveries.id, floorId(until)),
        eq(deliveries.eventId, event.id),
        // A replay within these seconds is a late delivery.
        sql`not exists (select from late_deliveries l where l.account_id = ${accountId} and l.event_id = ${event.id}
          and l.delivery_id = ${deliveries.id})`,
      ),
    )
    .orderBy(deliveries.id)
    .limit(matched)
  return rows.map((row) => ({ ...row, late: null }))
}

/** Those made later, at whatever time. They are few, and have an index on their event. */
async function lateOnes(
  db: Queryable,
  accountId: string,
  eventId: string,
  webhookIds?: readonly string[],
): Promise<Found[]> {
  const rows = await db
    .select({
      deliveryId: lateDeliveries.deliveryId,
      webhookId: lateDeliveries.webhookId,
      late: lateDeliveries.kind,
    })
    .from(lateDeliveries)
    .where(
      and(
        eq(lateDeliveries.accountId, accountId),
        eq(lateDeliveries.eventId, eventId),
        webhookIds && inArray(lateDeliveries.webhookId, [...webhookIds]),
      ),
    )
    .orderBy(desc(lateDeliveries.deliveryId))
    .limit(lateAtMost)
  return rows.reverse()
}
