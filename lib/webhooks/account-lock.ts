import { eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { accounts } from '../db/schema'

/**
 * Lets one change of an account's webhooks run at a time, until the caller's transaction ends. Every change takes this
 * lock first, so that names stay unique, numbers and versions have no gap, and two changes can't wait for each other.
 */
export async function lockAccount(db: Queryable, accountId: string) {
  const [account] = await db
    .select({ nextWebhookNumber: accounts.nextWebhookNumber, preSharedKeyVersion: accounts.preSharedKeyVersion })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('no key update')
  if (!account) throw new Error(`there is no account ${accountId}`)
  return account
}
