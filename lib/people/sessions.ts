import { and, desc, eq, ne, sql } from 'drizzle-orm'
import { recordPersonAudit } from '../accounts/audit'
import { callerAddress } from '../accounts/caller'
import type { Database, Queryable } from '../db/client'
import { sessions } from '../db/people-schema'
import { deviceWords } from './device-words'

/** A browser in which a person is signed in. */
export type OpenSession = {
  id: string
  /** "Firefox on Windows". */
  device: string
  /** The client address of its last use. */
  address: string
  signedInAt: Date
  /** Up to an hour too early. */
  lastUsedAt: Date
  /** The one that asks. */
  current: boolean
}

const open = sql`${sessions.expiresAt} > hub_now()`

/** The open sessions of a person: the one that asks first, then by last use. */
export async function listSessions(db: Queryable, userId: string, sessionId: string): Promise<OpenSession[]> {
  const lastUsedAt = sql<Date>`coalesce(${sessions.lastUsedAt}, ${sessions.createdAt})`.mapWith(sessions.createdAt)
  const rows = await db
    .select({
      id: sessions.id,
      userAgent: sessions.userAgent,
      address: sessions.ipAddress,
      signedInAt: sessions.createdAt,
      lastUsedAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), open))
    .orderBy(desc(eq(sessions.id, sessionId)), desc(lastUsedAt))
  return rows.map(({ userAgent, address, ...row }) => ({
    ...row,
    device: deviceWords(userAgent ?? ''),
    address: address ?? '',
    current: row.id === sessionId,
  }))
}

/** Ends one session of a person at once, in every process. False when they have no such session. */
export function endSession(db: Database, userId: string, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const ended = await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), eq(sessions.id, id)))
      .returning({ userAgent: sessions.userAgent })
    if (ended.length === 0) return false
    const device = deviceWords(ended[0]?.userAgent ?? '')
    await recordPersonAudit(tx, { personId: userId, by: userId }, 'user.session-ended', { device })
    return true
  })
}

/** Ends all sessions of a person, but for `except`. Returns how many they were. */
export function endSessions(db: Database, userId: string, except = ''): Promise<number> {
  return db.transaction(async (tx) => {
    const ended = await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), ne(sessions.id, except)))
      .returning({ id: sessions.id })
    await recordPersonAudit(tx, { personId: userId, by: userId }, 'user.signed-out-everywhere', {
      sessions: ended.length,
    })
    return ended.length
  })
}

const hour = 60 * 60 * 1000

/** Writes the time and address of a session's use, at most hourly. Nothing waits for it; the next use tries again. */
export function markSessionUsed(db: Queryable, { id, lastUsedAt }: { id: string; lastUsedAt?: Date | null }): void {
  if (lastUsedAt && Date.now() - lastUsedAt.getTime() < hour) return
  const address = callerAddress()
  db.update(sessions)
    .set({ lastUsedAt: sql`hub_now()`, ...(address && { ipAddress: address }) })
    .where(and(eq(sessions.id, id), sql`coalesce(${sessions.lastUsedAt}, '-infinity') < hub_now() - interval '1 hour'`))
    .catch(() => {})
}
