import { sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Queryable } from '../../db/client'
import type { LeasedRow } from './claimed-row'
import { leasedRows, unleased, usualLeaseMs } from './leased-rows'

// While a person holds a webhook, the run_at of its rows is infinity: no claim reads them. Rows that are claimed or inserted
// at the moment of the hold come here when a drainer is given them.

/** Holds what waits for a webhook, in the transaction that holds the webhook. */
export async function holdQueued(db: Queryable, accountId: string, webhookId: string): Promise<void> {
  await db.execute(sql`
    update queue set run_at = 'infinity', drainer_id = null, probe = false
    where account_id = ${accountId} and webhook_id = ${webhookId} and run_at < 'infinity'
      and ${sql.raw(unleased(String(usualLeaseMs)))}`)
}

/**
 * Gives claimed rows of held webhooks back: they are due when the webhook is released. The lock on the webhook lasts until
 * then or after it: rows of a webhook that was released meanwhile are due at once, and none is left behind.
 */
export async function holdClaimed(db: pg.Pool, rows: (LeasedRow & { webhook_id: string })[]): Promise<void> {
  const text = `
    with r as materialized (select * from json_to_recordset($1)
        as r(account_id uuid, delivery_id uuid, lease int, webhook_id uuid)),
      held as materialized (select id from webhooks
        where (account_id, id) in (select account_id, webhook_id from r) and held_at is not null for share),
      mine as materialized (${leasedRows})
    update queue q set abandoned_claims = greatest(q.abandoned_claims - 1, 0), drainer_id = null,
      run_at = case when exists (select from held where held.id = q.webhook_id) then 'infinity' else hub_now() end
    where q.ctid = any(array(select at from mine))`
  await db.query({ name: 'hold-claimed', text, values: [JSON.stringify(rows)] })
}
