import { and, eq, gte, lt } from 'drizzle-orm'
import { type DeliveryState, readDeliveryStates } from '../calls/delivery-states'
import type { Queryable } from '../db/client'
import { deliveries } from '../db/history-schema'
import { floorId } from '../db/ids'
import type { KeptEvent } from './event-queries'

/** Deliveries get their ids within the transaction that takes their event in, just after its `triggeredAt`. */
const madeWithinMs = 10_000
/** Of an erased event only its id tells the time, which was made before the transaction waited for its locks. */
const erasedWithinMs = 60_000

/** What an event owed a webhook, and what became of it. */
export type EventDelivery = DeliveryState & { deliveryId: string }

/**
 * The deliveries that an event made, by webhook id; of `webhookIds` only. There is no index from events to deliveries,
 * because every delivery would pay for it: they are found by when they were made, and their number is known.
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
  const asked = rows.filter(({ webhookId }) => webhookId !== null && webhookIds.includes(webhookId))
  const states = await readDeliveryStates(
    db,
    accountId,
    asked.map(({ id }) => id),
  )
  return new Map(
    asked.map(({ id, webhookId }) => [webhookId as string, { ...(states.get(id) as DeliveryState), deliveryId: id }]),
  )
}
