import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { members, sessions, users } from '../db/people-schema'
import { accounts } from '../db/schema'
import { type CurrentAccount, currentAccount } from './membership'
import type { Role } from './roles'

export type FoundSession = {
  session: { id: string; lastUsedAt: Date | null }
  user: { id: string; name: string; email: string; twoFactor: boolean }
  /** The account that the session works in, or null: the person belongs to none. */
  membership: { account: CurrentAccount; role: Role } | null
}

/**
 * The session of a token, with its person and their account, in one statement: every page and every poll of a page begins
 * with it. Undefined once the session has ended.
 */
export async function findSession(db: Queryable, token: string): Promise<FoundSession | undefined> {
  const [found] = await db
    .select({
      session: { id: sessions.id, lastUsedAt: sessions.lastUsedAt },
      user: { id: users.id, name: users.name, email: users.email, twoFactor: users.twoFactorEnabled },
      role: members.role,
      account: currentAccount,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(members, eq(members.userId, users.id))
    .leftJoin(accounts, eq(accounts.id, members.accountId))
    .where(and(eq(sessions.token, token), gt(sessions.expiresAt, sql`hub_now()`)))
    // The account that the person switched to, else the first that they joined.
    .orderBy(
      sql`${members.accountId} is distinct from ${sessions.accountId}`,
      asc(members.createdAt),
      asc(members.accountId),
    )
    .limit(1)
  if (!found) return undefined
  const { session, user, role, account } = found
  return { session, user, membership: role && account ? { role, account } : null }
}
