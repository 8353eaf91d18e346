import { type SQL, sql } from 'drizzle-orm'
import { bucketCount, bucketSql } from './duration-buckets'

/** The length of a rollup's window. */
export const windowMs = 5 * 60_000

/** A time rounded down to the start of its window. */
export const windowStart = (atMs: number): number => Math.floor(atMs / windowMs) * windowMs

const idMs = sql.raw(`('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint`)

/** SQL: per webhook, window and bucket of duration, the calls among those that `where` selects. */
const byBucket = (where: SQL): SQL => sql`
  select webhook_id, to_timestamp(${idMs} / ${sql.raw(String(windowMs))} * ${sql.raw(String(windowMs / 1000))}) as started_at,
    ${sql.raw(bucketSql('duration_ms'))} as bucket, count(*) as n,
    count(*) filter (where failure is null) as delivered,
    count(*) filter (where failure is not null and status between 300 and 499) as rejected,
    count(*) filter (where failure is not null and status not between 300 and 499) as erred,
    count(*) filter (where failure is not null and status is null) as unanswered
  from calls where ${where} and not test and webhook_id is not null
  group by webhook_id, started_at, bucket`

const durations = Array.from(
  { length: bucketCount },
  (_, i) => `coalesce(sum(n) filter (where bucket = ${i + 1}), 0)::int`,
)

/** SQL: the calls that `where` selects as rows of `call_rollups`, without account and without test fires. */
export const countedCalls = (where: SQL): SQL => sql`
  select webhook_id, started_at, sum(delivered)::int as delivered, sum(rejected)::int as rejected,
    sum(erred)::int as erred, sum(unanswered)::int as unanswered, array[${sql.raw(durations.join(', '))}] as durations
  from (${byBucket(where)}) by_bucket
  group by webhook_id, started_at`
