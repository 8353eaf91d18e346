import { sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Transaction } from '../db/client'
import { retryDeadlock } from '../db/retry-deadlock'
import type { recoveryJobs } from '../db/schema'
import { env } from '../env'
import { notifyDrainers } from '../pipeline/queue/notify'
import { lockWebhookState } from '../webhooks/webhook-state'
import { failedSince, queueFailed } from './failed-deliveries'
import { findEvents } from './find-events'
import { jobSubject } from './job-subject'
import { makeLateDeliveries } from './late-deliveries'
import { readRecoveryWebhook } from './recovery-webhook'

// Works recovery jobs off, step by step. A step is one transaction: it locks the job's row, queues some deliveries and
// moves the job's cursor. So a job goes on where it was after any crash, and any number of processes may work at once: a
// step that another process has begun is skipped.
//
// A step queues what the job's pace allows for a second, and nothing while the webhook has many deliveries waiting, is
// held, paused or probing: the job then waits. What a job has queued is due like any other delivery, so that the drain's
// fairness holds.

/** Without a pace, a step queues so many. */
const stepAtMost = 250
/** A job waits while this many deliveries of its webhook are queued. */
const waitingAtMost = 1_000
/** Seconds until a job that waits looks again. */
const lookAgainS = 2

type Job = Pick<typeof recoveryJobs.$inferSelect, 'kind' | 'filter' | 'cursor' | 'perMinute'> & {
  accountId: string
  id: string
  webhookId: string
  sinceMs: number
  untilMs: number
  /** When this step was due; at most three seconds ago. */
  dueMs: number
}
type Step = { queued: number; leftOut: number; cursor: string | null; done: boolean }

/** SQL: a step is due. */
export const jobsDue = `exists (select from recovery_jobs where state = 'running' and next_at <= hub_now())`

/** Makes every step that is due. `stopped` is asked before each. Returns how many deliveries were queued. */
export async function runJobs(db: Database, stopped: () => boolean = () => false): Promise<number> {
  let queued = 0
  while (!stopped()) {
    const made = await retryDeadlock(() => db.transaction(step))
    if (made === undefined) break
    queued += made
    if (made > 0) await notifyDrainers(db)
  }
  return queued
}

/** One step of the job that has waited longest. Undefined: none is due. */
async function step(tx: Transaction): Promise<number | undefined> {
  const { rows } = await tx.execute<Job>(sql`
    select account_id as "accountId", id, webhook_id as "webhookId", kind, filter, cursor, per_minute as "perMinute",
      (extract(epoch from since) * 1000)::float8 as "sinceMs", (extract(epoch from until) * 1000)::float8 as "untilMs",
      (extract(epoch from greatest(next_at, hub_now() - interval '3 s')) * 1000)::float8 as "dueMs"
    from recovery_jobs where state = 'running' and next_at <= hub_now()
    order by next_at limit 1 for update skip locked`)
  const [job] = rows
  if (!job) return undefined
  const webhook = await lockWebhookState(tx, job.accountId, job.webhookId)
  if (!webhook) return end(tx, job, 'cancelled', 'deleted')
  if (!webhook.enabled) return end(tx, job, 'paused', 'off')
  if (webhook.heldAt !== null || (await mustWait(tx, job))) return wait(tx, job)
  const size = job.perMinute === null ? stepAtMost : Math.ceil(job.perMinute / 60)
  const made = job.kind === 'failed' ? await stepFailed(tx, job, size) : await stepEvents(tx, job, size)
  // From when the step was due, not from now: a process looks once a second, and a late step must not slow the job.
  const pauseS = job.perMinute === null ? 0 : (made.queued * 60) / job.perMinute
  const nextAt = pauseS === 0 ? sql`hub_now()` : sql`to_timestamp(${job.dueMs / 1000 + pauseS}::float8)`
  await tx.execute(sql`
    update recovery_jobs set queued = queued + ${made.queued}, left_out = left_out + ${made.leftOut},
      cursor = ${made.cursor ?? job.cursor}::uuid, next_at = ${nextAt},
      state = ${made.done ? 'done' : 'running'}, finished_at = case when ${made.done} then hub_now() end
    where account_id = ${job.accountId} and id = ${job.id}`)
  return made.queued
}

/** Whether a webhook should get nothing more now: it is probing or paused, or enough of it waits. */
async function mustWait(tx: Transaction, { accountId, webhookId }: Job): Promise<boolean> {
  const { rows } = await tx.execute<{ wait: boolean }>(sql`
    select exists (select from webhook_health where account_id = ${accountId} and webhook_id = ${webhookId}
        and (state = 'probing' or paused_until > hub_now()))
      or (select count(*) from (select from queue where account_id = ${accountId} and webhook_id = ${webhookId}
        limit ${waitingAtMost}) waiting) >= ${waitingAtMost} as wait`)
  return rows[0]?.wait ?? false
}

const stepFailed = (tx: Transaction, job: Job, atMost: number): Promise<Step> => {
  const range = failedSince(job.sinceMs, job.untilMs)
  const after = job.cursor !== null && job.cursor > range.after ? job.cursor : range.after
  return queueFailed(tx, job.accountId, job.webhookId, { ...range, after, atMost })
}

async function stepEvents(tx: Transaction, job: Job, atMost: number): Promise<Step> {
  const { accountId, webhookId, sinceMs, untilMs, filter, cursor } = job
  const kind = job.kind === 'missed' ? 'missed' : 'replay'
  const webhook = await readRecoveryWebhook(tx, accountId, webhookId, env().HEARBACK_URL)
  if (!webhook) throw new Error('a locked webhook disappeared')
  const { found, ...rest } = await findEvents(tx, webhook, { kind, sinceMs, untilMs, filter, cursor }, atMost)
  const records = found.map(({ record }) => record)
  return { ...rest, queued: await makeLateDeliveries(tx, kind, [webhook], records) }
}

async function wait(tx: Transaction, { accountId, id }: Job): Promise<number> {
  await tx.execute(sql`update recovery_jobs set next_at = hub_now() + ${lookAgainS} * interval '1 s'
    where account_id = ${accountId} and id = ${id}`)
  return 0
}

async function end(
  tx: Transaction,
  job: Job,
  state: 'paused' | 'cancelled',
  reason: 'off' | 'deleted',
): Promise<number> {
  const { accountId, id } = job
  await tx.execute(sql`update recovery_jobs set state = ${state}, reason = ${reason},
      finished_at = case when ${state === 'cancelled'} then hub_now() end
    where account_id = ${accountId} and id = ${id}`)
  await recordAudit(tx, accountId, null, `recovery.${state}`, jobSubject(id), { reason })
  return 0
}
