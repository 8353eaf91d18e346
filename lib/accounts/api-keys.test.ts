import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { accounts, apiKeys, audit } from '../db/schema'
import { hashApiKey } from './api-key'
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys'
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
  it('is seen once and stored as its SHA-256', async () => {
    const { accountId, userId } = await makeAccount('lamps')
    const before = await configVersion(accountId)
    const { id, key } = await createApiKey(test.db, accountId, userId, { name: 'Platform', scopes: ['ingest', 'read'] })
    expect(key).toMatch(/^hb_[A-Za-z0-9_-]{43}$/)
    expect(await configVersion(accountId)).toBe(before + 1)
    const [row] = await test.db.select().from(apiKeys).where(eq(apiKeys.id, id))
    expect(row?.hash.equals(hashApiKey(key))).toBe(true)
    expect(JSON.stringify(row)).not.toContain(key)
    const entries = await test.db.select().from(audit).where(eq(audit.subject, id))
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
    expect(entries).toMatchObject([{ accountId: one.accountId, subject: id }])
  })
})
