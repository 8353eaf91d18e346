import { timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { hashApiKey, prefixOf } from './api-key'
import type { ApiScope } from './api-key-schema'

/** A valid API key, and the account's config_version at which it was found valid. */
export type CheckedKey = {
  accountId: string
  keyId: string
  /** Its public part. */
  prefix: string
  scopes: ApiScope[]
  /** Events per second that this process takes in with it; null: no limit. */
  eventsPerSecond: number | null
  /** The same for all keys of its account together. */
  accountEventsPerSecond: number | null
  configVersion: number
}

/** Not revoked, not past its end, of an account that is not suspended. */
const isValid = `k.revoked_at is null and (k.expires_at is null or k.expires_at > hub_now()) and a.suspended_at is null`

const findSql = `
  select k.account_id as "accountId", k.id as "keyId", k.prefix, k.scopes, k.hash, k.events_per_second as "eventsPerSecond",
    (a.limits ->> 'eventsPerSecond')::int as "accountEventsPerSecond", a.config_version as "configVersion",
    (extract(epoch from k.expires_at - hub_now()) * 1000)::float8 as "endsInMs"
  from api_keys k join accounts a on a.id = k.account_id
  where k.prefix = $1 and ${isValid}`

/** Reads the key of an `Authorization: Bearer` header from the database; undefined when it is not valid. */
export async function checkApiKey(db: pg.Pool, header: string | null): Promise<CheckedKey | undefined> {
  const key = keyIn(header)
  return key ? (await find(db, key))?.found : undefined
}

const keptFor = 60_000
const cache = new LRUCache<string, CheckedKey>({ max: 10_000, ttl: keptFor })

/**
 * As checkApiKey, from memory where possible. For ingest alone: its transaction compares the account's config_version and
 * calls `revokedKeys` when it has changed, so a revoked key is never accepted. A key with an end is kept no longer than that.
 */
export async function recallApiKey(db: pg.Pool, header: string | null): Promise<CheckedKey | undefined> {
  const key = keyIn(header)
  if (!key) return undefined
  const digest = hashApiKey(key).toString('base64')
  const kept = cache.get(digest)
  if (kept) return kept
  const read = await find(db, key)
  if (read) cache.set(digest, read.found, { ttl: Math.min(keptFor, Math.max(1, read.endsInMs ?? keptFor)) })
  return read?.found
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
      join api_keys k on k.account_id = r.account_id and k.id = r.id
      join accounts a on a.id = k.account_id where ${isValid}`,
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

const hour = 60 * 60 * 1000
const usedAt = new LRUCache<string, true>({ max: 10_000, ttl: hour })

/**
 * Writes "last used" and the client address, at most hourly in all processes together. Nothing waits for it; after a failure
 * the next use tries again.
 */
export function markUsed(db: pg.Pool, { accountId, keyId }: CheckedKey, address: string | null): void {
  if (usedAt.get(keyId)) return
  usedAt.set(keyId, true)
  const text = `update api_keys set last_used_at = hub_now(), last_used_from = $3
    where account_id = $1 and id = $2 and coalesce(last_used_at, '-infinity') < hub_now() - interval '1 hour'`
  db.query(text, [accountId, keyId, address]).catch(() => usedAt.delete(keyId))
}

/** The key of the header, when it has the form of one. */
function keyIn(header: string | null): string | undefined {
  const key = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  return key && prefixOf(key) ? key : undefined
}

type Row = CheckedKey & { hash: Buffer; endsInMs: number | null }

/** Finds a key by its public part, and compares the hash of the whole in constant time. */
async function find(db: pg.Pool, key: string): Promise<{ found: CheckedKey; endsInMs: number | null } | undefined> {
  const hash = hashApiKey(key)
  const { rows } = await db.query<Row>({ name: 'api-key', text: findSql, values: [prefixOf(key)] })
  const row = rows.find((candidate) => timingSafeEqual(candidate.hash, hash))
  if (!row) return undefined
  const { hash: _, endsInMs, ...found } = row
  return { found, endsInMs }
}
