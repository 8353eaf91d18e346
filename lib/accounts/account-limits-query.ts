import { eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { accounts } from '../db/schema'
import type { AccountLimits } from './account-limits'

/** What the operator has set for an account. */
export async function readAccountLimits(db: Queryable, accountId: string): Promise<AccountLimits> {
  const [account] = await db.select({ limits: accounts.limits }).from(accounts).where(eq(accounts.id, accountId))
  return account?.limits ?? {}
}
