import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import type { TurnOffReason } from '../pipeline/health/health'
import { countRecoverable } from '../recovery/failed-deliveries'
import { readWebhookState } from './webhook-state'

/** The health of a webhook as the list shows it; spans are in milliseconds. `well`: on and healthy. */
export type ShownHealth =
  | { kind: 'well' | 'off' }
  | { kind: 'turned-off'; reason: TurnOffReason }
  | { kind: 'failing' | 'probing'; forMs: number }
  /** It has recovered; its waiting deliveries are made due over a ramp. */
  | { kind: 'ramping' }
  /** For as long as its `Retry-After` asked. */
  | { kind: 'paused'; forMs: number }

type Row = {
  id: string
  enabled: boolean
  turnedOff: TurnOffReason | null
  state: 'healthy' | 'probing' | 'ramping' | null
  failingMs: number | null
  pausedMs: number | null
}

/** The health of webhooks of the account, by id. */
export async function healthOf(
  db: Queryable,
  accountId: string,
  webhookIds: string[],
): Promise<Record<string, ShownHealth>> {
  if (webhookIds.length === 0) return {}
  const { rows } = await db.execute<Row>(sql`
    select w.id, w.enabled, w.turned_off as "turnedOff", h.state,
      (extract(epoch from hub_now() - h.failing_since) * 1000)::float8 as "failingMs",
      (extract(epoch from h.paused_until - hub_now()) * 1000)::float8 as "pausedMs"
    from webhooks w left join webhook_health h on h.account_id = w.account_id and h.webhook_id = w.id
    where w.account_id = ${accountId} and w.id = any(${sql.param(webhookIds)}::uuid[])`)
  return Object.fromEntries(rows.map((row) => [row.id, shown(row)]))
}

function shown({ enabled, turnedOff, state, failingMs, pausedMs }: Row): ShownHealth {
  if (!enabled) return turnedOff ? { kind: 'turned-off', reason: turnedOff } : { kind: 'off' }
  if (state === 'probing') return { kind: 'probing', forMs: failingMs ?? 0 }
  if (pausedMs !== null && pausedMs > 0) return { kind: 'paused', forMs: pausedMs }
  if (failingMs !== null) return { kind: 'failing', forMs: failingMs }
  return { kind: state === 'ramping' ? 'ramping' : 'well' }
}

/**
 * What a person is told before they switch on a webhook that the hub turned off. `since`: the first failure since its last
 * success, in milliseconds since the epoch. `recoverable`: failed deliveries since then.
 */
export type TurnedOff = { reason: TurnOffReason; since: number; recoverable: number }

/** Undefined when the webhook is on or a person switched it off. */
export async function readTurnedOff(
  db: Queryable,
  accountId: string,
  webhookId: string,
): Promise<TurnedOff | undefined> {
  const webhook = await readWebhookState(db, accountId, webhookId)
  if (!webhook || webhook.enabled || !webhook.turnedOff) return undefined
  const { rows } = await db.execute<{ since: number }>(sql`
    select (extract(epoch from coalesce(
      (select failing_since from webhook_health where account_id = ${accountId} and webhook_id = ${webhookId}),
      (select coalesce((detail ->> 'since')::timestamptz, at) from notices
        where account_id = ${accountId} and webhook_id = ${webhookId} and kind = 'turned-off'
        order by at desc limit 1),
      hub_now())) * 1000)::float8 as since`)
  const since = Math.floor(rows[0]?.since ?? 0)
  return { reason: webhook.turnedOff, since, recoverable: await countRecoverable(db, accountId, webhookId, since) }
}
