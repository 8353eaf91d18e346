import { and, eq, gte, lt } from 'drizzle-orm'
import { type DeliveryState, readDeliveryStates } from '../calls/delivery-states'
import type { Queryable } from '../db/client'
import { deliveries } from '../db/history-schema'
import { floorId } from '../db/ids'
import type { KeptEvent } from './event-queries'

/** Delivery ids are made in the transaction that accepts the event, shortly after its `triggeredAt`. */
const madeWithinMs = 10_000
/** An erased event has only the time in its id, which is made before the transaction waits for its locks. */
const erasedWithinMs = 60_000

/** A delivery of an event and its state. */
export type EventDelivery = DeliveryState & { deliveryId: string }

/**
 * The deliveries of an event to the webhooks `webhookIds`, by webhook id. Deliveries have no index on their event,
 * because every insert would pay for it. They are found in the time range of their ids, and their number is known.
 */
export async function readEventDeliveries(
  db: Queryable,
  accountId: string,
  event: KeptEvent,
  webhookIds: readonly string[],
): Promise<Map<string, EventDelivery>> {
  const matched = event.decisions.webhooks.filter(([, , code]) => code === 'matched').length
  if (matched === 0 || webhookIds.length === 0) return new Map()
  const from = event.record ? Date.parse(event.record.triggeredAt) : event.at
  const until = from + (event.record ? madeWithinMs : erasedWithinMs)
  const rows = await db
    .select({ id: deliveries.id, webhookId: deliveries.webhookId })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.accountId, accountId),
        gte(deliveries.id, floorId(from)),
        lt(deliveries.id, floorId(until)),
        eq(deliveries.eventId, event.id),
      ),
    )
    .orderBy(deliveries.id)
    .limit(matched)
  const own = rows.filter(({ webhookId }) => webhookId !== null && webhookIds.includes(webhookId))
  const states = await readDeliveryStates(
    db,
    accountId,
    own.map(({ id }) => id),
  )
  return new Map(
    own.map(({ id, webhookId }) => [webhookId as string, { ...(states.get(id) as DeliveryState), deliveryId: id }]),
  )
}
