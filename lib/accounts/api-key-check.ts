import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { ApiScope } from './api-key-schema'

/** A valid API key, and the account's config_version at which it was found valid. */
export type CheckedKey = {
  accountId: string
  keyId: string
  scopes: ApiScope[]
  /** Events per second that this process takes in with it; null: no limit. */
  eventsPerSecond: number | null
  configVersion: number
}

const findSql = `
  select k.account_id as "accountId", k.id as "keyId", k.scopes,
    k.events_per_second as "eventsPerSecond", a.config_version as "configVersion"
  from api_keys k join accounts a on a.id = k.account_id
  where k.hash = $1 and k.revoked_at is null`

/** Reads the key of an `Authorization: Bearer` header from the database; undefined when it is not valid. */
export async function checkApiKey(db: pg.Pool, header: string | null): Promise<CheckedKey | undefined> {
  const digest = hashOf(header)
  return digest ? find(db, digest) : undefined
}

const cache = new LRUCache<string, CheckedKey>({ max: 10_000, ttl: 60_000 })

/**
 * As checkApiKey, from memory where possible. For ingest alone: its transaction compares the account's config_version and
 * calls `revokedKeys` when it has changed, so a revoked key is never accepted.
 */
export async function recallApiKey(db: pg.Pool, header: string | null): Promise<CheckedKey | undefined> {
  const digest = hashOf(header)
  if (!digest) return undefined
  const kept = cache.get(digest)
  if (kept) return kept
  const found = await find(db, digest)
  if (found) cache.set(digest, found)
  return found
}

/** The keys that are no longer valid in this transaction. The config_version of the others is set to that of `versions`. */
export async function revokedKeys(
  db: pg.ClientBase,
  keys: CheckedKey[],
  versions: Map<string, { version: number }>,
): Promise<Set<CheckedKey>> {
  const stale = keys.filter((key) => versions.get(key.accountId)?.version !== key.configVersion)
  const revoked = new Set<CheckedKey>()
  if (stale.length === 0) return revoked
  const { rows } = await db.query<{ id: string }>({
    name: 'keys-still-valid',
    text: `select k.id from json_to_recordset($1) as r(account_id uuid, id uuid)
      join api_keys k on k.account_id = r.account_id and k.id = r.id where k.revoked_at is null`,
    values: [JSON.stringify(stale.map(({ accountId, keyId }) => ({ account_id: accountId, id: keyId })))],
  })
  const valid = new Set(rows.map(({ id }) => id))
  for (const key of stale)
    if (valid.has(key.keyId)) key.configVersion = versions.get(key.accountId)?.version ?? key.configVersion
    else {
      revoked.add(key)
      for (const [name, kept] of cache.entries()) if (kept.keyId === key.keyId) cache.delete(name)
    }
  return revoked
}

const usedAt = new Map<string, number>()

/** Updates "last used", at most once a minute per key. Nothing waits for it; after a failure the next use tries again. */
export function markUsed(db: pg.Pool, { accountId, keyId }: CheckedKey): void {
  const now = Date.now()
  if (now - (usedAt.get(keyId) ?? 0) < 60_000) return
  usedAt.set(keyId, now)
  const text = 'update api_keys set last_used_at = hub_now() where account_id = $1 and id = $2'
  db.query(text, [accountId, keyId]).catch(() => usedAt.delete(keyId))
}

/** SHA-256 of the key, as base64. */
function hashOf(header: string | null): string | undefined {
  const key = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  return key ? hash('sha256', key, 'base64') : undefined
}

async function find(db: pg.Pool, digest: string): Promise<CheckedKey | undefined> {
  const values = [Buffer.from(digest, 'base64')]
  return (await db.query<CheckedKey>({ name: 'api-key', text: findSql, values })).rows[0]
}
