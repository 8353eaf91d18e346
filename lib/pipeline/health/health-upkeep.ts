import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../db/client'
import { writeNotices } from '../../notices/write-notices'
import { unleased } from '../queue/leased-rows'
import { turnedOffAfterMs } from './health'
import { holdsToUpkeep, upkeepHolds } from './hold'
import { storeHealth, unnoticedSuccess } from './store-health'

// Time-based health transitions, run by every drainer once a second: notices of long failures, the next step of a ramp, and
// the end of holds.
// No two drainers work on the same row at once.

const toldAfterMs = 15 * 60_000
const toldBeforeOffMs = 24 * 3_600_000
const atATime = 100
const rampAtMost = 2_000

const since = (ms: number) => `failing_since <= hub_now() - interval '${ms} ms'`
const toTell = `(not told_failing and ${since(toldAfterMs)})
  or (not told_turning_off and ${since(turnedOffAfterMs - toldBeforeOffMs)})`
const rampsDue = `exists (select from webhook_health where state = 'ramping' and probe_at <= hub_now())`
const failuresToTell = `exists (select from webhook_health where ${toTell})`
const holdsDue = `exists (select from webhooks where held_at is not null and ${holdsToUpkeep})`
/** SQL: `upkeepHealth` has something to do. */
export const healthDue = `(${rampsDue} or ${failuresToTell} or ${holdsDue})`

/**
 * Writes notices after 15 minutes of failure and 24 hours before turning off, makes the next step of each ramp due, and looks
 * after holds.
 */
export async function upkeepHealth(db: Database, leaseMs: number): Promise<void> {
  const { rows } = await db.execute<{ ramping: boolean; failing: boolean; holds: boolean }>(sql`
    select ${sql.raw(rampsDue)} as ramping, ${sql.raw(failuresToTell)} as failing, ${sql.raw(holdsDue)} as holds`)
  if (rows[0]?.failing) await tellOfFailing(db)
  if (rows[0]?.holds) await upkeepHolds(db)
  if (rows[0]?.ramping) await ramp(db, leaseMs)
}

type Due = { account_id: string; webhook_id: string; since: string; well: boolean; long: boolean; very_long: boolean }

/**
 * A drainer that died between a call and what the call did to its webhook's health may have left a success unnoticed: the
 * calls themselves are asked before anybody is told.
 */
async function tellOfFailing(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute<Due>(sql`
      select h.account_id, h.webhook_id, to_json(h.failing_since) #>> '{}' as since,
        exists (select 1 from calls c where c.account_id = h.account_id and c.webhook_id = h.webhook_id
          and c.id >= uuid_floor(h.failing_since) and c.failure is null and not c.test) as well,
        not told_failing and ${sql.raw(since(toldAfterMs))} as long,
        not told_turning_off and ${sql.raw(since(turnedOffAfterMs - toldBeforeOffMs))} as very_long
      from webhook_health h join webhooks w on w.account_id = h.account_id and w.id = h.webhook_id
      where w.enabled and w.deleted_at is null and (${sql.raw(toTell)})
      order by h.account_id, h.webhook_id limit ${atATime} for update of h skip locked`)
    await storeHealth(
      tx,
      rows.flatMap(({ well, account_id, webhook_id }) => (well ? [unnoticedSuccess(account_id, webhook_id)] : [])),
    )
    const failing = rows.filter(({ well }) => !well)
    const marks = JSON.stringify(failing)
    await tx.execute(sql`
      update webhook_health h set told_failing = true, told_turning_off = h.told_turning_off or r.very_long
      from json_to_recordset(${marks}) as r(account_id uuid, webhook_id uuid, very_long boolean)
      where h.account_id = r.account_id and h.webhook_id = r.webhook_id`)
    await writeNotices(
      tx,
      failing.flatMap(({ account_id: accountId, webhook_id: webhookId, since, long, very_long }) => [
        ...(long ? [{ accountId, webhookId, kind: 'failing' as const, detail: { since } }] : []),
        ...(very_long ? [{ accountId, webhookId, kind: 'turning-off' as const, detail: { since } }] : []),
      ]),
    )
  })
}

/** Makes what waited for a webhook that is well again due: a few, a second later twice as many, until none is left. */
async function ramp(db: Database, leaseMs: number): Promise<void> {
  const { rows } = await db.execute<{ account_id: string; webhook_id: string }>(sql`
    select account_id, webhook_id from webhook_health h
    where state = 'ramping' and probe_at <= hub_now() and not exists (select from webhooks w
      where w.account_id = h.account_id and w.id = h.webhook_id and w.held_at is not null)
    limit ${atATime}`)
  for (const { account_id, webhook_id } of rows) await rampOne(db, account_id, webhook_id, leaseMs)
}

/** What was held comes first: rows that failed meanwhile wait for their retry, and use up none sooner. */
async function rampOne(db: Queryable, accountId: string, webhookId: string, leaseMs: number): Promise<void> {
  const oldest = (which: string, atMost: string) => sql`
    select ctid as at from queue where account_id = ${accountId} and webhook_id = ${webhookId} and ${sql.raw(which)}
    order by delivery_id limit ${sql.raw(atMost)} for update skip locked`
  await db.execute(sql`
    with health as materialized (
      select ramp from webhook_health where account_id = ${accountId} and webhook_id = ${webhookId}
        and state = 'ramping' and probe_at <= hub_now() for update skip locked),
    held as materialized (${oldest(`run_at = 'infinity'`, 'coalesce((select ramp from health), 0)')}),
    deferred as materialized (${oldest(
      `run_at > hub_now() + interval '1 s' and run_at < 'infinity' and ${unleased(String(leaseMs))}`,
      'coalesce((select ramp from health), 0) - (select count(*) from held)',
    )}),
    due as (
      update queue set run_at = hub_now() + random() * interval '1 s'
      where ctid = any(array(select at from held union all select at from deferred))
      returning 1),
    woken as (select count(*) as n from due)
    update webhook_health h set state = case when woken.n < health.ramp and not exists (
        select from queue where account_id = ${accountId} and webhook_id = ${webhookId} and run_at = 'infinity'
          and ctid <> all(array(select at from held))) then 'healthy' else 'ramping' end,
      ramp = least(health.ramp * 2, ${rampAtMost}), probe_at = hub_now() + interval '1 s'
    from health, woken where h.account_id = ${accountId} and h.webhook_id = ${webhookId}`)
}
