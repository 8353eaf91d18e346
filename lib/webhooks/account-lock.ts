import { eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { accounts } from '../db/schema'

/**
 * Locks the account until the caller's transaction ends, so that changes of its webhooks and sources run one at a time.
 * Every change takes this lock first: names stay unique, numbers and versions have no gap, and changes do not deadlock.
 * Throws when there is no such account.
 */
export async function lockAccount(db: Queryable, accountId: string) {
  const [account] = await db
    .select({
      nextWebhookNumber: accounts.nextWebhookNumber,
      preSharedKeyVersion: accounts.preSharedKeyVersion,
      limits: accounts.limits,
    })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('no key update')
  if (!account) throw new Error(`there is no account ${accountId}`)
  return account
}
