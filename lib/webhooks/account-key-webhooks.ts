import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { hasOwnHeader, joinVersionInForce } from './version-in-force'

// Which webhooks send the account's pre-shared key, and which keep their own header instead.

const namedAtMost = 10

/** The webhooks that a key applies to: the names of the first ten, and how many there are. */
export type AccountKeyWebhooks = { names: string[]; total: number }

/** SQL: a webhook that sends its own header because the account has no key. A key that is added leaves it alone. */
const keepsOwnHeader = `v.authentication = 'account-key' and a.pre_shared_key_version is null and ${hasOwnHeader}`

/** The webhooks that a key set now applies to, in the order they were registered. */
export async function accountKeyWebhooks(db: Queryable, accountId: string): Promise<AccountKeyWebhooks> {
  const { rows } = await db.execute<{ name: string; total: number }>(sql`
    select v.name, count(*) over ()::int as total
    from webhooks w join accounts a on a.id = w.account_id ${sql.raw(joinVersionInForce)}
    where w.account_id = ${accountId} and w.deleted_at is null and v.authentication = 'account-key'
      and not (${sql.raw(keepsOwnHeader)})
    order by w.number limit ${namedAtMost}`)
  return { names: rows.map(({ name }) => name), total: rows[0]?.total ?? 0 }
}

/**
 * Makes "own header" the choice of webhooks that send one only because the account has no key, in the transaction that adds
 * a key. They date from version 0.1.0.
 */
export async function keepOwnHeaders(db: Queryable, accountId: string): Promise<void> {
  await db.execute(sql`
    update webhook_versions v set authentication = 'own-header' from webhooks w join accounts a on a.id = w.account_id
    where w.account_id = ${accountId} and v.account_id = w.account_id and v.webhook_id = w.id and v.version = w.version
      and ${sql.raw(keepsOwnHeader)}`)
}
