import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { keptHistory } from '../db/history-range'
import { calls, outcomes } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { type CallTimes, callTimes, type NextCall, nextCall, type WaitingRow } from '../pipeline/queue/next-call'
import { healthOfWebhook } from '../pipeline/queue/webhook-states'
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
    readQueued(db, accountId, deliveryIds),
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
        queued: queued.get(deliveryId),
        delivered: own.some(({ delivered }) => delivered),
        outcome: ended.find(({ id }) => id === deliveryId),
      })
      return [deliveryId, { state, calls: own.length, lastCallId: own.at(-1)?.id ?? null }]
    }),
  )
}

/** The next calls of those deliveries that are queued, by delivery id. */
async function readQueued(db: Queryable, accountId: string, deliveryIds: string[]): Promise<Map<string, NextCall>> {
  const { rows } = await db.execute<CallTimes & WaitingRow & { id: string }>(sql`
    select q.delivery_id as id, (extract(epoch from q.run_at) * 1000)::float8 as "runAtMs",
      q.abandoned_claims as "abandonedClaims", q.probe, ${sql.raw(callTimes)}
    from queue q join webhooks w on w.account_id = q.account_id and w.id = q.webhook_id ${sql.raw(healthOfWebhook)}
    where q.account_id = ${accountId} and q.delivery_id = any(${sql.param(deliveryIds)}::uuid[])`)
  return new Map(rows.map((row) => [row.id, nextCall(row, row)]))
}
