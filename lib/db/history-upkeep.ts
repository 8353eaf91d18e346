import type pg from 'pg'
import { floorId, freshClock, hubTime } from './ids'
import { dayIsKept, partitionDaysAhead } from './partitions'

// What keeps the history tables in shape: partitions of the coming days, and the end of days past their retention.
// Any number of processes may do it at once.

const dayMs = 86_400_000
const rowsAtATime = 5000

/**
 * Makes the coming partitions and drops the days before `retentionDays`, with the notices, rollups and passed test fires of
 * that time. What is still queued from the first day that is kept ends as exhausted, a day before that day goes.
 */
export async function keepHistory(db: pg.Pool, retentionDays: number): Promise<void> {
  await freshClock(db)
  await db.query('select make_partitions($1)', [partitionDaysAhead])
  const firstKept = Math.floor(hubTime() / dayMs) * dayMs - retentionDays * dayMs
  const bound = floorId(firstKept)
  await expireQueued(db, floorId(firstKept + dayMs))
  // What a drainer held until now has no outcome: the queue must not keep rows whose payload is gone.
  await db.query('delete from queue where delivery_id < $1', [bound])
  await deleteOld(db, 'ingest_keys', 'event_id < $1', bound)
  await deleteOld(db, 'late_deliveries', 'event_id < $1', bound)
  await deleteOld(db, 'call_rollups', 'started_at < $1', new Date(firstKept))
  await db.query('delete from notices where id < $1', [bound])
  await db.query(`delete from idempotent_answers where created_at < hub_now() - interval '24 hours'`)
  await db.query('delete from test_passes where passed_at < $1', [new Date(firstKept)])
  await db.query('select drop_partitions_before($1)', [new Date(firstKept).toISOString().slice(0, 10)])
}

/**
 * Ends what is queued from before `bound`, the smallest id of a moment, as exhausted, "expired". Their day still has a
 * partition of outcomes, so that people see for a day how they ended. Claimed rows are left to their drainer.
 */
export async function expireQueued(db: pg.Pool, bound: string): Promise<void> {
  const text = `
    with gone as (delete from queue where ctid = any(array(
        select ctid from queue where delivery_id < $1 and (abandoned_claims = 0 or run_at <= hub_now())
        limit ${rowsAtATime} for update skip locked))
      returning account_id, delivery_id, webhook_id),
    ended as (
      insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
      select account_id, delivery_id, webhook_id, 'exhausted', 'expired' from gone where ${dayIsKept})
    select from gone`
  while (((await db.query(text, [bound])).rowCount ?? 0) > 0);
}

/** Deletes in small transactions, so that nothing waits for a long one. */
async function deleteOld(db: pg.Pool, table: string, which: string, bound: string | Date): Promise<void> {
  const text = `delete from ${table} where ctid = any(array(select ctid from ${table} where ${which} limit ${rowsAtATime}))`
  while (((await db.query(text, [bound])).rowCount ?? 0) > 0);
}

/** How many whole days after today have a partition in every history table; below 2 the hub is not healthy. */
export async function daysAhead(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ days: number | null }>(
    `select partitions_until() - (hub_now() at time zone 'UTC')::date as days`,
  )
  return rows[0]?.days ?? -1
}
