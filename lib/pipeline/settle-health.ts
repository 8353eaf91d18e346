import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../db/client'
import { writeNotices } from '../notices/write-notices'
import { type Health, type HealthChange, type HealthStep, nextHealth } from './health'
import type { CallRecord } from './record'

// Keeps what calls did to the health of their webhooks in the lanes: on a failure and on the first success after one, never
// on plain success. Notices are written in the transaction of the change they tell of.

const unchanged = { succeeded: false, failed: 0, exhausted: 0, gone: false, retryAfterSeconds: null }

/** What a batch of recorded calls changes, by webhook; nothing where all is well and was. */
export function changesOf(calls: readonly CallRecord[]): HealthChange[] {
  const changes = new Map<string, HealthChange>()
  for (const { accountId, webhookId, failing, result, next } of calls) {
    const succeeded = result.failure === null
    if (succeeded && !failing) continue
    const change = changes.get(webhookId) ?? { ...unchanged, accountId, webhookId }
    changes.set(webhookId, change)
    change.succeeded ||= succeeded
    change.failed += succeeded ? 0 : 1
    change.exhausted += next.kind === 'exhausted' ? 1 : 0
    change.gone ||= result.status === 410
    change.retryAfterSeconds = Math.max(change.retryAfterSeconds ?? 0, result.retryAfterSeconds ?? 0) || null
  }
  return [...changes.values()]
}

/** A webhook after its change: what a drainer that holds rows of it has to know. */
export type Settled = { accountId: string; webhookId: string; nowMs: number } & Pick<HealthStep, 'health' | 'turnOff'>

/** A success that was recorded, and whose drainer died before it said so here. */
export const unnoticedSuccess = (accountId: string, webhookId: string): HealthChange => ({
  ...unchanged,
  accountId,
  webhookId,
  succeeded: true,
})

/** Writes the changes and their notices; a success of a webhook that has no lane changes nothing. */
export async function settleHealth(db: Pick<Database, 'transaction'>, changes: HealthChange[]): Promise<Settled[]> {
  if (changes.length === 0) return []
  return db.transaction(async (tx) => {
    const lanes = await lockLanes(tx, changes)
    const byWebhook = new Map(changes.map((change) => [change.webhookId, change]))
    const settled = lanes.map(({ account_id, webhook_id, nowMs, ...health }) => ({
      accountId: account_id,
      webhookId: webhook_id,
      nowMs,
      before: health,
      ...nextHealth(health, byWebhook.get(webhook_id) as HealthChange, nowMs),
    }))
    await writeLanes(tx, settled)
    const notices = settled.flatMap(({ accountId, webhookId, notice, before, health }) => {
      const sinceMs = health.failingSinceMs ?? before.failingSinceMs
      const detail = { since: sinceMs === null ? undefined : new Date(sinceMs).toISOString() }
      return notice === null ? [] : [{ accountId, webhookId, kind: notice, detail }]
    })
    await writeNotices(tx, notices)
    return settled
  })
}

type LaneRow = Health & { account_id: string; webhook_id: string; nowMs: number }

const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`)
const time = (column: string) => sql.raw(`to_timestamp(r."${column}" / 1000.0)`)

/** The lanes of these webhooks, made where something failed, locked in one order. */
async function lockLanes(db: Queryable, changes: HealthChange[]): Promise<LaneRow[]> {
  const wanted = JSON.stringify(
    changes.map(({ accountId, webhookId, failed }) => ({ account_id: accountId, webhook_id: webhookId, failed })),
  )
  await db.execute(sql`
    insert into webhook_lanes (account_id, webhook_id)
    select account_id, webhook_id from json_to_recordset(${wanted})
      as r(account_id uuid, webhook_id uuid, failed int)
    where failed > 0 order by account_id, webhook_id
    on conflict do nothing`)
  const { rows } = await db.execute<LaneRow>(sql`
    select l.account_id, l.webhook_id, ${ms('hub_now()')} as "nowMs", l.failures,
      ${ms('l.failing_since')} as "failingSinceMs", ${ms('l.paused_until')} as "pausedUntilMs", l.state, l.probes,
      ${ms('l.probe_at')} as "probeAtMs", l.ramp, l.told_failing as "toldFailing",
      l.told_exhausted as "toldExhausted", l.told_turning_off as "toldTurningOff"
    from json_to_recordset(${wanted}) as r(account_id uuid, webhook_id uuid)
    join webhook_lanes l on l.account_id = r.account_id and l.webhook_id = r.webhook_id
    order by l.account_id, l.webhook_id for update of l`)
  return rows
}

async function writeLanes(db: Queryable, settled: Settled[]): Promise<void> {
  const rows = settled.map(({ accountId, webhookId, health }) => ({
    account_id: accountId,
    webhook_id: webhookId,
    ...health,
  }))
  await db.execute(sql`
    update webhook_lanes l set failures = r.failures, failing_since = ${time('failingSinceMs')},
      paused_until = ${time('pausedUntilMs')}, state = r.state, probes = r.probes, probe_at = ${time('probeAtMs')},
      ramp = r.ramp, told_failing = r."toldFailing", told_exhausted = r."toldExhausted",
      told_turning_off = r."toldTurningOff"
    from json_to_recordset(${JSON.stringify(rows)}) as r(account_id uuid, webhook_id uuid, failures int,
      "failingSinceMs" float8, "pausedUntilMs" float8, state text, probes smallint, "probeAtMs" float8, ramp int,
      "toldFailing" boolean, "toldExhausted" boolean, "toldTurningOff" boolean)
    where l.account_id = r.account_id and l.webhook_id = r.webhook_id`)
}
