import { type SQL, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { floorId, hubTime } from '../db/ids'
import { retryDeadlock } from '../db/retry-deadlock'
import { env } from '../env'
import { notifyDrainers } from '../pipeline/queue/notify'
import { queueAgain, resendable } from '../pipeline/queue/queue-again'
import { auditSubject } from '../webhooks/audit-subject'
import { lockWebhookState } from '../webhooks/webhook-state'

// Recovery queues exhausted deliveries again (queue-again.ts). Deliveries that are cancelled, queued or delivered, or whose
// payload is gone, are left alone.

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
    select count(*)::int as n from (${resendable(accountId, webhookId, sql`ended`, after, 'failed')}) ready`)
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
        const webhook = await lockWebhookState(tx, accountId, webhookId)
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
    if (step.queued > 0) await notifyDrainers(db)
    if (step.last === null) return { outcome: 'done', recovered, left }
    after = step.last
  }
}

type Chunk = { ended: number; queued: number /** null: there was nothing beyond `after`. */; last: string | null }

async function queueChunk(db: Queryable, accountId: string, webhookId: string, range: Range): Promise<Chunk> {
  const { rows } = await db.execute<{ delivery_id: string }>(ended(accountId, webhookId, range))
  const ids = rows.map(({ delivery_id }) => delivery_id)
  const queued = await queueAgain(db, accountId, webhookId, ids, 'failed')
  return { ended: ids.length, queued: queued.length, last: ids.at(-1) ?? null }
}

/** Now by the database's clock, in milliseconds, rounded up so that every outcome already written is before it. */
async function clock(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ now: number }>(
    sql`select ceil(extract(epoch from hub_now()) * 1000)::float8 as now`,
  )
  return (rows[0]?.now ?? 0) + 1
}
