import { randomBytes } from 'node:crypto'
import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { newId } from '../db/ids'
import { accounts, callLinks } from '../db/schema'
import { done, type FormResult, missing } from '../form-result'
import { hashToken } from '../people/link-token'
import { showId } from '../type-id'
import { findCall } from './read-call'

// Links to the read-only page of one call ("Send this to your developer"). Whoever has the link sees that page, so it has
// 128 random bits, is stored as its hash alone, and ends after seven days or when it is revoked.

const days = 7
const isOpen = and(isNull(callLinks.revokedAt), sql`${callLinks.expiresAt} > hub_now()`)

/** A link that still works. */
export type CallLink = { id: string; personal: boolean; createdAt: Date; expiresAt: Date }

/** The links of a call that still work, newest first. */
export function listCallLinks(db: Queryable, accountId: string, callId: string): Promise<CallLink[]> {
  return db
    .select({
      id: callLinks.id,
      personal: callLinks.personal,
      createdAt: callLinks.createdAt,
      expiresAt: callLinks.expiresAt,
    })
    .from(callLinks)
    .where(and(eq(callLinks.accountId, accountId), eq(callLinks.callId, callId), isOpen))
    .orderBy(desc(callLinks.id))
}

/** Makes a link to a call and returns its path, which is shown once. `personal`: its page shows personal data. */
export function makeCallLink(
  db: Database,
  { accountId, userId }: { accountId: string; userId: string },
  { callId, personal }: { callId: string; personal: boolean },
): Promise<FormResult<{ path: string }>> {
  return db.transaction(async (tx) => {
    if (!(await findCall(tx, accountId, callId)))
      return missing('This call is older than the history that this hub keeps.')
    // What has ended opens nothing, and the audit log has it.
    await tx
      .delete(callLinks)
      .where(
        and(
          eq(callLinks.accountId, accountId),
          or(lt(callLinks.expiresAt, sql`hub_now()`), lt(callLinks.revokedAt, sql`hub_now()`)),
        ),
      )
    const token = randomBytes(16).toString('base64url')
    await tx.insert(callLinks).values({
      accountId,
      id: newId(),
      callId,
      hash: hashToken(token),
      personal,
      createdBy: userId,
      expiresAt: sql`hub_now() + make_interval(days => ${days})`,
    })
    await recordAudit(tx, accountId, userId, 'call.link-made', callSubject(callId), { personal, days })
    return done({ path: `/shared/${token}` })
  })
}

/** Revokes a link: from now on it opens nothing. */
export function revokeCallLink(db: Database, accountId: string, userId: string, id: string): Promise<FormResult> {
  return db.transaction(async (tx) => {
    const [ended] = await tx
      .update(callLinks)
      .set({ revokedAt: sql`hub_now()` })
      .where(and(eq(callLinks.accountId, accountId), eq(callLinks.id, id), isNull(callLinks.revokedAt)))
      .returning({ callId: callLinks.callId })
    if (!ended) return missing('This link has ended already.')
    await recordAudit(tx, accountId, userId, 'call.link-revoked', callSubject(ended.callId))
    return done(undefined)
  })
}

export type OpenedLink = { accountId: string; callId: string; personal: boolean; expiresAt: Date }

/** The call that a link with this token opens; undefined: there is none, it has ended, or its account is suspended. */
export async function openCallLink(db: Queryable, token: string): Promise<OpenedLink | undefined> {
  const [found] = await db
    .select({
      accountId: callLinks.accountId,
      callId: callLinks.callId,
      personal: callLinks.personal,
      expiresAt: callLinks.expiresAt,
    })
    .from(callLinks)
    .innerJoin(accounts, eq(accounts.id, callLinks.accountId))
    .where(and(eq(callLinks.hash, hashToken(token)), isOpen, isNull(accounts.suspendedAt)))
  return found
}

const callSubject = (callId: string) => `call ${showId('call', callId)}`
