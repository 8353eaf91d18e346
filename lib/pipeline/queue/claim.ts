import type pg from 'pg'
import { inMs } from '../../db/sql-time'
import { probeMinutes } from '../health/health'
import type { ClaimedRow, Claimer } from './claimed-row'
import { unleased } from './leased-rows'
import { healthOfWebhook, probeDueAt, stateColumns } from './webhook-states'

// Step "claim". A claim raises a row's `lease` (the fencing token) and pushes its `run_at` to the end of the lease, in
// one statement. `attempts` is not raised here: only recording a call raises it, so a crash uses up no retry.

/** From this many abandoned claims on, a row is claimed alone: it may be what kills its drainers. */
export const abandonedAlone = 3
/** Beyond this many abandoned claims, a row ends as exhausted. */
export const abandonedAtMost = 25

/**
 * Claims the rows at the ctids that `which` selects, for $2 milliseconds and the drainer $3. `before`: common table
 * expressions that come before the claim.
 */
const claimText = (which: string, before = '') => `
  with ${before} claimed as (
    update queue set lease = lease + 1, abandoned_claims = abandoned_claims + 1, drainer_id = $3::int,
      run_at = hub_now() + $2::int * interval '1 ms'
    where ctid = any(array(${which}))
    returning account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, lease, abandoned_claims,
      attempts, earlier_attempts, probe, replay
  )
  select c.account_id, c.delivery_id, c.webhook_id, c.feedback_version, c.key_version, c.lease, c.abandoned_claims,
    c.attempts, c.earlier_attempts, c.probe, c.probe as asked, c.replay, p.body, ${stateColumns}
  from claimed c
  join accounts a on a.id = c.account_id
  join webhooks w on w.account_id = c.account_id and w.id = c.webhook_id
  ${healthOfWebhook}
  left join payloads p on p.account_id = c.account_id and p.id = c.payload_id`

const dueRows = (which: string) => `
      select ctid from queue where run_at <= hub_now() and ${which}
      order by run_at, delivery_id limit $1 for update skip locked`
// The bound leads past the index entries of rows that are gone: while a transaction anywhere holds its snapshot, none of
// them can be removed, and a claim from the start visits every one.
const claimSql = claimText(
  dueRows(`run_at >= hub_now() - $5::float8 * interval '1 ms'
        and abandoned_claims < ${abandonedAlone} and (webhook_id <> all($4::uuid[]) or probe)`),
)
const claimAbandonedSql = claimText(dueRows(`abandoned_claims >= ${abandonedAlone}`))

/** SQL: there are rows for `claim`, `claimAbandoned` or `claimProbes`; of disabled webhooks, too, for probes. */
export const rowsDue = `exists (select from queue where abandoned_claims < ${abandonedAlone} and run_at <= hub_now())`
export const abandonedDue = `exists (select from queue where abandoned_claims >= ${abandonedAlone} and run_at <= hub_now())`
export const probesDue = `exists (select from webhook_health h where h.state = 'probing' and ${probeDueAt} <= hub_now())`

/** No row has been due for longer: ten years, in milliseconds. */
const everMs = 3_650 * 86_400_000

/**
 * Claims up to `limit` due rows, except those of the webhooks in `skip`; of these only the probes that people asked for.
 * `dueForMs`: only rows that came due within so many milliseconds.
 */
export async function claim(
  db: pg.Pool,
  limit: number,
  by: Claimer,
  skip: string[],
  dueForMs = everMs,
): Promise<ClaimedRow[]> {
  const values = [limit, by.leaseMs, by.drainerId, skip, Math.min(dueForMs, everMs)]
  return (await db.query<ClaimedRow>({ name: 'claim', text: claimSql, values })).rows
}

/** Claims one due row with `abandonedAlone` or more abandoned claims. */
export async function claimAbandoned(db: pg.Pool, by: Claimer): Promise<ClaimedRow | undefined> {
  const values = [1, by.leaseMs, by.drainerId]
  return (await db.query<ClaimedRow>({ name: 'claim-abandoned', text: claimAbandonedSql, values })).rows[0]
}

// One row per webhook. The probe schedule advances only where a row was found, so that the next delivery of a webhook
// with an empty queue does not wait for a probe that called nothing.
const probesSql = claimText(
  'select at from oldest',
  `due as (
    select h.account_id, h.webhook_id from webhook_health h
    join webhooks w on w.account_id = h.account_id and w.id = h.webhook_id
    where h.state = 'probing' and ${probeDueAt} <= hub_now()
      and w.enabled and w.deleted_at is null and w.held_at is null
    order by h.probe_at limit $1 for update of h skip locked),
  oldest as materialized (
    select due.account_id, due.webhook_id, q.at from due cross join lateral (
      select ctid as at from queue
      where account_id = due.account_id and webhook_id = due.webhook_id and ${unleased('$2')}
      order by delivery_id limit 1 for update skip locked) q),
  stepped as (
    update webhook_health h set probes = h.probes + 1,
      probe_at = ${inMs(`60000 * (array[${probeMinutes}])[least(h.probes + 2, ${probeMinutes.length})]`)}
    from oldest where h.account_id = oldest.account_id and h.webhook_id = oldest.webhook_id),`,
)

/** Claims the oldest delivery of each probing webhook whose next probe is due, and schedules the probe after it. */
export async function claimProbes(db: pg.Pool, by: Claimer): Promise<ClaimedRow[]> {
  const values = [50, by.leaseMs, by.drainerId]
  const { rows } = await db.query<ClaimedRow>({ name: 'claim-probes', text: probesSql, values })
  return rows.map((row) => ({ ...row, probe: true }))
}

// A webhook's id is as old as the webhook, so that all its deliveries come after it: the index on (run_at, delivery_id)
// leads to them past what has been held for longer.
const claimHeldSql = claimText(`
      select ctid from queue where run_at = 'infinity' and delivery_id >= $5::uuid and account_id = $4 and webhook_id = $5
      order by delivery_id limit $1 for update skip locked`)

/** Claims up to `limit` deliveries of a held webhook, for whoever makes its calls in place of the drainers. */
export async function claimHeld(
  db: pg.Pool,
  accountId: string,
  webhookId: string,
  limit: number,
  leaseMs: number,
): Promise<ClaimedRow[]> {
  const values = [limit, leaseMs, null, accountId, webhookId]
  return (await db.query<ClaimedRow>({ name: 'claim-held', text: claimHeldSql, values })).rows
}
