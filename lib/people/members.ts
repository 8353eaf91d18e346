import { and, asc, eq, ne } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Role } from '../accounts/roles'
import type { Database, Transaction } from '../db/client'
import { members, users } from '../db/people-schema'
import { done, type FormResult, missing, refused } from '../form-result'
import { lockAccount } from '../webhooks/account-lock'

/** A person in an account. */
export type Member = { userId: string; email: string; role: Role; twoFactor: boolean; joinedAt: Date }

/** The members in the order in which they joined. */
export function listMembers(db: Pick<Database, 'select'>, accountId: string): Promise<Member[]> {
  return db
    .select({
      userId: members.userId,
      email: users.email,
      role: members.role,
      twoFactor: users.twoFactorEnabled,
      joinedAt: members.createdAt,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.accountId, accountId))
    .orderBy(asc(members.createdAt), asc(members.userId))
}

/** Who changes which member of which account. `by`: null for the operator. */
type Change = { accountId: string; by: string | null; userId: string }

const gone = missing('This person does not belong to the account any more. Reload the page.')
const lastOwner = refused('An account needs an owner. Make somebody else one first.')

/** Gives a member another role, from their next request on. The last owner stays one. */
export function changeRole(db: Database, change: Change, role: Role): Promise<FormResult> {
  return db.transaction(async (tx) => {
    const found = await lockMember(tx, change)
    if (!found) return gone
    if (found.role === role) return done(undefined)
    if (found.isLastOwner) return lastOwner
    const { accountId, by, userId } = change
    await tx
      .update(members)
      .set({ role })
      .where(and(eq(members.accountId, accountId), eq(members.userId, userId)))
    const detail = { email: found.email, role: { from: found.role, to: role } }
    await recordAudit(tx, accountId, by, 'member.role-changed', userId, detail)
    return done(undefined)
  })
}

/**
 * Takes a person out of an account, from their next request on; a person who leaves takes out themselves. The last owner
 * stays. Their sign-in stays too: they may belong to other accounts.
 */
export function removeMember(db: Database, change: Change): Promise<FormResult> {
  return db.transaction(async (tx) => {
    const found = await lockMember(tx, change)
    if (!found) return gone
    if (found.isLastOwner) return lastOwner
    const { accountId, by, userId } = change
    await tx.delete(members).where(and(eq(members.accountId, accountId), eq(members.userId, userId)))
    const action = by === userId ? 'member.left' : 'member.removed'
    await recordAudit(tx, accountId, by, action, userId, { email: found.email, role: found.role })
    return done(undefined)
  })
}

/** Makes a person a member. False when they are one already. */
export async function addMember(
  tx: Transaction,
  { accountId, by, userId }: Change,
  { email, role }: { email: string; role: Role },
): Promise<boolean> {
  const [added] = await tx
    .insert(members)
    .values({ accountId, userId, role })
    .onConflictDoNothing()
    .returning({ userId: members.userId })
  if (!added) return false
  await recordAudit(tx, accountId, by, 'member.joined', userId, { email, role })
  return true
}

/** A member, read while no other change of this account's members can run. */
async function lockMember(tx: Transaction, { accountId, userId }: Change) {
  await lockAccount(tx, accountId)
  const [member] = await tx
    .select({ role: members.role, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.accountId, accountId), eq(members.userId, userId)))
  if (!member) return undefined
  const others = await tx
    .select({ userId: members.userId })
    .from(members)
    .where(and(eq(members.accountId, accountId), eq(members.role, 'owner'), ne(members.userId, userId)))
    .limit(1)
  return { ...member, isLastOwner: member.role === 'owner' && others.length === 0 }
}
