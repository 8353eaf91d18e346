import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'

/** Puts the rate limit of a webhook's new version in force, in the caller's transaction: drainers read it from `webhook_health`. */
export async function setRateLimit(
  db: Queryable,
  accountId: string,
  webhookId: string,
  ratePerMinute: number | null,
): Promise<void> {
  if (ratePerMinute === null)
    await db.execute(sql`
      update webhook_health set per_minute = null, next_at = null
      where account_id = ${accountId} and webhook_id = ${webhookId}`)
  else
    await db.execute(sql`
      insert into webhook_health (account_id, webhook_id, per_minute) values (${accountId}, ${webhookId}, ${ratePerMinute})
      on conflict (account_id, webhook_id) do update set per_minute = excluded.per_minute`)
}
