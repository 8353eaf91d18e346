import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../db/client'
import { writeNotices } from '../../notices/write-notices'
import type { CallRecord } from '../queue/call-record'
import { type Health, type HealthChange, type HealthStep, nextHealth } from './health'

// Stores how calls changed the health of their webhooks: on a failure and on the first success after one, never on a plain
// success. Notices are written in the transaction of the change they report.

const unchanged = { succeeded: false, failed: 0, exhausted: 0, gone: false, disable: false, retryAfterSeconds: null }

/**
 * What a batch of recorded calls changes, by webhook. A plain success changes nothing. An answer that asks for the end of its
 * message is no failure of the webhook: its receiver lives, and has decided.
 */
export function changesOf(calls: readonly CallRecord[]): HealthChange[] {
  const changes = new Map<string, HealthChange>()
  for (const { accountId, webhookId, failing, result, next } of calls) {
    const succeeded = result.failure === null
    const disable = result.asked === 'disable'
    if (succeeded && !failing && !disable) continue
    const change = changes.get(webhookId) ?? { ...unchanged, accountId, webhookId }
    changes.set(webhookId, change)
    change.succeeded ||= succeeded
    change.failed += succeeded || result.asked === 'abort-message' ? 0 : 1
    change.exhausted += next.kind === 'exhausted' ? 1 : 0
    change.gone ||= result.status === 410
    change.disable ||= disable
    change.retryAfterSeconds = Math.max(change.retryAfterSeconds ?? 0, result.retryAfterSeconds ?? 0) || null
  }
  return [...changes.values()]
}

/** A webhook after its change: what a drainer that holds rows of it has to know. */
export type StoredHealth = { accountId: string; webhookId: string; nowMs: number } & Pick<
  HealthStep,
  'health' | 'turnOff'
>

/** The change for a success whose drainer recorded the call and died before it stored the health. */
export const unnoticedSuccess = (accountId: string, webhookId: string): HealthChange => ({
  ...unchanged,
  accountId,
  webhookId,
  succeeded: true,
})

/** Writes the changes and their notices; a success of a webhook without a row changes nothing. */
export async function storeHealth(db: Pick<Database, 'transaction'>, changes: HealthChange[]): Promise<StoredHealth[]> {
  if (changes.length === 0) return []
  return db.transaction(async (tx) => {
    const rows = await lockHealth(tx, changes)
    const byWebhook = new Map(changes.map((change) => [change.webhookId, change]))
    const stored = rows.map(({ account_id, webhook_id, nowMs, ...health }) => ({
      accountId: account_id,
      webhookId: webhook_id,
      nowMs,
      before: health,
      ...nextHealth(health, byWebhook.get(webhook_id) as HealthChange, nowMs),
    }))
    await writeHealth(tx, stored)
    const notices = stored.flatMap(({ accountId, webhookId, notice, before, health }) => {
      const sinceMs = health.failingSinceMs ?? before.failingSinceMs
      const detail = { since: sinceMs === null ? undefined : new Date(sinceMs).toISOString() }
      return notice === null ? [] : [{ accountId, webhookId, kind: notice, detail }]
    })
    await writeNotices(tx, notices)
    return stored
  })
}

type HealthRow = Health & { account_id: string; webhook_id: string; nowMs: number }

const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`)
const time = (column: string) => sql.raw(`to_timestamp(r."${column}" / 1000.0)`)

/** The health rows of these webhooks, inserted where something failed, locked in one order. */
async function lockHealth(db: Queryable, changes: HealthChange[]): Promise<HealthRow[]> {
  const wanted = JSON.stringify(
    changes.map(({ accountId, webhookId, failed, gone, disable }) => ({
      account_id: accountId,
      webhook_id: webhookId,
      changed: failed > 0 || gone || disable,
    })),
  )
  await db.execute(sql`
    insert into webhook_health (account_id, webhook_id)
    select account_id, webhook_id from json_to_recordset(${wanted})
      as r(account_id uuid, webhook_id uuid, changed boolean)
    where changed order by account_id, webhook_id
    on conflict do nothing`)
  const { rows } = await db.execute<HealthRow>(sql`
    select h.account_id, h.webhook_id, ${ms('hub_now()')} as "nowMs", h.failures,
      ${ms('h.failing_since')} as "failingSinceMs", ${ms('h.paused_until')} as "pausedUntilMs", h.state, h.probes,
      ${ms('h.probe_at')} as "probeAtMs", h.ramp, h.told_failing as "toldFailing",
      h.told_exhausted as "toldExhausted", h.told_turning_off as "toldTurningOff"
    from json_to_recordset(${wanted}) as r(account_id uuid, webhook_id uuid)
    join webhook_health h on h.account_id = r.account_id and h.webhook_id = r.webhook_id
    order by h.account_id, h.webhook_id for update of h`)
  return rows
}

async function writeHealth(db: Queryable, stored: StoredHealth[]): Promise<void> {
  const rows = stored.map(({ accountId, webhookId, health }) => ({
    account_id: accountId,
    webhook_id: webhookId,
    ...health,
  }))
  await db.execute(sql`
    update webhook_health h set failures = r.failures, failing_since = ${time('failingSinceMs')},
      paused_until = ${time('pausedUntilMs')}, state = r.state, probes = r.probes, probe_at = ${time('probeAtMs')},
      ramp = r.ramp, told_failing = r."toldFailing", told_exhausted = r."toldExhausted",
      told_turning_off = r."toldTurningOff"
    from json_to_recordset(${JSON.stringify(rows)}) as r(account_id uuid, webhook_id uuid, failures int,
      "failingSinceMs" float8, "pausedUntilMs" float8, state text, probes smallint, "probeAtMs" float8, ramp int,
      "toldFailing" boolean, "toldExhausted" boolean, "toldTurningOff" boolean)
    where h.account_id = r.account_id and h.webhook_id = r.webhook_id`)
}
