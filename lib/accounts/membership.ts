import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { members } from '../db/people-schema'
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
}

/** The first account that a person joined, and their role in it; undefined when they belong to none. */
export async function findMembership(
  db: Queryable,
  userId: string,
): Promise<{ account: CurrentAccount; role: Role } | undefined> {
  const [found] = await db
    .select({
      role: members.role,
      account: {
        id: accounts.id,
        identifier: accounts.identifier,
        name: accounts.name,
        npsEnabled: accounts.npsEnabled,
        publishReviews: accounts.publishReviews,
        preSharedKeyVersion: accounts.preSharedKeyVersion,
      },
    })
    .from(members)
    .innerJoin(accounts, eq(accounts.id, members.accountId))
    .where(eq(members.userId, userId))
    .orderBy(asc(members.createdAt), asc(members.accountId))
    .limit(1)
  return found
}
