import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable, Transaction } from '../db/client'
import { newId } from '../db/ids'
import { apiKeys } from '../db/schema'
import { done, type FormResult, missing, refused } from '../form-result'
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

/** The key that makes another one. What it makes may do no more, ends no later and has no higher limit. */
export type KeyMaker = { keyId: string; scopes: ApiScope[] }

/** Why a key may not make one of these scopes, or undefined. `manage` includes `read`. */
export function refuseWider(maker: KeyMaker | undefined, scopes: ApiScope[]) {
  const own = new Set(maker?.scopes)
  const wider = scopes.find((scope) => !own.has(scope) && !(scope === 'read' && own.has('manage')))
  return maker && wider
    ? refused(`This key has not the scope "${wider}", so it makes no key with it.`, 'scopes')
    : undefined
}

/** Creates a key, which is returned here and never again. It ends after `days`, or never. */
export function createApiKey(
  db: Database,
  accountId: string,
  userId: string | null,
  { name, scopes, days = null, maker }: { name: string; scopes: ApiScope[]; days?: number | null; maker?: KeyMaker },
): Promise<{ id: string; key: string }> {
  return db.transaction(async (tx) => {
    const bounds = boundsOf(accountId, maker)
    // `least` ignores null.
    const expiresAt = days === null ? bounds.expiresAt : sql`least(${inDays(days)}, ${bounds.expiresAt})`
    const made = await insertKey(tx, { accountId, name, scopes, expiresAt, eventsPerSecond: bounds.eventsPerSecond })
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
 * before that at the end it has already. Refuses what a `maker` may not make.
 */
export function rotateApiKey(
  db: Database,
  { accountId, userId, id }: { accountId: string; userId: string | null; id: string },
  days: number,
  maker?: KeyMaker,
): Promise<FormResult<{ id: string; key: string }>> {
  return db.transaction(async (tx) => {
    const [present] = await tx
      .select({ scopes: apiKeys.scopes })
      .from(apiKeys)
      .where(and(isOpen(accountId), eq(apiKeys.id, id)))
    const wider = present && refuseWider(maker, present.scopes)
    if (wider) return wider
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
    const { name, scopes } = old
    const bounds = boundsOf(accountId, maker)
    const eventsPerSecond = sql`least(${old.eventsPerSecond}::int, ${bounds.eventsPerSecond})`
    const made = await insertKey(tx, { accountId, name, scopes, eventsPerSecond, expiresAt: bounds.expiresAt })
    const detail = { name, prefix: made.prefix, replaces: old.prefix, days }
    await recordAudit(tx, accountId, userId, 'api-key.rotated', keySubject(made.id), detail)
    return done(made)
  })
}

const keySubject = (id: string) => `api key ${showId('apiKey', id)}`
const inDays = (days: number) => sql`hub_now() + make_interval(days => ${days})`
const isOpen = (accountId: string) => and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt))

/** SQL: the end and the limit of the key that makes another one; null: it has none, or no key makes it. */
function boundsOf(accountId: string, maker: KeyMaker | undefined) {
  const own = (column: SQL) =>
    sql`(select ${column} from api_keys where account_id = ${accountId} and id = ${maker?.keyId ?? null}::uuid)`
  return { expiresAt: own(sql`expires_at`), eventsPerSecond: own(sql`events_per_second`) }
}

type NewKey = Pick<typeof apiKeys.$inferInsert, 'accountId' | 'name' | 'scopes'> & {
  expiresAt: SQL
  eventsPerSecond: SQL
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
export async function revokeApiKey(
  db: Database,
  accountId: string,
  userId: string | null,
  id: string,
): Promise<boolean> {
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
