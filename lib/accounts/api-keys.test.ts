import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { newId } from '../db/ids'
import { accounts, apiKeys, audit } from '../db/schema'
import { suspendAccount } from '../people/operator'
import { showId } from '../type-id'
import { hashApiKey } from './api-key'
import { checkApiKey, markUsed, recallApiKey, revokedKeys } from './api-key-check'
import { apiScopes } from './api-key-schema'
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-keys'
import { createAccount } from './create-account'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})

async function makeAccount(word: string) {
  const made = await createAccount(test.db, {
    name: word,
    identifier: `shop-${word}`,
    email: `owner@${word}.example`,
    password: `the words of ${word}`,
  })
  if (!made.ok) throw new Error('refused')
  return made.value
}
const configVersion = async (accountId: string) => {
  const [row] = await test.db.select({ v: accounts.configVersion }).from(accounts).where(eq(accounts.id, accountId))
  return row?.v as number
}

describe('an API key', () => {
  it('is seen once and stored as its SHA-256, with a public part that secret scanners know', async () => {
    const { accountId, userId } = await makeAccount('lamps')
    const before = await configVersion(accountId)
    const { id, key } = await createApiKey(test.db, accountId, userId, { name: 'Platform', scopes: ['ingest', 'read'] })
    expect(key).toMatch(/^hbk_[0-9a-z]{8}_[0-9A-Za-z_-]{43}$/)
    expect(await configVersion(accountId)).toBe(before + 1)
    const [row] = await test.db.select().from(apiKeys).where(eq(apiKeys.id, id))
    expect(row?.hash.equals(hashApiKey(key))).toBe(true)
    expect(JSON.stringify(row)).not.toContain(key)
    const entries = await test.db
      .select()
      .from(audit)
      .where(eq(audit.subject, `api key ${showId('apiKey', id)}`))
    expect(entries).toMatchObject([
      { accountId, userId, action: 'api-key.created', detail: { scopes: ['ingest', 'read'] } },
    ])
    expect(JSON.stringify(entries)).not.toContain(key)
  })

  it('is listed, newest first, in its own account only', async () => {
    const [one, two] = [await makeAccount('one'), await makeAccount('two')]
    const older = await createApiKey(test.db, one.accountId, one.userId, { name: 'Older', scopes: ['ingest'] })
    const newer = await createApiKey(test.db, one.accountId, one.userId, { name: 'Newer', scopes: ['read'] })
    await createApiKey(test.db, two.accountId, two.userId, { name: 'Other', scopes: ['manage'] })
    expect((await listApiKeys(test.db, one.accountId)).map(({ id }) => id)).toEqual([newer.id, older.id])
    expect(await listApiKeys(test.db, two.accountId)).toMatchObject([
      { name: 'Other', scopes: ['manage'], lastUsedAt: null },
    ])
  })

  it('is revoked by its own account only, once', async () => {
    const [one, two] = [await makeAccount('red'), await makeAccount('blue')]
    const { id } = await createApiKey(test.db, one.accountId, one.userId, { name: 'Key', scopes: ['ingest'] })
    const before = await configVersion(one.accountId)
    expect(await revokeApiKey(test.db, two.accountId, two.userId, id)).toBe(false)
    expect(await listApiKeys(test.db, one.accountId)).toHaveLength(1)
    expect(await configVersion(one.accountId)).toBe(before)
    expect(await revokeApiKey(test.db, one.accountId, one.userId, id)).toBe(true)
    expect(await revokeApiKey(test.db, one.accountId, one.userId, id)).toBe(false)
    expect(await listApiKeys(test.db, one.accountId)).toEqual([])
    expect(await configVersion(one.accountId)).toBe(before + 1)
    const entries = await test.db.select().from(audit).where(eq(audit.action, 'api-key.revoked'))
    expect(entries).toMatchObject([{ accountId: one.accountId, subject: `api key ${showId('apiKey', id)}` }])
  })

  it('is found by its public part and compared as a whole; a key of 0.1.0 goes on working', async () => {
    const { accountId } = await makeAccount('found')
    const { id, key } = await createApiKey(test.db, accountId, null, { name: 'Key', scopes: ['ingest'] })
    const check = (text: string) => checkApiKey(test.pool, `Bearer ${text}`)
    expect(await check(key)).toMatchObject({ keyId: id, accountId })
    const [last] = key.slice(-1)
    for (const wrong of [`${key.slice(0, -1)}${last === 'A' ? 'B' : 'A'}`, key.slice(0, 12), '', 'hbk_%', `${key}x`])
      expect(await check(wrong)).toBeUndefined()
    const old = `hb_${'x'.repeat(43)}`
    const values = { accountId, id: newId(), name: 'Old', prefix: old.slice(0, 9), hash: hashApiKey(old) }
    await test.db.insert(apiKeys).values({ ...values, scopes: ['ingest'] })
    expect(await check(old)).toMatchObject({ keyId: values.id })
  })

  it('is rotated: two work at once until the old one ends, by the clock of the database', async () => {
    const { accountId, userId } = await makeAccount('rotated')
    const old = await createApiKey(test.db, accountId, userId, { name: 'Platform', scopes: ['ingest'] })
    const rotated = await rotateApiKey(test.db, { accountId, userId, id: old.id }, 7)
    if (!rotated.ok) throw new Error('refused')
    const { key } = rotated.value
    const valid = async () =>
      Promise.all([old.key, key].map(async (text) => Boolean(await checkApiKey(test.pool, `Bearer ${text}`))))
    expect(await valid()).toEqual([true, true])
    expect(await listApiKeys(test.db, accountId)).toMatchObject([
      { name: 'Platform', scopes: ['ingest'], expiresAt: null },
      { name: 'Platform', expiresAt: expect.any(Date), expired: false },
    ])
    await test.pool.query(`update api_keys set expires_at = hub_now() where id = $1`, [old.id])
    expect(await valid()).toEqual([false, true])
    const foreign = await makeAccount('rotates-foreign')
    expect(await rotateApiKey(test.db, { ...foreign, id: old.id }, 7)).toMatchObject({ ok: false, missing: true })
  })

  it('with an end is kept in memory no longer than that', async () => {
    const { accountId } = await makeAccount('short')
    const { id, key } = await createApiKey(test.db, accountId, null, { name: 'Short', scopes: ['ingest'] })
    await test.pool.query(`update api_keys set expires_at = hub_now() + interval '300 ms' where id = $1`, [id])
    const recall = () => recallApiKey(test.pool, `Bearer ${key}`)
    expect(await recall()).toBeDefined()
    await vi.waitFor(async () => expect(await recall()).toBeUndefined(), { timeout: 5_000 })
  })

  it('records when and from where it was used, once an hour', async () => {
    const { accountId } = await makeAccount('used')
    const { id, key } = await createApiKey(test.db, accountId, null, { name: 'Used', scopes: ['ingest'] })
    const checked = await checkApiKey(test.pool, `Bearer ${key}`)
    if (!checked) throw new Error('not valid')
    const used = async () => (await listApiKeys(test.db, accountId))[0]?.lastUsedFrom
    markUsed(test.pool, checked, '192.0.2.1')
    await vi.waitFor(async () => expect(await used()).toBe('192.0.2.1'))
    // As another process would: it does not know of the first use.
    const write = `update api_keys set last_used_at = last_used_at - interval '59 minutes' where id = $1`
    await test.pool.query(write, [id])
    vi.resetModules()
    const other = await import('./api-key-check')
    other.markUsed(test.pool, checked, '192.0.2.2')
    await test.pool.query('select pg_sleep(0.05)')
    expect(await used()).toBe('192.0.2.1')
  })

  it('of a suspended account is refused at once, and works again when the account is resumed', async () => {
    const { accountId } = await makeAccount('suspended')
    const { key } = await createApiKey(test.db, accountId, null, { name: 'Key', scopes: ['ingest'] })
    const known = await recallApiKey(test.pool, `Bearer ${key}`)
    if (!known) throw new Error('not valid')
    expect(await suspendAccount(test.db, accountId, true)).toBe(true)
    expect(await suspendAccount(test.db, accountId, true)).toBe(false)
    expect(await checkApiKey(test.pool, `Bearer ${key}`)).toBeUndefined()
    const client = await test.pool.connect()
    const versions = new Map([[accountId, { version: await configVersion(accountId) }]])
    expect([...(await revokedKeys(client, [known], versions))]).toEqual([known])
    client.release()
    await suspendAccount(test.db, accountId, false)
    expect(await checkApiKey(test.pool, `Bearer ${key}`)).toBeDefined()
  })

  it('is offered only the scopes that a door asks for', () => {
    const doors = ['lib/pipeline/ingest/ingest.ts', 'lib/feedback/reviews-api.ts', 'lib/api/authorise-caller.ts'].map(
      (file) => readFileSync(file, 'utf8'),
    )
    const asked = doors.flatMap((text) => [...text.matchAll(/scopes\.includes\('(\w+)'\)/g)].map(([, scope]) => scope))
    expect([...apiScopes].sort()).toEqual([...new Set(asked)].sort())
  })
})
