import { type SQL, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { floorId, hubTime, timeOfId } from '../db/ids'
import { retryDeadlock } from '../db/retry-deadlock'
import { webhooks } from '../db/schema'
import { env } from '../env'
import { queueChannel } from '../pipeline/queue/notify'
import { auditSubject } from '../webhooks/audit-subject'
import { liveWebhook, readWebhookState } from '../webhooks/webhook-state'

// Recovery queues exhausted deliveries again for one fresh round of the schedule: the same delivery, webhook-id and body,
// the next attempt number, the pre-shared key in force now. One statement deletes the outcome and queues the delivery, so
// nothing is queued twice. Deliveries that are cancelled, queued or delivered, or whose payload is gone, are left alone.

const chunk = 1000
const dayMs = 86_400_000

/** `left`: deliveries whose payload is gone. `off`: the webhook is switched off, so nothing more was queued. */
export type Recovered =
  | { outcome: 'done'; recovered: number; left: number }
  | { outcome: 'off'; recovered: number }
  | { outcome: 'gone' }

type Range = { sinceMs: number; untilMs?: number; after: string; atMost?: number }

/** SQL: exhausted deliveries of a webhook beyond the delivery `after`, in order. */
const ended = (accountId: string, webhookId: string, { sinceMs, untilMs, after, atMost }: Range): SQL => sql`
  select delivery_id from outcomes
  where account_id = ${accountId} and webhook_id = ${webhookId} and kind = 'exhausted'
    and delivery_id > ${after} and delivery_id < ${floorId(hubTime() + dayMs)}
    and at >= to_timestamp(${sinceMs} / 1000.0)
    ${untilMs === undefined ? sql`` : sql`and at < to_timestamp(${untilMs} / 1000.0)`}
  order by delivery_id ${atMost === undefined ? sql`` : sql`limit ${atMost}`}`

/**
 * SQL: those of `ended` that can be sent again, with the number of their calls. The laterals with `offset 0` fix the plan
 * to one index probe per row, whatever the planner estimates.
 */
const ready = (accountId: string, after: string): SQL => sql`
  select ended.delivery_id, d.payload_id, d.feedback_version, made.attempts
  from ended
  cross join lateral (select payload_id, feedback_version from deliveries
    where account_id = ${accountId} and id = ended.delivery_id offset 0) d
  cross join lateral (select from payloads where account_id = ${accountId} and id = d.payload_id offset 0) kept
  cross join lateral (select coalesce(max(attempt), 0) as attempts, coalesce(bool_or(failure is null), false) as delivered
    from calls where account_id = ${accountId} and delivery_id = ended.delivery_id
      and id >= ${floorId(timeOfId(after) - dayMs)} and id < ${floorId(hubTime() + dayMs)} offset 0) made
  where not made.delivered and not exists (
    select from queue where account_id = ${accountId} and delivery_id = ended.delivery_id)`

/** The smallest id of a delivery that history still holds. */
const firstKept = (): string => floorId(hubTime() - (env().HEARBACK_RETENTION_DAYS + 2) * dayMs)

/** How many deliveries of a webhook `recoverFailed` would queue again. */
export async function countRecoverable(
  db: Queryable,
  accountId: string,
  webhookId: string,
  sinceMs: number,
): Promise<number> {
  const after = firstKept()
  const { rows } = await db.execute<{ n: number }>(sql`
    with ended as materialized (${ended(accountId, webhookId, { sinceMs, after })})
    select count(*)::int as n from (${ready(accountId, after)}) ready`)
  return rows[0]?.n ?? 0
}

/**
 * Queues again the deliveries of a webhook that ended as exhausted between `sinceMs` (Unix milliseconds) and now, one
 * chunk per transaction. Several people may recover at once: each delivery is queued once.
 */
export async function recoverFailed(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
  sinceMs: number,
): Promise<Recovered> {
  const untilMs = await clock(db)
  let recovered = 0
  let left = 0
  for (let after = firstKept(); ; ) {
    const step = await retryDeadlock(() =>
      db.transaction(async (tx): Promise<Chunk | 'off' | 'gone'> => {
        // Locked against a switch and another recovery, so that a later switch to off finds every row queued here.
        await tx
          .select({ id: webhooks.id })
          .from(webhooks)
          .where(liveWebhook(accountId, webhookId))
          .for('no key update')
        const webhook = await readWebhookState(tx, accountId, webhookId)
        if (!webhook?.enabled) return webhook ? 'off' : 'gone'
        const done = await queueChunk(tx, accountId, webhookId, { sinceMs, untilMs, after, atMost: chunk })
        if (recovered === 0 && done.queued > 0)
          await recordAudit(tx, accountId, userId, 'webhook.recovered', auditSubject(webhookId), {
            name: webhook.name,
            since: new Date(sinceMs).toISOString(),
          })
        return done
      }),
    )
    if (step === 'gone') return { outcome: 'gone' }
    if (step === 'off') return { outcome: 'off', recovered }
    recovered += step.queued
    left += step.ended - step.queued
    if (step.queued > 0) await db.execute(sql`select pg_notify(${queueChannel}, '')`)
    if (step.last === null) return { outcome: 'done', recovered, left }
    after = step.last
  }
}

type Chunk = { ended: number; queued: number /** null: there was nothing beyond `after`. */; last: string | null }

/**
 * Queues one chunk. The lease starts at a random number: if it started at 0, a call of the earlier round that is still in
 * flight could be recorded as one of this round.
 */
async function queueChunk(db: Queryable, accountId: string, webhookId: string, range: Range): Promise<Chunk> {
  const { rows } = await db.execute<Chunk>(sql`
    with ended as materialized (${ended(accountId, webhookId, range)}),
    ready as materialized (${ready(accountId, range.after)}),
    gone as (
      delete from outcomes o using ready
      where o.account_id = ${accountId} and o.delivery_id = ready.delivery_id
        and o.delivery_id > ${range.after} and o.delivery_id < ${floorId(hubTime() + dayMs)}
      returning o.delivery_id),
    queued as (
      insert into queue
        (account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, lease, attempts,
          earlier_attempts)
      select a.id, ready.delivery_id, ${webhookId}::uuid, ready.payload_id, ready.feedback_version, a.pre_shared_key_version,
        floor(random() * 1e9), ready.attempts, ready.attempts
      from ready join gone using (delivery_id) join accounts a on a.id = ${accountId}
      returning delivery_id)
    select (select count(*) from ended)::int as ended, (select count(*) from queued)::int as queued,
      (select delivery_id from ended order by delivery_id desc limit 1) as last`)
  return rows[0] as Chunk
}

/** Now by the database's clock, in milliseconds, rounded up so that every outcome already written is before it. */
async function clock(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ now: number }>(
    sql`select ceil(extract(epoch from hub_now()) * 1000)::float8 as now`,
  )
  return (rows[0]?.now ?? 0) + 1
}
