import { and, asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { members, sessions } from '../db/people-schema'
import { accounts } from '../db/schema'
import type { Role } from './roles'

/** The account that a page or an action works in. */
export type CurrentAccount = {
  id: string
  identifier: string
  name: string
  npsEnabled: boolean
  publishReviews: boolean
  /** The pre-shared key in force, or null. */
  preSharedKeyVersion: number | null
  /** Its members need two-factor sign-in. */
  demandsTwoFactor: boolean
  /** The operator has closed it. */
  suspended: boolean
}

/** The columns of an account that CurrentAccount has. */
export const currentAccount = {
  id: accounts.id,
  identifier: accounts.identifier,
  name: accounts.name,
  npsEnabled: accounts.npsEnabled,
  publishReviews: accounts.publishReviews,
  preSharedKeyVersion: accounts.preSharedKeyVersion,
  demandsTwoFactor: accounts.demandsTwoFactor,
  suspended: sql<boolean>`${accounts.suspendedAt} is not null`,
}

/** The account of this session: the one that the person switched to, else the first that they joined, and their role. */
export async function findMembership(
  db: Queryable,
  userId: string,
  sessionId = '',
): Promise<{ account: CurrentAccount; role: Role } | undefined> {
  const [found] = await db
    .select({ role: members.role, account: currentAccount })
    .from(members)
    .innerJoin(accounts, eq(accounts.id, members.accountId))
    .leftJoin(sessions, and(eq(sessions.id, sessionId), eq(sessions.accountId, members.accountId)))
    .where(eq(members.userId, userId))
    .orderBy(sql`${sessions.id} is null`, asc(members.createdAt), asc(members.accountId))
    .limit(1)
  return found
}

/** An account that a person belongs to. */
export type Membership = { id: string; name: string; role: Role }

/** Every account of a person, in the order in which they joined. */
export function listMemberships(db: Queryable, userId: string): Promise<Membership[]> {
  return db
    .select({ id: accounts.id, name: accounts.name, role: members.role })
    .from(members)
    .innerJoin(accounts, eq(accounts.id, members.accountId))
    .where(eq(members.userId, userId))
    .orderBy(asc(members.createdAt), asc(members.accountId))
}

/** From now on the session works in this account. False when the person does not belong to it. */
export async function switchAccount(
  db: Queryable,
  { userId, sessionId, accountId }: { userId: string; sessionId: string; accountId: string },
): Promise<boolean> {
  const switched = await db
    .update(sessions)
    .set({ accountId })
    .where(
      and(
        eq(sessions.id, sessionId),
        eq(sessions.userId, userId),
        sql`exists (select 1 from ${members} where ${members.accountId} = ${accountId} and ${members.userId} = ${userId})`,
      ),
    )
    .returning({ id: sessions.id })
  return switched.length > 0
}
