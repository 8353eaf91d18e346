import { asc, count, eq, sql } from 'drizzle-orm'
import { accountSubject, recordAudit, recordPersonAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database, Queryable, Transactional } from '../db/client'
import { members, twoFactors, users } from '../db/people-schema'
import { accounts } from '../db/schema'
import { lockAccount } from '../webhooks/account-lock'
import { invite } from './invitations'
import { addMember, changeRole } from './members'
import { findPerson } from './reset-password'

// What only whoever runs the hub can do, on its shell: npm run account.

export type ListedAccount = { identifier: string; name: string; owners: string[]; members: number; suspended: boolean }

/** Every account with its owners, by identifier. */
export function listAccounts(db: Queryable): Promise<ListedAccount[]> {
  return db
    .select({
      identifier: accounts.identifier,
      name: accounts.name,
      owners: sql<string[]>`coalesce(array_agg(${users.email} order by ${members.createdAt})
        filter (where ${members.role} = 'owner'), '{}')`,
      members: count(members.userId),
      suspended: sql<boolean>`${accounts.suspendedAt} is not null`,
    })
    .from(accounts)
    .leftJoin(members, eq(members.accountId, accounts.id))
    .leftJoin(users, eq(users.id, members.userId))
    .groupBy(accounts.id)
    .orderBy(asc(accounts.identifier))
}

/** The id of the account with this identifier. */
export async function findAccount(db: Queryable, identifier: string): Promise<string | undefined> {
  const [found] = await db.select({ id: accounts.id }).from(accounts).where(eq(accounts.identifier, identifier))
  return found?.id
}

/**
 * Closes an account or opens it again: while it is suspended nobody sees its pages and its API keys are refused, at once in
 * every process. What is queued is still delivered, and nothing is deleted. False when it was so already.
 */
export function suspendAccount(db: Transactional, accountId: string, suspended: boolean): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const changed = await tx
      .update(accounts)
      .set({ suspendedAt: suspended ? sql`hub_now()` : null })
      .where(sql`${accounts.id} = ${accountId} and (${accounts.suspendedAt} is null) = ${suspended}`)
      .returning({ id: accounts.id })
    if (changed.length === 0) return false
    await raiseConfigVersion(tx, accountId)
    await recordAudit(
      tx,
      accountId,
      null,
      suspended ? 'account.suspended' : 'account.resumed',
      accountSubject(accountId),
    )
    return true
  })
}

/** Makes the person with this address an owner. Without a sign-in they get the path of an invitation. */
export async function addOwner(db: Database, accountId: string, email: string): Promise<{ path?: string }> {
  const person = await findPerson(db, email)
  if (!person) {
    const invited = await invite(db, { accountId, by: null }, { email, role: 'owner' })
    if (!invited.ok) throw new Error(invited.errors[0]?.message)
    return invited.value
  }
  const change = { accountId, by: null, userId: person.id }
  const added = await db.transaction((tx) => addMember(tx, change, { email, role: 'owner' }))
  if (!added) await changeRole(db, change, 'owner')
  return {}
}

/** Takes the second factor from a person who has lost it. */
export function removeTwoFactor(db: Database, userId: string): Promise<void> {
  return db.transaction(async (tx) => {
    await tx.delete(twoFactors).where(eq(twoFactors.userId, userId))
    await tx.update(users).set({ twoFactorEnabled: false }).where(eq(users.id, userId))
    await recordPersonAudit(tx, { personId: userId, by: null }, 'user.two-factor-off')
  })
}
