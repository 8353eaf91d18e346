import { sql } from 'drizzle-orm'
import type { Queryable } from '../../db/client'
import { unleased, usualLeaseMs } from './leased-rows'

/** Ahead of every due row, so that the next claim takes it however much is due. */
const aheadOfAll = sql.raw(`hub_now() - interval '1 day'`)

/**
 * Makes a waiting delivery due at once as a probe: past its schedule, and past the pause and the probing of its webhook.
 * `deliveryId` undefined: the oldest of the webhook. Returns its id; undefined: none waits, or its call is under way.
 */
export async function probeNow(
  db: Queryable,
  accountId: string,
  webhookId: string,
  deliveryId?: string,
): Promise<string | undefined> {
  const { rows } = await db.execute<{ delivery_id: string }>(sql`
    update queue set probe = true, run_at = ${aheadOfAll} where ctid = any(array(
      select ctid from queue
      where account_id = ${accountId} and webhook_id = ${webhookId} and ${sql.raw(unleased(String(usualLeaseMs)))}
        ${deliveryId === undefined ? sql`` : sql`and delivery_id = ${deliveryId}`}
      order by delivery_id limit 1 for update))
    returning delivery_id`)
  return rows[0]?.delivery_id
}
