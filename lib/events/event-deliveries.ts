import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { type DeliveryState, readDeliveryStates } from '../calls/delivery-states'
import type { Queryable } from '../db/client'
import { deliveries } from '../db/history-schema'
import { floorId, timeOfId } from '../db/ids'
import { lateDeliveries } from '../db/schema'
import type { KeptEvent } from './event-queries'

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
  webhookIds: readonly string[],
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
        inArray(lateDeliveries.webhookId, [...webhookIds]),
      ),
    )
    .orderBy(desc(lateDeliveries.deliveryId))
    .limit(lateAtMost)
  return rows.reverse()
}
