import type pg from 'pg'
import { floorId, freshClock, hubTime } from './ids'
import { partitionDaysAhead } from './partitions'

// What keeps the history tables in shape: partitions of the coming days, and the end of days past their retention.
// Any number of processes may do it at once.

const dayMs = 86_400_000
const keysAtATime = 5000

/**
 * Makes the coming partitions and drops the days before `retentionDays`, with what is still queued of them, and with the
 * notices and passed test fires of that time.
 */
export async function keepHistory(db: pg.Pool, retentionDays: number): Promise<void> {
  await freshClock(db)
  await db.query('select make_partitions($1)', [partitionDaysAhead])
  const firstKept = Math.floor(hubTime() / dayMs) * dayMs - retentionDays * dayMs
  const bound = floorId(firstKept)
  // Their outcomes would go with the day; the queue must not keep rows whose payload is gone.
  await db.query('delete from queue where delivery_id < $1', [bound])
  const oldKeys = `delete from ingest_keys where ctid = any(array(
    select ctid from ingest_keys where event_id < $1 limit ${keysAtATime}))`
  while (((await db.query(oldKeys, [bound])).rowCount ?? 0) > 0);
  await db.query('delete from notices where id < $1', [bound])
  await db.query('delete from test_passes where passed_at < $1', [new Date(firstKept)])
  await db.query('select drop_partitions_before($1)', [new Date(firstKept).toISOString().slice(0, 10)])
}

/** How many whole days after today have a partition in every history table; below 2 the hub is not healthy. */
export async function daysAhead(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ days: number | null }>(
    `select partitions_until() - (hub_now() at time zone 'UTC')::date as days`,
  )
  return rows[0]?.days ?? -1
}
