import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { floorId, hubTime, timeOfId } from '../db/ids'
import { env } from '../env'
import { queueAgain, resendable } from '../pipeline/queue/queue-again'

// Failed deliveries: those that ended as exhausted without a 2xx. Deliveries that are cancelled, queued or delivered, or
// whose payload is gone, are left alone.

const dayMs = 86_400_000

/**
 * From when a delivery may be recovered, in Unix milliseconds: what is older would expire at once (lib/db/history-upkeep.ts).
 */
export const recoverableSince = (): number =>
  Math.floor(hubTime() / dayMs) * dayMs - (env().HEARBACK_RETENTION_DAYS - 1) * dayMs

/** Deliveries whose id is beyond `after` and made before `untilMs`. */
export type FailedRange = { after: string; untilMs: number; atMost?: number }

/** The range of deliveries made since then. */
export const failedSince = (sinceMs: number, untilMs = hubTime() + dayMs): FailedRange => ({
  after: floorId(Math.max(sinceMs, recoverableSince())),
  untilMs,
})

/** SQL: exhausted deliveries of a webhook in a range, in order. */
const exhausted = (accountId: string, webhookId: string, { after, untilMs, atMost }: FailedRange): SQL => sql`
  select delivery_id, reason, at from outcomes
  where account_id = ${accountId} and webhook_id = ${webhookId} and kind = 'exhausted'
    and delivery_id > ${after}::uuid and delivery_id < ${floorId(untilMs)}::uuid
  order by delivery_id ${atMost === undefined ? sql`` : sql`limit ${atMost}`}`

/** More than this are not counted. */
export const countedAtMost = 100_000

/** How many deliveries can be recovered, by the day they were made and the reason they ended. `day`: its start in ms. */
export async function countFailed(
  db: Queryable,
  accountId: string,
  webhookId: string,
  range: FailedRange,
  offsetMs = 0,
): Promise<{ day: number; reason: string; n: number }[]> {
  const ended = exhausted(accountId, webhookId, { ...range, atMost: countedAtMost })
  const ms = sql.raw(`('x' || left(replace(delivery_id::text, '-', ''), 12))::bit(48)::bigint`)
  const { rows } = await db.execute<{ day: number; reason: string; n: number }>(sql`
    with ended as materialized (${ended})
    select ((${ms} + ${offsetMs}) / ${dayMs} * ${dayMs} - ${offsetMs})::float8 as day, reason, count(*)::int as n
    from (${resendable(accountId, webhookId, sql`ended`, range.after, 'failed')}) ready join ended using (delivery_id)
    group by 1, 2 order by 1, 2`)
  return rows
}

/** When the oldest delivery was made that a webhook gave up on since `sinceMs`, both in Unix milliseconds. */
export async function oldestGivenUp(db: Queryable, accountId: string, webhookId: string, sinceMs: number) {
  const { rows } = await db.execute<{ delivery_id: string }>(sql`
    select delivery_id from (${exhausted(accountId, webhookId, failedSince(0))}) ended
    where at >= to_timestamp(${sinceMs}::float8 / 1000) order by delivery_id limit 1`)
  return rows[0] === undefined ? hubTime() : timeOfId(rows[0].delivery_id)
}

/** How many deliveries of a webhook can be recovered, since the oldest that it gave up on after `sinceMs`. */
export async function countRecoverable(
  db: Queryable,
  accountId: string,
  webhookId: string,
  sinceMs: number,
): Promise<number> {
  const range = failedSince(await oldestGivenUp(db, accountId, webhookId, sinceMs))
  const counts = await countFailed(db, accountId, webhookId, range)
  return counts.reduce((sum, { n }) => sum + n, 0)
}

/** Queues the next `atMost` failed deliveries again. `cursor`: the last of them; null when there was none. */
export async function queueFailed(
  db: Queryable,
  accountId: string,
  webhookId: string,
  range: FailedRange & { atMost: number },
): Promise<{ queued: number; leftOut: number; cursor: string | null; done: boolean }> {
  const { rows } = await db.execute<{ delivery_id: string }>(exhausted(accountId, webhookId, range))
  const ids = rows.map(({ delivery_id }) => delivery_id)
  const queued = await queueAgain(db, accountId, webhookId, ids, 'failed')
  return {
    queued: queued.length,
    leftOut: ids.length - queued.length,
    cursor: ids.at(-1) ?? null,
    done: ids.length < range.atMost,
  }
}
