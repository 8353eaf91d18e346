import { randomBytes } from 'node:crypto'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Role } from '../accounts/roles'
import type { Database, Queryable, Transaction } from '../db/client'
import { newId } from '../db/ids'
import { invitations, members, users } from '../db/people-schema'
import { accounts } from '../db/schema'
import { done, type FormResult, missing, refused } from '../form-result'
import { lockAccount } from '../webhooks/account-lock'
import { hashToken } from './link-token'
import type { InvitationForm } from './people-schema'

/** An invitation that nobody has accepted yet. */
export type Invitation = { id: string; email: string; role: Role; createdAt: Date; expiresAt: Date; expired: boolean }

const days = 7
const isOpen = and(isNull(invitations.endedAt), sql`${invitations.expiresAt} > hub_now()`)

/** The invitations that were neither accepted nor withdrawn, newest first. */
export function listInvitations(db: Queryable, accountId: string): Promise<Invitation[]> {
  return db
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
      expired: sql<boolean>`${invitations.expiresAt} <= hub_now()`,
    })
    .from(invitations)
    .where(and(eq(invitations.accountId, accountId), isNull(invitations.endedAt)))
    .orderBy(desc(invitations.createdAt))
}

/**
 * Invites a person and returns the path of the link, which is stored as its hash alone: it works once, for seven days. A new
 * invitation takes the place of an open one for the same address. `by`: null for the operator.
 */
export function invite(
  db: Database,
  { accountId, by }: { accountId: string; by: string | null },
  { email, role }: InvitationForm,
): Promise<FormResult<{ path: string }>> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const belongs = await tx
      .select({ userId: members.userId })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.accountId, accountId), eq(users.email, email)))
    if (belongs.length > 0) return refused('This person belongs to the account already.', 'email')
    await tx
      .update(invitations)
      .set({ endedAt: sql`hub_now()` })
      .where(and(eq(invitations.accountId, accountId), eq(invitations.email, email), isNull(invitations.endedAt)))
    const token = randomBytes(32).toString('base64url')
    const id = newId()
    await tx.insert(invitations).values({
      accountId,
      id,
      email,
      role,
      hash: hashToken(token),
      createdBy: by,
      expiresAt: sql`hub_now() + make_interval(days => ${days})`,
    })
    await recordAudit(tx, accountId, by, 'member.invited', id, { email, role })
    return done({ path: `/invitation#${token}` })
  })
}

/** Withdraws an invitation: its link no longer works. */
export function withdrawInvitation(
  db: Database,
  accountId: string,
  by: string | null,
  id: string,
): Promise<FormResult> {
  return db.transaction(async (tx) => {
    const [ended] = await tx
      .update(invitations)
      .set({ endedAt: sql`hub_now()` })
      .where(and(eq(invitations.accountId, accountId), eq(invitations.id, id), isNull(invitations.endedAt)))
      .returning({ email: invitations.email, role: invitations.role })
    if (!ended) return missing('This invitation was accepted or withdrawn in the meantime.')
    await recordAudit(tx, accountId, by, 'invitation.withdrawn', id, ended)
    return done(undefined)
  })
}

/** What a link invites to. `hasSignIn`: its address has a sign-in at this hub. */
export type OpenedInvitation = { accountName: string; email: string; role: Role; hasSignIn: boolean }

/** What the link with this token invites to; undefined when it no longer works. */
export async function openInvitation(db: Queryable, token: string): Promise<OpenedInvitation | undefined> {
  const [found] = await db
    .select({
      accountName: accounts.name,
      email: invitations.email,
      role: invitations.role,
      hasSignIn: sql<boolean>`exists (select 1 from users where users.email = ${invitations.email})`,
    })
    .from(invitations)
    .innerJoin(accounts, eq(accounts.id, invitations.accountId))
    .where(and(eq(invitations.hash, hashToken(token)), isOpen, isNull(accounts.suspendedAt)))
  return found
}

/** What a link invites to, locked until the caller's transaction ends: of several uses at the same time one succeeds. */
export async function lockInvitation(tx: Transaction, token: string) {
  const [found] = await tx
    .select({
      accountId: invitations.accountId,
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
    })
    .from(invitations)
    .where(and(eq(invitations.hash, hashToken(token)), isOpen))
    .for('update')
  return found
}

/** Uses the invitation up. */
export async function endInvitation(tx: Transaction, { accountId, id }: { accountId: string; id: string }) {
  await tx
    .update(invitations)
    .set({ endedAt: sql`hub_now()` })
    .where(and(eq(invitations.accountId, accountId), eq(invitations.id, id)))
}
