import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { floorId, hubTime } from '../db/ids'
import { barsOf, type ChartSpan } from './chart-spans'
import { countedCalls, windowStart } from './counted-calls'
import { bucketCount, percentile } from './duration-buckets'

/** One bar of a webhook's charts. Counts are calls without test fires; times are milliseconds. */
export type ChartBar = {
  /** When it begins, in Unix milliseconds. */
  at: number
  /** Answered 2xx. */
  delivered: number
  /** Answered 3xx or 4xx. */
  rejected: number
  /** Answered 5xx, or with another status. */
  erred: number
  /** No answer. */
  unanswered: number
  /** Durations that half and 95 % of the calls did not exceed; null: there was no call. */
  p50: number | null
  p95: number | null
  /** The most deliveries that waited at one time. */
  waiting: number
}
export type Chart = { span: ChartSpan; barMs: number; bars: ChartBar[] }

type Counts = Pick<ChartBar, 'delivered' | 'rejected' | 'erred' | 'unanswered' | 'waiting'> & { durations: number[] }

/** Rollups normally end within the last minutes. While they lag, no more than this is counted at once. */
const liveAtMostMs = 2 * 3_600_000

/**
 * The charts of a webhook up to now: rollups, and what they do not hold yet counted from its calls. `offsetMinutes`: how
 * far the reader's clock is ahead of UTC.
 */
export async function readChart(
  db: Queryable,
  accountId: string,
  webhookId: string,
  { span, offsetMinutes }: { span: ChartSpan; offsetMinutes: number },
): Promise<Chart> {
  const now = hubTime()
  const { starts, barMs } = barsOf(span, now, offsetMinutes)
  const first = starts[0] as number
  const own = sql`account_id = ${accountId} and webhook_id = ${webhookId}`
  const rolled = sql`
    select started_at, delivered, rejected, erred, unanswered, durations, waiting
    from call_rollups where ${own} and started_at >= to_timestamp(${first}::float8 / 1000)`
  const from = Math.max(await rolledUntil(db), windowStart(now) - liveAtMostMs, first)
  const live = sql`
    select started_at, delivered, rejected, erred, unanswered, durations, 0 as waiting
    from (${countedCalls(sql`${own} and id >= ${floorId(from)} and id < ${floorId(now + 86_400_000)}`)}) live`
  const waiting = sql`
    select hub_now(), 0, 0, 0, 0, '{}'::int[], count(*)::int from queue where ${own} and abandoned_claims = 0`
  const counts = await sumByBar(db, sql`${rolled} union all ${live} union all ${waiting}`, first, barMs)
  return { span, barMs, bars: starts.map((at, n) => barOf(at, counts.get(n))) }
}

/** When the windows end that are counted. */
async function rolledUntil(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ until: number }>(
    sql`select (extract(epoch from done_until) * 1000)::float8 as until from upkeep_progress where task = 'calls'`,
  )
  return rows[0]?.until ?? 0
}

const summed = Array.from({ length: bucketCount }, (_, i) => `coalesce(sum(durations[${i + 1}]), 0)::int`).join(', ')

async function sumByBar(db: Queryable, windows: SQL, first: number, barMs: number): Promise<Map<number, Counts>> {
  const { rows } = await db.execute<Counts & { bar: number }>(sql`
    select floor((extract(epoch from started_at) * 1000 - ${first}::float8) / ${barMs}::float8)::int as bar,
      sum(delivered)::int as delivered, sum(rejected)::int as rejected, sum(erred)::int as erred,
      sum(unanswered)::int as unanswered, array[${sql.raw(summed)}] as durations, max(waiting) as waiting
    from (${windows}) windows group by bar`)
  return new Map(rows.map((row) => [row.bar, row]))
}

function barOf(at: number, counts: Counts | undefined): ChartBar {
  const { delivered = 0, rejected = 0, erred = 0, unanswered = 0, durations = [], waiting = 0 } = counts ?? {}
  const p50 = percentile(durations, 0.5)
  return { at, delivered, rejected, erred, unanswered, p50, p95: percentile(durations, 0.95), waiting }
}
