import { sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Queryable } from '../db/client'
import { type Health, probeMinutes } from './health'

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
  /** Calls recorded, and those of them that were before this round of the schedule. */
  attempts: number
  before: number
  /** The one call of a probing webhook that finds out whether it is well: it is held back by nothing. */
  probe?: boolean
  /** null: the payload's day is gone. */
  body: string | null
} & WebhookState

export type WebhookState = {
  /** On and not deleted. */
  live: boolean
  deleted: boolean
  /** The account's. */
  config_version: number
} & Restraint

/** What holds a webhook's calls back; without a lane, nothing. */
export type Restraint = {
  lane: Health['state'] | null
  failing: boolean
  /** Until it may be called again, as it asked. */
  paused_ms: number | null
  per_minute: number | null
}

const stateColumns = `w.enabled and w.deleted_at is null as live, w.deleted_at is not null as deleted, a.config_version,
    l.state as lane, l.failing_since is not null or l.state = 'probing' as failing, l.per_minute,
    (extract(epoch from l.paused_until - hub_now()) * 1000)::float8 as paused_ms`
const laneOfWebhook = 'left join webhook_lanes l on l.account_id = w.account_id and l.webhook_id = w.id'

/** Claims the rows at the ctids that `which` selects, for $2 milliseconds. `before`: common table expressions for it. */
const claimText = (which: string, before = '') => `
  with ${before} claimed as (
    update queue set lease = lease + 1, lost = lost + 1, run_at = hub_now() + $2::int * interval '1 ms'
    where ctid = any(array(${which}))
    returning account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, lease, lost, attempts,
      before
  )
  select c.account_id, c.delivery_id, c.webhook_id, c.feedback_version, c.key_version, c.lease, c.lost, c.attempts,
    c.before, p.body, ${stateColumns}
  from claimed c
  join accounts a on a.id = c.account_id
  join webhooks w on w.account_id = c.account_id and w.id = c.webhook_id
  ${laneOfWebhook}
  left join payloads p on p.account_id = c.account_id and p.id = c.payload_id`

const dueRows = (which: string) => `
      select ctid from queue where run_at <= hub_now() and ${which}
      order by run_at, delivery_id limit $1 for update skip locked`
const claimSql = claimText(dueRows(`lost < ${lostAlone} and webhook_id <> all($3::uuid[])`))
const claimLostSql = claimText(dueRows(`lost >= ${lostAlone}`))
const hasLostSql = `select 1 from queue where lost >= ${lostAlone} and run_at <= hub_now() limit 1`
const statesSql = `select w.id, ${stateColumns} from webhooks w join accounts a on a.id = w.account_id
  ${laneOfWebhook} where w.id = any($1::uuid[])`

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

/**
 * SQL: no drainer holds the row. One that does has claimed it since its last call (lost), and its lease of `leaseMs` runs:
 * what is due only after that was given back, if by one drainer after another had died with it.
 */
export const unheld = (leaseMs: string) =>
  `(lost = 0 or run_at <= hub_now() or run_at > hub_now() + ${leaseMs}::int * interval '1 ms')`

// One row a webhook; the lane moves on only where there was one, so that the next delivery need not wait for what found
// nothing.
const probesSql = claimText(
  'select at from oldest',
  `due as (
    select l.account_id, l.webhook_id from webhook_lanes l
    join webhooks w on w.account_id = l.account_id and w.id = l.webhook_id
    where l.state = 'probing' and l.probe_at <= hub_now() and coalesce(l.paused_until <= hub_now(), true)
      and w.enabled and w.deleted_at is null
    order by l.probe_at limit $1 for update of l skip locked),
  oldest as materialized (
    select due.account_id, due.webhook_id, q.at from due cross join lateral (
      select ctid as at from queue
      where account_id = due.account_id and webhook_id = due.webhook_id and ${unheld('$2')}
      order by delivery_id limit 1 for update skip locked) q),
  stepped as (
    update webhook_lanes l set probes = l.probes + 1, probe_at = hub_now() + interval '1 min'
      * (array[${probeMinutes}])[least(l.probes + 2, ${probeMinutes.length})]
    from oldest where l.account_id = oldest.account_id and l.webhook_id = oldest.webhook_id),`,
)

/** Claims the oldest delivery of each probing webhook whose next call is due, and sets when the one after it is. */
export async function claimProbes(db: pg.Pool, leaseMs: number): Promise<Claimed[]> {
  const { rows } = await db.query<Claimed>({ name: 'claim-probes', text: probesSql, values: [50, leaseMs] })
  return rows.map((row) => ({ ...row, probe: true }))
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

/** Which of claimed rows are still the claimer's: neither ended nor claimed by another one. Answers their delivery ids. */
export async function stillHeld(db: pg.Pool, rows: Held[]): Promise<string[]> {
  const text = `
    with r as materialized (select * from json_to_recordset($1) as r(account_id uuid, delivery_id uuid, lease int))
    select delivery_id from (${heldRows}) mine`
  const { rows: found } = await db.query<Held>({ name: 'still-held', text, values: [JSON.stringify(rows)] })
  return found.map(({ delivery_id }) => delivery_id)
}

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

/** To be due at random moments between `fromMs` and `toMs` from now: what comes due within `dueInMs`. */
export type PutOff = { dueInMs: number; fromMs: number; toMs: number }

/**
 * Puts deliveries of a webhook off that no drainer holds; answers how many, `limit` at most. A crowd of them would stand
 * before all others in each claim.
 */
export async function putOff(
  db: pg.Pool,
  { accountId, webhookId }: { accountId: string; webhookId: string },
  { dueInMs, fromMs, toMs }: PutOff,
  limit: number,
): Promise<number> {
  const text = `
    update queue set run_at = hub_now() + ($3::float8 + random() * ($4::float8 - $3::float8)) * interval '1 ms'
    where ctid = any(array(
      select ctid from queue where account_id = $1 and webhook_id = $2 and lost = 0
        and run_at <= hub_now() + $5::float8 * interval '1 ms'
      limit $6 for update skip locked))`
  const values = [accountId, webhookId, fromMs, toMs, dueInMs, limit]
  return (await db.query({ name: 'put-off', text, values })).rowCount ?? 0
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
export const cancelQueued = (
  db: Queryable,
  accountId: string,
  webhookId: string,
  reason: 'switched-off' | 'deleted',
): Promise<number> => endQueued(db, accountId, webhookId, { kind: 'cancelled', reason })

/** Ends all that is queued for a webhook, in the caller's transaction; answers how many. */
export async function endQueued(
  db: Queryable,
  accountId: string,
  webhookId: string,
  { kind, reason }: Ending,
): Promise<number> {
  const { rowCount } = await db.execute(sql`
    with gone as (delete from queue where account_id = ${accountId} and webhook_id = ${webhookId}
      returning account_id, delivery_id, webhook_id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select account_id, delivery_id, webhook_id, ${kind}, ${reason} from gone`)
  return rowCount ?? 0
}
