import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { openDatabase, type Queryable, type Transaction } from '../db/client'
import { floorId } from '../db/ids'
import { countedCalls, windowMs } from './counted-calls'

// Counts calls into `call_rollups` and samples the queue, for the charts of a webhook's page. Upkeep does it, so that
// recording a call writes nothing else. Any number of processes may run it: the row of `upkeep_progress` is locked by the
// one that works, and the others go on without waiting.

/** A call is recorded after it ended, or after an outage of the database: the hour before is counted again. */
const againMs = 3_600_000
const stepMs = 3_600_000

/** Counts the calls of all windows that have ended, and samples what waits once a minute. `retentionDays`: of history. */
export async function upkeepCharts(pool: pg.Pool, retentionDays: number): Promise<void> {
  const db = openDatabase(pool)
  await db.transaction(sampleWaiting)
  while (await db.transaction((tx) => rollUpStep(tx, retentionDays)));
}

/** Counts up to an hour of calls that were not counted yet. Returns whether more are left. A new hub has none to count. */
export async function rollUpStep(db: Transaction, retentionDays: number): Promise<boolean> {
  await db.execute(sql`
    insert into upkeep_progress (task, done_until)
    select 'calls', case when exists (select from calls)
      then date_trunc('day', hub_now() - ${retentionDays} * interval '1 day', 'UTC')
      else to_timestamp(floor(extract(epoch from hub_now()) / ${windowMs / 1000}::int) * ${windowMs / 1000}::int) end
    where not exists (select from upkeep_progress where task = 'calls')
    on conflict do nothing`)
  const { rows } = await db.execute<{ done: number; now: number }>(sql`
    select (extract(epoch from done_until) * 1000)::float8 as done, (extract(epoch from hub_now()) * 1000)::float8 as now
    from upkeep_progress where task = 'calls' for update skip locked`)
  const { done = 0, now = 0 } = rows[0] ?? {}
  const ended = Math.floor(now / windowMs) * windowMs
  if (done >= ended) return false
  const until = Math.min(ended, done + stepMs)
  await countInto(db, done - againMs, until)
  await db.execute(sql`
    update upkeep_progress set done_until = to_timestamp(${until}::float8 / 1000) where task = 'calls'`)
  return until < ended
}

/** One account after another, because the calls of an account stand together in the index of their table. */
async function countInto(db: Queryable, fromMs: number, untilMs: number): Promise<void> {
  const own = sql`account_id = a.id and id >= ${floorId(fromMs)}::uuid and id < ${floorId(untilMs)}::uuid`
  await db.execute(sql`
    insert into call_rollups as r
      (account_id, webhook_id, started_at, delivered, rejected, erred, unanswered, durations)
    select a.id, c.webhook_id, c.started_at, c.delivered, c.rejected, c.erred, c.unanswered, c.durations
    from accounts a cross join lateral (${countedCalls(own)} offset 0) c
    on conflict (account_id, webhook_id, started_at) do update set delivered = excluded.delivered,
      rejected = excluded.rejected, erred = excluded.erred, unanswered = excluded.unanswered,
      durations = excluded.durations
    where (r.delivered, r.rejected, r.erred, r.unanswered, r.durations) is distinct from
      (excluded.delivered, excluded.rejected, excluded.erred, excluded.unanswered, excluded.durations)`)
}

/** Adds how many deliveries of each webhook wait to the running window. The first process of each minute does it. */
async function sampleWaiting(db: Transaction): Promise<void> {
  // The pools of drainers avoid sequential scans. This statement reads the whole queue, and no index has what it needs.
  await db.execute(sql`set local enable_seqscan = on`)
  await db.execute(sql`
    with mine as (
      insert into upkeep_progress as p (task, done_until) values ('waiting', date_trunc('minute', hub_now()))
      on conflict (task) do update set done_until = excluded.done_until where p.done_until < excluded.done_until
      returning 1)
    insert into call_rollups as r (account_id, webhook_id, started_at, waiting)
    select account_id, webhook_id,
      to_timestamp(floor(extract(epoch from hub_now()) / ${windowMs / 1000}::int) * ${windowMs / 1000}::int), count(*)
    from queue where abandoned_claims = 0 and exists (select from mine)
    group by account_id, webhook_id
    on conflict (account_id, webhook_id, started_at) do update set waiting = excluded.waiting
    where excluded.waiting > r.waiting`)
}
