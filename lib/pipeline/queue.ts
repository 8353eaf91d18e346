import { sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Queryable } from '../db/client'

// The outbox: one function per SQL statement. `run_at` is schedule and lease; whoever claims a row raises its `lease`,
// and every later statement about it is fenced on that number. `attempts` is raised only where a call is recorded.
// Rows travel as one JSON parameter a statement: 1.6 µs a row in this process, where node-pg's arrays cost 3.3.

export const queueChannel = 'hearback_queue'

/** A row whose drainer died this often is claimed alone; after `lostAtMost` it ends. */
export const lostAlone = 3
export const lostAtMost = 25

export type Claimed = {
  account_id: string
  delivery_id: string
  webhook_id: string
  feedback_version: number | null
  key_version: number | null
  lease: number
  lost: number
  attempts: number
  /** null: the payload's day is gone. */
  body: string | null
} & WebhookState

export type WebhookState = {
  /** On and not deleted. */
  live: boolean
  deleted: boolean
  /** The account's. */
  config_version: number
}

const stateColumns = 'w.enabled and w.deleted_at is null as live, w.deleted_at is not null as deleted, a.config_version'

const claimText = (which: string) => `
  with claimed as (
    update queue set lease = lease + 1, lost = lost + 1, run_at = hub_now() + $2::int * interval '1 ms'
    where ctid = any(array(
      select ctid from queue where run_at <= hub_now() and ${which}
      order by run_at, delivery_id limit $1 for update skip locked))
    returning account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, lease, lost, attempts
  )
  select c.account_id, c.delivery_id, c.webhook_id, c.feedback_version, c.key_version, c.lease, c.lost, c.attempts,
    p.body, ${stateColumns}
  from claimed c
  join accounts a on a.id = c.account_id
  join webhooks w on w.account_id = c.account_id and w.id = c.webhook_id
  left join payloads p on p.account_id = c.account_id and p.id = c.payload_id`

const claimSql = claimText(`lost < ${lostAlone} and webhook_id <> all($3::uuid[])`)
const claimLostSql = claimText(`lost >= ${lostAlone}`)
const hasLostSql = `select 1 from queue where lost >= ${lostAlone} and run_at <= hub_now() limit 1`
const statesSql = `select w.id, ${stateColumns} from webhooks w join accounts a on a.id = w.account_id
  where w.id = any($1::uuid[])`

/** Claims up to `limit` due rows for `leaseMs`, leaving out the webhooks in `skip`. */
export async function claim(db: pg.Pool, limit: number, leaseMs: number, skip: string[]): Promise<Claimed[]> {
  const values = [limit, leaseMs, skip]
  return (await db.query<Claimed>({ name: 'claim', text: claimSql, values })).rows
}

/** Claims one row that was lost with its drainer three times or more: it may be what kills them. */
export async function claimLost(db: pg.Pool, leaseMs: number): Promise<Claimed | undefined> {
  return (await db.query<Claimed>({ name: 'claim-lost', text: claimLostSql, values: [1, leaseMs] })).rows[0]
}

/** Whether such a row is due. */
export async function hasLost(db: pg.Pool): Promise<boolean> {
  return (await db.query({ name: 'has-lost', text: hasLostSql })).rowCount === 1
}

/** How webhooks stand now, by id. */
export async function readStates(db: pg.Pool, webhookIds: string[]): Promise<Map<string, WebhookState>> {
  const { rows } = await db.query<WebhookState & { id: string }>({
    name: 'states',
    text: statesSql,
    values: [webhookIds],
  })
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}

/**
 * The queue rows (`at`: their ctid) that `r` still holds by its lease. The lateral with its offset fixes the plan to one
 * primary-key probe a row, however empty the table was when it was planned; a row that moves on in between has
 * another ctid and drops out of the caller's statement.
 */
export const heldRows = `select r.*, held.at from r cross join lateral (
    select q.ctid as at from queue q
    where q.account_id = r.account_id and q.delivery_id = r.delivery_id and q.lease = r.lease offset 0) held`

export type Held = { account_id: string; delivery_id: string; lease: number }

/** How a delivery ends without a call. */
export type Ending = { kind: 'exhausted' | 'cancelled'; reason: string }

/** Gives claimed rows back, to be due after `delay_ms`; no call was made, so nothing is counted. */
export async function giveBack(db: pg.Pool, back: (Held & { delay_ms: number })[]): Promise<void> {
  const text = `
    with r as materialized (select * from json_to_recordset($1) as r(account_id uuid, delivery_id uuid, lease int)),
      mine as materialized (${heldRows})
    update queue q set lost = greatest(q.lost - 1, 0),
      run_at = hub_now() + ($2::jsonb ->> q.delivery_id::text)::bigint * interval '1 ms'
    where q.ctid = any(array(select at from mine))`
  const delays = Object.fromEntries(back.map((row) => [row.delivery_id, Math.round(row.delay_ms)]))
  await db.query({ name: 'give-back', text, values: [JSON.stringify(back), JSON.stringify(delays)] })
}

/** The day of a delivery still has its partition of outcomes; an id's first 48 bits are its milliseconds. */
const dayIsKept = `to_regclass('outcomes_' || to_char(to_timestamp(
    ('x' || left(replace(delivery_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'UTC', 'YYYYMMDD'))
  is not null`

/**
 * Ends claimed rows without a call, each with its outcome and reason, and answers the kinds it wrote. Of a day that was
 * dropped from history no outcome can be kept: the row just goes.
 */
export async function endClaimed(db: pg.Pool, ended: (Held & Ending)[]): Promise<Ending['kind'][]> {
  const text = `
    with r as materialized (select * from json_to_recordset($1)
        as r(account_id uuid, delivery_id uuid, lease int, kind text, reason text)),
      mine as materialized (${heldRows}),
      gone as (delete from queue where ctid = any(array(select at from mine))
        returning account_id, delivery_id, webhook_id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select gone.account_id, delivery_id, gone.webhook_id, r.kind, r.reason from gone join r using (delivery_id)
    where ${dayIsKept}
    returning kind`
  const { rows } = await db.query<Ending>({ name: 'end-claimed', text, values: [JSON.stringify(ended)] })
  return rows.map(({ kind }) => kind)
}

/** How many deliveries of a webhook are still to be sent. */
export async function countQueued(db: Queryable, accountId: string, webhookId: string): Promise<number> {
  const { rows: found } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from queue where account_id = ${accountId} and webhook_id = ${webhookId}`,
  )
  return found[0]?.n ?? 0
}

/** Cancels what is queued for a webhook, in the caller's transaction; answers how many. */
export async function cancelQueued(
  db: Queryable,
  accountId: string,
  webhookId: string,
  reason: 'switched-off' | 'deleted',
): Promise<number> {
  const { rowCount } = await db.execute(sql`
    with gone as (delete from queue where account_id = ${accountId} and webhook_id = ${webhookId}
      returning account_id, delivery_id, webhook_id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select account_id, delivery_id, webhook_id, 'cancelled', ${reason} from gone`)
  return rowCount ?? 0
}
