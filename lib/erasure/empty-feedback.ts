import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'

/**
 * Deletes feedback, by the platform's ids: it remains as an empty row, like that of a deletion that came in, so that a late
 * event of before does not bring it back. Ingest locks these rows: whatever read the old content has been committed then.
 */
export async function emptyFeedback(db: Queryable, accountId: string, externalIds: string[]): Promise<void> {
  if (externalIds.length === 0) return
  await db.execute(sql`
    with locked as materialized (
      select id from feedback where account_id = ${accountId} and external_id = any(${sql.param(externalIds)}::text[])
      order by external_id for update)
    update feedback f set data = '', service_rating = null, product_ratings = null, nps_score = null,
      version = f.version + (f.data <> '')::int, updated_at = hub_now(), deleted_at = coalesce(f.deleted_at, hub_now())
    from locked where f.account_id = ${accountId} and f.id = locked.id`)
}
