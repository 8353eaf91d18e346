import { sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Queryable } from '../../db/client'
import { dayIsKept } from '../../db/partitions'
import type { Ending, LeasedRow } from './claimed-row'
import { leasedRows, unleased, usualLeaseMs } from './leased-rows'

// Ends deliveries without a 2xx. The statement that deletes the queue row writes the outcome.

/**
 * Ends claimed rows, each with its outcome and reason, and returns the kinds it wrote. A delivery whose day was dropped
 * from history gets no outcome: its row is deleted.
 */
export async function endClaimed(db: pg.Pool, rows: (LeasedRow & Ending)[]): Promise<Ending['kind'][]> {
  const text = `
    with r as materialized (select * from json_to_recordset($1)
        as r(account_id uuid, delivery_id uuid, lease int, kind text, reason text)),
      mine as materialized (${leasedRows}),
      gone as (delete from queue where ctid = any(array(select at from mine))
        returning account_id, delivery_id, webhook_id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select gone.account_id, delivery_id, gone.webhook_id, r.kind, r.reason from gone join r using (delivery_id)
    where ${dayIsKept}
    returning kind`
  const ended = await db.query<Ending>({ name: 'end-claimed', text, values: [JSON.stringify(rows)] })
  return ended.rows.map(({ kind }) => kind)
}

/** How many deliveries of a webhook are queued. */
export async function countQueued(db: Queryable, accountId: string, webhookId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from queue where account_id = ${accountId} and webhook_id = ${webhookId}`,
  )
  return rows[0]?.n ?? 0
}

/** Cancels what is queued for a webhook, in the caller's transaction, and returns how many deliveries that were. */
export const cancelQueued = (
  db: Queryable,
  accountId: string,
  webhookId: string,
  reason: 'switched-off' | 'deleted' | 'relay-closed',
): Promise<number> => endQueued(db, accountId, webhookId, { kind: 'cancelled', reason })

/** Ends all that is queued for a webhook, in the caller's transaction, and returns how many deliveries that were. */
export async function endQueued(
  db: Queryable,
  accountId: string,
  webhookId: string,
  { kind, reason }: Ending,
): Promise<number> {
  const { rowCount } = await db.execute(sql`
    with gone as (delete from queue where account_id = ${accountId} and webhook_id = ${webhookId}
      returning account_id, delivery_id, webhook_id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select account_id, delivery_id, webhook_id, ${kind}, ${reason} from gone`)
  return rowCount ?? 0
}

/**
 * Cancels one waiting delivery of a webhook because a person asked for it. Returns whether it did: not while its call is
 * under way.
 */
export async function cancelOne(
  db: Queryable,
  accountId: string,
  webhookId: string,
  deliveryId: string,
): Promise<boolean> {
  const { rowCount } = await db.execute(sql`
    with gone as (delete from queue
      where account_id = ${accountId} and webhook_id = ${webhookId} and delivery_id = ${deliveryId}
        and ${sql.raw(unleased(String(usualLeaseMs)))}
      returning account_id, delivery_id, webhook_id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select account_id, delivery_id, webhook_id, 'cancelled', 'by-hand' from gone
    where ${sql.raw(dayIsKept)}`)
  return rowCount === 1
}
