import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { hubTime, newId, timeOfId } from '../db/ids'
import { recoveryJobs, webhooks, webhookVersions } from '../db/schema'
import type { EventFilter } from '../events/event-filter'
import { isInForce } from '../webhooks/version-in-force'
import { lockWebhookState } from '../webhooks/webhook-state'
import { oldestGivenUp } from './failed-deliveries'
import { jobSubject } from './job-subject'
import type { ListReplay, Pace, RecoveryInput } from './recovery-schema'

const listedAtMost = 20

export type JobKind = (typeof recoveryJobs.$inferSelect)['kind']
export type JobState = (typeof recoveryJobs.$inferSelect)['state']

/** A recovery job as its list shows it. Times are Unix milliseconds. */
export type ShownJob = {
  id: string
  webhookId: string
  webhookName: string
  kind: JobKind
  since: number
  until: number
  state: JobState
  reason: 'off' | 'deleted' | null
  perMinute: number | null
  expected: number | null
  /** The time of the last event that it has worked off; null: it has not begun. */
  reached: number | null
  queued: number
  leftOut: number
  createdAt: number
}

/** The latest jobs of the account, or of one webhook, newest first: 20 of them, or `limit` older than the job `after`. */
export async function listJobs(
  db: Queryable,
  accountId: string,
  webhookId?: string,
  { after, limit = listedAtMost }: { after?: string; limit?: number } = {},
): Promise<ShownJob[]> {
  const rows = await db
    .select({ job: recoveryJobs, webhookName: webhookVersions.name })
    .from(recoveryJobs)
    .innerJoin(webhooks, and(eq(webhooks.accountId, recoveryJobs.accountId), eq(webhooks.id, recoveryJobs.webhookId)))
    .innerJoin(webhookVersions, isInForce)
    .where(
      and(
        eq(recoveryJobs.accountId, accountId),
        webhookId ? eq(recoveryJobs.webhookId, webhookId) : undefined,
        after ? lt(recoveryJobs.id, after) : undefined,
      ),
    )
    .orderBy(desc(recoveryJobs.id))
    .limit(limit)
  return rows.map(({ job, webhookName }) => ({
    id: job.id,
    webhookId: job.webhookId,
    webhookName,
    kind: job.kind,
    since: job.since.getTime(),
    until: job.until.getTime(),
    state: job.state,
    reason: job.reason,
    perMinute: job.perMinute,
    expected: job.expected,
    reached: job.cursor === null ? null : timeOfId(job.cursor),
    queued: job.queued,
    leftOut: job.leftOut,
    createdAt: job.createdAt.getTime(),
  }))
}

type NewJob = Pick<typeof recoveryJobs.$inferInsert, 'kind' | 'expected' | 'filter'> & {
  webhookId: string
  since: number
  until: number
  perMinute: Pace
}

/** Why a job was not started: its webhook is off, or deleted. */
export type Refused = 'off' | 'gone'

/** Starts jobs, all or none, and returns their ids. Nothing later than now is recovered. */
async function startJobs(
  db: Database,
  accountId: string,
  userId: string | null,
  jobs: NewJob[],
): Promise<string[] | Refused> {
  return db.transaction(async (tx) => {
    const ids: string[] = []
    const now = hubTime()
    // In one order, so that two people who start jobs for the same webhooks do not wait for each other.
    for (const job of jobs.toSorted((a, b) => (a.webhookId < b.webhookId ? -1 : 1))) {
      const webhook = await lockWebhookState(tx, accountId, job.webhookId)
      if (!webhook?.enabled) return webhook ? 'off' : 'gone'
      const id = newId()
      const until = Math.min(job.until, now)
      await tx
        .insert(recoveryJobs)
        .values({ ...job, accountId, id, since: new Date(job.since), until: new Date(until), startedBy: userId })
      const { kind, expected, perMinute } = job
      await recordAudit(tx, accountId, userId, 'recovery.started', jobSubject(id), {
        webhook: webhook.name,
        kind,
        expected,
        perMinute,
        since: new Date(job.since).toISOString(),
        until: new Date(until).toISOString(),
      })
      ids.push(id)
    }
    return ids
  })
}

/** Starts the recovery of what failed, of what was missed, or of both, of a time range. */
export const startRecovery = (
  db: Database,
  accountId: string,
  userId: string | null,
  { webhookId, since, until, expected, perMinute }: RecoveryInput,
): Promise<string[] | Refused> =>
  startJobs(
    db,
    accountId,
    userId,
    (['failed', 'missed'] as const).flatMap((kind) =>
      expected[kind] === undefined ? [] : [{ webhookId, since, until, kind, expected: expected[kind], perMinute }],
    ),
  )

/** Starts the recovery of what a webhook gave up on since `sinceMs`, as fast as its endpoint takes it. */
export async function recoverGivenUp(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
  sinceMs: number,
  expected: number,
): Promise<string[] | Refused> {
  const since = await oldestGivenUp(db, accountId, webhookId, sinceMs)
  // Its own millisecond included.
  const until = hubTime() + 1
  return startJobs(db, accountId, userId, [{ webhookId, since, until, kind: 'failed', expected, perMinute: null }])
}

/** Starts the replay of the events of a filtered list to webhooks, one job for each. */
export const startReplay = (
  db: Database,
  accountId: string,
  userId: string | null,
  { webhookIds, since, until, filter, perMinute }: ListReplay,
): Promise<string[] | Refused> =>
  startJobs(
    db,
    accountId,
    userId,
    [...new Set(webhookIds)].map((webhookId) => ({
      webhookId,
      since,
      until,
      kind: 'replay' as const,
      filter: filter as EventFilter,
      perMinute,
    })),
  )

const from: Record<'running' | 'paused' | 'cancelled', JobState[]> = {
  running: ['paused'],
  paused: ['running'],
  cancelled: ['running', 'paused'],
}

/**
 * Pauses, continues or cancels a job. False: it is in no state for that, or there is no such job. What it has queued stays
 * queued.
 */
export async function changeJob(
  db: Database,
  accountId: string,
  userId: string | null,
  jobId: string,
  state: 'running' | 'paused' | 'cancelled',
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx
      .update(recoveryJobs)
      .set({
        state,
        reason: null,
        nextAt: sql`hub_now()`,
        finishedAt: state === 'cancelled' ? sql`hub_now()` : null,
      })
      .where(
        and(
          eq(recoveryJobs.accountId, accountId),
          eq(recoveryJobs.id, jobId),
          inArray(recoveryJobs.state, from[state]),
        ),
      )
    if (rowCount === 0) return false
    const words = { running: 'continued', paused: 'paused', cancelled: 'cancelled' }
    await recordAudit(tx, accountId, userId, `recovery.${words[state]}`, jobSubject(jobId))
    return true
  })
}
