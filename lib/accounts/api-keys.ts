import { createHash, randomBytes } from 'node:crypto'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../db/client'
import { newId } from '../db/ids'
import { apiKeys } from '../db/schema'
import type { ApiKeyForm, ApiScope } from './api-key-schema'
import { recordAudit } from './audit'
import { raiseConfigVersion } from './config-version'

/** A key as lists show it. The key itself is not stored. */
export type ApiKey = {
  id: string
  name: string
  prefix: string
  scopes: ApiScope[]
  createdAt: Date
  lastUsedAt: Date | null
}

/** What is stored of a key and looked up: its SHA-256. */
export const hashApiKey = (key: string): Buffer => createHash('sha256').update(key).digest()

/** Creates a key: `hb_` and 32 random bytes as base64url. It is returned here and never again. */
export async function createApiKey(
  db: Database,
  accountId: string,
  userId: string | null,
  { name, scopes }: ApiKeyForm,
): Promise<{ id: string; key: string }> {
  const id = newId()
  const key = `hb_${randomBytes(32).toString('base64url')}`
  const prefix = key.slice(0, 9)
  await db.transaction(async (tx) => {
    await tx.insert(apiKeys).values({ accountId, id, name, prefix, hash: hashApiKey(key), scopes })
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'api-key.created', id, { name, prefix, scopes })
  })
  return { id, key }
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
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.id))
}

/** Revokes a key: requests that arrive after this returns are refused. False when this account has no such valid key. */
export async function revokeApiKey(db: Database, accountId: string, userId: string, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`hub_now()` })
      .where(and(eq(apiKeys.accountId, accountId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning({ name: apiKeys.name, prefix: apiKeys.prefix })
    if (!revoked) return false
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'api-key.revoked', id, revoked)
    return true
  })
}
