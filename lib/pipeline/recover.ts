import { type SQL, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { floorId, hubTime, timeOfId } from '../db/ids'
import { retryDeadlock } from '../db/retry-deadlock'
import { webhooks } from '../db/schema'
import { env } from '../env'
import { auditSubject } from '../webhooks/audit-subject'
import { liveWebhook, readWebhookState } from '../webhooks/webhook-state'
import { queueChannel } from './queue'

// Recovery: what ended as exhausted goes back to the queue for one fresh round of the schedule: the same delivery,
// webhook-id and body, the next attempt number, the pre-shared key in force now. Whoever deletes the outcome row queues
// the delivery, so nothing is queued twice; never what was cancelled, is queued, was delivered or has lost its payload.

const chunk = 1000
const dayMs = 86_400_000

/** `left`: no longer to be had, their payload's day is gone. `off`: a webhook that is off makes no call. */
export type Recovered =
  | { outcome: 'done'; recovered: number; left: number }
  | { outcome: 'off'; recovered: number }
  | { outcome: 'gone' }

type Range = { sinceMs: number; untilMs?: number; after: string; atMost?: number }

/** Outcomes of a webhook to look at, in order, beyond the delivery `after`. */
const ended = (accountId: string, webhookId: string, { sinceMs, untilMs, after, atMost }: Range): SQL => sql`
  select delivery_id from outcomes
  where account_id = ${accountId} and webhook_id = ${webhookId} and kind = 'exhausted'
    and delivery_id > ${after} and delivery_id < ${floorId(hubTime() + dayMs)}
    and at >= to_timestamp(${sinceMs} / 1000.0)
    ${untilMs === undefined ? sql`` : sql`and at < to_timestamp(${untilMs} / 1000.0)`}
  order by delivery_id ${atMost === undefined ? sql`` : sql`limit ${atMost}`}`

/**
 * Those of `ended` that can be sent again, with the number of their calls. Laterals with an offset: one probe a row,
 * whatever the planner takes a day of calls for.
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

/** Deliveries older than this have no history. */
const firstKept = (): string => floorId(hubTime() - (env().HEARBACK_RETENTION_DAYS + 2) * dayMs)

/** How many deliveries of a webhook `recoverFailed` would bring back. */
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
 * Queues again what of a webhook ended as exhausted since `sinceMs` (milliseconds) and before now, a chunk in each
 * transaction. Several people may do it at once: each delivery is brought back once.
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
        // Held against a switch and another recovery: what this queues, a switch to off that follows will find.
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
 * The lease begins at random: a call of the round before that is still under way must not be taken for one of this
 * round, whose leases would else be counted from 0 again.
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
        (account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, lease, attempts, before)
      select a.id, ready.delivery_id, ${webhookId}::uuid, ready.payload_id, ready.feedback_version, a.pre_shared_key_version,
        floor(random() * 1e9), ready.attempts, ready.attempts
      from ready join gone using (delivery_id) join accounts a on a.id = ${accountId}
      returning delivery_id)
    select (select count(*) from ended)::int as ended, (select count(*) from queued)::int as queued,
      (select delivery_id from ended order by delivery_id desc limit 1) as last`)
  return rows[0] as Chunk
}

/** Now, by the database's clock, rounded up: what is ended already is before it. */
async function clock(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ now: number }>(
    sql`select ceil(extract(epoch from hub_now()) * 1000)::float8 as now`,
  )
  return (rows[0]?.now ?? 0) + 1
}
