import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'

const hourMs = 3_600_000
const hours = 24

/** One hour of a webhook: how many calls were answered 2xx, and how many were not. Test fires don't count. */
export type HourBar = { delivered: number; failed: number }

/**
 * The last 24 hours of webhooks in hours, oldest first, by webhook id: one query over the rollups, which hold what ended up
 * to some minutes ago. Webhooks without a call are left out.
 */
export async function readDayBars(
  db: Queryable,
  accountId: string,
  webhookIds: string[],
): Promise<Record<string, HourBar[]>> {
  if (webhookIds.length === 0) return {}
  const { rows } = await db.execute<HourBar & { id: string; hour: number }>(sql`
    select webhook_id as id, floor(extract(epoch from hub_now() - started_at) / ${hourMs / 1000})::int as hour,
      sum(delivered)::int as delivered, sum(rejected + erred + unanswered)::int as failed
    from call_rollups
    where account_id = ${accountId} and webhook_id = any(${sql.param(webhookIds)}::uuid[])
      and started_at > hub_now() - ${hours} * interval '1 hour' and started_at <= hub_now()
    group by 1, 2`)
  const bars: Record<string, HourBar[]> = {}
  for (const { id, hour, delivered, failed } of rows) {
    bars[id] ??= Array.from({ length: hours }, () => ({ delivered: 0, failed: 0 }))
    bars[id][hours - 1 - hour] = { delivered, failed }
  }
  return bars
}
