import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable, Transaction } from '../db/client'
import { newId } from '../db/ids'
import { apiKeys } from '../db/schema'
import { done, type FormResult, missing } from '../form-result'
import { showId } from '../type-id'
import { hashApiKey, makeApiKey } from './api-key'
import type { ApiScope } from './api-key-schema'
import { recordAudit } from './audit'
import { raiseConfigVersion } from './config-version'

/** A key as lists show it. The key itself is not stored. */
export type ApiKey = {
  id: string
  name: string
  prefix: string
  scopes: ApiScope[]
  createdAt: Date
  /** Up to an hour too early. */
  lastUsedAt: Date | null
  lastUsedFrom: string | null
  expiresAt: Date | null
  expired: boolean
}

/** Creates a key, which is returned here and never again. It ends after `days`, or never. */
export function createApiKey(
  db: Database,
  accountId: string,
  userId: string | null,
  { name, scopes, days = null }: { name: string; scopes: ApiScope[]; days?: number | null },
): Promise<{ id: string; key: string }> {
  return db.transaction(async (tx) => {
    const expiresAt = days === null ? null : inDays(days)
    const made = await insertKey(tx, { accountId, name, scopes, expiresAt })
    await recordAudit(tx, accountId, userId, 'api-key.created', keySubject(made.id), {
      name,
      prefix: made.prefix,
      scopes,
      ...(days === null ? {} : { days }),
    })
    return made
  })
}

/**
 * Makes a key that takes another one's place: same name, scopes and limit. Both work until the old one ends after `days`, or
 * before that at the end it has already.
 */
export function rotateApiKey(
  db: Database,
  { accountId, userId, id }: { accountId: string; userId: string; id: string },
  days: number,
): Promise<FormResult<{ id: string; key: string }>> {
  return db.transaction(async (tx) => {
    const [old] = await tx
      .update(apiKeys)
      .set({ expiresAt: sql`least(${apiKeys.expiresAt}, ${inDays(days)})` })
      .where(and(isOpen(accountId), eq(apiKeys.id, id)))
      .returning({
        name: apiKeys.name,
        prefix: apiKeys.prefix,
        scopes: apiKeys.scopes,
        eventsPerSecond: apiKeys.eventsPerSecond,
      })
    if (!old) return missing('This key was revoked in the meantime. Reload the page.')
    const { name, scopes, eventsPerSecond } = old
    const made = await insertKey(tx, { accountId, name, scopes, eventsPerSecond })
    const detail = { name, prefix: made.prefix, replaces: old.prefix, days }
    await recordAudit(tx, accountId, userId, 'api-key.rotated', keySubject(made.id), detail)
    return done(made)
  })
}

const keySubject = (id: string) => `api key ${showId('apiKey', id)}`
const inDays = (days: number) => sql`hub_now() + make_interval(days => ${days})`
const isOpen = (accountId: string) => and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt))

type NewKey = Pick<typeof apiKeys.$inferInsert, 'accountId' | 'name' | 'scopes' | 'eventsPerSecond'> & {
  expiresAt?: SQL | null
}

async function insertKey(tx: Transaction, values: NewKey) {
  const id = newId()
  const { key, prefix } = makeApiKey()
  await tx.insert(apiKeys).values({ ...values, id, prefix, hash: hashApiKey(key) })
  await raiseConfigVersion(tx, values.accountId)
  return { id, key, prefix }
}

/** The keys that are not revoked, newest first. */
export function listApiKeys(db: Queryable, accountId: string): Promise<ApiKey[]> {
  return db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      prefix: apiKeys.prefix,
      scopes: apiKeys.scopes,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      lastUsedFrom: apiKeys.lastUsedFrom,
      expiresAt: apiKeys.expiresAt,
      expired: sql<boolean>`coalesce(${apiKeys.expiresAt} <= hub_now(), false)`,
    })
    .from(apiKeys)
    .where(isOpen(accountId))
    .orderBy(desc(apiKeys.id))
}

/** Revokes a key: requests that arrive after this returns are refused. False when this account has no such valid key. */
export async function revokeApiKey(db: Database, accountId: string, userId: string, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`hub_now()` })
      .where(and(isOpen(accountId), eq(apiKeys.id, id)))
      .returning({ name: apiKeys.name, prefix: apiKeys.prefix })
    if (!revoked) return false
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'api-key.revoked', keySubject(id), revoked)
    return true
  })
}
