import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { keptHistory } from '../db/history-range'
import { calls, outcomes, queue } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { type CallState, stateOf } from './call-state'

/** The state of a delivery, the number of its calls and the latest of them. */
export type DeliveryState = { state: CallState; calls: number; lastCallId: string | null }

/** The states of deliveries, by delivery id. */
export async function readDeliveryStates(
  db: Queryable,
  accountId: string,
  deliveryIds: string[],
): Promise<Map<string, DeliveryState>> {
  if (deliveryIds.length === 0) return new Map()
  const since = Math.min(...deliveryIds.map(timeOfId))
  const [queued, ended, made] = await Promise.all([
    db
      .select({ id: queue.deliveryId, runAt: queue.runAt })
      .from(queue)
      .where(and(eq(queue.accountId, accountId), inArray(queue.deliveryId, deliveryIds))),
    db
      .select({ id: outcomes.deliveryId, kind: outcomes.kind, reason: outcomes.reason, at: outcomes.at })
      .from(outcomes)
      .where(and(eq(outcomes.accountId, accountId), inArray(outcomes.deliveryId, deliveryIds))),
    db
      .select({ id: calls.id, deliveryId: calls.deliveryId, delivered: sql<boolean>`${calls.failure} is null` })
      .from(calls)
      .where(and(eq(calls.accountId, accountId), inArray(calls.deliveryId, deliveryIds), keptHistory(calls.id, since)))
      .orderBy(asc(calls.id)),
  ])
  return new Map(
    deliveryIds.map((deliveryId) => {
      const own = made.filter((call) => call.deliveryId === deliveryId)
      const state = stateOf({
        queued: queued.find(({ id }) => id === deliveryId),
        delivered: own.some(({ delivered }) => delivered),
        outcome: ended.find(({ id }) => id === deliveryId),
      })
      return [deliveryId, { state, calls: own.length, lastCallId: own.at(-1)?.id ?? null }]
    }),
  )
}
