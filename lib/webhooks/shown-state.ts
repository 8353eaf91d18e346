import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import type { TurnOffReason } from '../pipeline/health/health'
import { type CallTimes, callTimes, type NextCall, nextCall, type WaitingRow } from '../pipeline/queue/next-call'
import { healthOfWebhook } from '../pipeline/queue/webhook-states'

// The state of webhooks as people see it: on, held, retrying, probing, turned off or off; since when, and what comes next.

/** How many queue rows of an account are read for the states of its webhooks, oldest first: no list waits for a long queue. */
export const waitingReadAtMost = 10_000

export type StateKind = 'on' | 'held' | 'retrying' | 'probing' | 'turned-off' | 'off'

/** Times are Unix milliseconds. */
export type ShownState = {
  kind: StateKind
  /** Since when it is so; of a webhook that fails, its first failure since the last success. */
  since: number
  /** Why the hub turned it off. */
  reason: TurnOffReason | null
  /** Failed calls in a row. */
  failures: number
  /** What its next call waits for; null: it is off. Where nothing waits: what the next delivery would wait for. */
  next: NextCall | null
  waiting: {
    count: number
    /** There may be more: the account's queue is longer than what is read of it. */
    more: boolean
    /** When the oldest was triggered. */
    oldest: number | null
    /** Its call is under way, or begins at once. */
    underWay: number
  }
}

type Row = CallTimes & {
  id: string
  enabled: boolean
  reason: TurnOffReason | null
  failures: number | null
  switchedMs: number
  failingMs: number | null
  heldMs: number | null
  count: number | null
  underWay: number | null
  oldestMs: number | null
  dueMs: number | null
  probe: boolean | null
  read: number
}

const ms = (moment: string) => sql.raw(`(extract(epoch from ${moment}) * 1000)::float8`)

/** The states of webhooks of the account, by id: one query, whose cost is bounded however many webhooks or rows there are. */
export async function readShownStates(
  db: Queryable,
  accountId: string,
  webhookIds: string[],
): Promise<Record<string, ShownState>> {
  if (webhookIds.length === 0) return {}
  const { rows } = await db.execute<Row>(sql`
    with oldest as materialized (
      select webhook_id, delivery_id, run_at, probe,
        abandoned_claims > 0 and run_at > hub_now() and run_at <= hub_now() + interval '1 min' as claimed
      from queue where account_id = ${accountId} order by delivery_id limit ${waitingReadAtMost}),
    waiting as (
      select webhook_id, count(*)::int as count, count(*) filter (where claimed)::int as under_way,
        min(delivery_id::text)::uuid as oldest, min(run_at) filter (where not claimed) as due, bool_or(probe) as probe
      from oldest group by webhook_id)
    select w.id, w.enabled, w.turned_off as reason, h.failures, ${ms('coalesce(w.switched_at, w.created_at)')} as "switchedMs",
      ${ms('h.failing_since')} as "failingMs", ${ms('w.held_at')} as "heldMs", q.count, q.under_way as "underWay",
      ('x' || left(replace(q.oldest::text, '-', ''), 12))::bit(48)::bigint as "oldestMs", ${ms('q.due')} as "dueMs", q.probe,
      (select count(*) from oldest)::int as read, ${sql.raw(callTimes)}
    from webhooks w ${sql.raw(healthOfWebhook)} left join waiting q on q.webhook_id = w.id
    where w.account_id = ${accountId} and w.id = any(${sql.param(webhookIds)}::uuid[])`)
  return Object.fromEntries(rows.map((row) => [row.id, shown(row)]))
}

/** The state of one webhook; undefined: the account has no such webhook. */
export const readShownState = async (
  db: Queryable,
  accountId: string,
  webhookId: string,
): Promise<ShownState | undefined> => (await readShownStates(db, accountId, [webhookId]))[webhookId]

function shown(row: Row): ShownState {
  const kind = kindOf(row)
  const first: WaitingRow = { runAtMs: row.dueMs ?? row.nowMs, abandonedClaims: 0, probe: row.probe ?? false }
  return {
    kind,
    since: sinceOf(kind, row),
    reason: kind === 'turned-off' ? row.reason : null,
    failures: row.failures ?? 0,
    next: row.enabled ? nextCall(row, first) : null,
    waiting: {
      count: row.count ?? 0,
      more: row.read === waitingReadAtMost,
      oldest: row.oldestMs,
      underWay: row.underWay ?? 0,
    },
  }
}

function kindOf({ enabled, reason, held, health_state, failingMs }: Row): StateKind {
  if (!enabled) return reason ? 'turned-off' : 'off'
  if (held) return 'held'
  if (health_state === 'probing') return 'probing'
  return failingMs === null ? 'on' : 'retrying'
}

function sinceOf(kind: StateKind, { switchedMs, failingMs, heldMs }: Row): number {
  if (kind === 'held') return heldMs ?? switchedMs
  return kind === 'probing' || kind === 'retrying' ? (failingMs ?? switchedMs) : switchedMs
}
