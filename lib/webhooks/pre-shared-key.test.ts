import { eq } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { makeAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { accounts, audit, preSharedKeys } from '../db/schema'
import {
  openPreSharedKey,
  readPreSharedKeyState,
  removePreSharedKey,
  revealPreSharedKey,
  setPreSharedKey,
} from './pre-shared-key'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})
const account = async (id: string) => (await db.select().from(accounts).where(eq(accounts.id, id)))[0]

test('a changed key is a new version, and the old version can still be opened', async () => {
  const { accountId, userId } = await makeAccount(db)
  await setPreSharedKey(db, accountId, userId, 'first key')
  await setPreSharedKey(db, accountId, userId, 'second key')
  expect(await readPreSharedKeyState(db, accountId)).toMatchObject({ version: 2 })
  expect((await openPreSharedKey(db, accountId, 1))?.reveal()).toBe('first key')
  expect((await openPreSharedKey(db, accountId, 2))?.reveal()).toBe('second key')
  expect((await account(accountId))?.configVersion).toBe(3)
})

test('saving the key in force changes nothing', async () => {
  const { accountId, userId } = await makeAccount(db)
  await setPreSharedKey(db, accountId, userId, 'the same key')
  await setPreSharedKey(db, accountId, userId, 'the same key')
  expect(await readPreSharedKeyState(db, accountId)).toMatchObject({ version: 1 })
  expect((await account(accountId))?.configVersion).toBe(2)
})

test('a removed key is kept but not in force, and its number is not used again', async () => {
  const { accountId, userId } = await makeAccount(db)
  await setPreSharedKey(db, accountId, userId, 'first key')
  await removePreSharedKey(db, accountId, userId)
  expect(await readPreSharedKeyState(db, accountId)).toBeUndefined()
  expect(await revealPreSharedKey(db, accountId, userId)).toBeUndefined()
  expect((await openPreSharedKey(db, accountId, 1))?.reveal()).toBe('first key')
  await setPreSharedKey(db, accountId, userId, 'third key')
  expect(await readPreSharedKeyState(db, accountId)).toMatchObject({ version: 2 })
})

test('revealing a key is recorded in the audit log, and the key itself is not', async () => {
  const { accountId, userId } = await makeAccount(db)
  await setPreSharedKey(db, accountId, userId, 'secret-key')
  expect((await revealPreSharedKey(db, accountId, userId))?.reveal()).toBe('secret-key')
  await setPreSharedKey(db, accountId, userId, 'secret-key-2')
  await removePreSharedKey(db, accountId, userId)
  const rows = await db.select().from(audit).where(eq(audit.accountId, accountId)).orderBy(audit.id)
  expect(rows.map(({ action }) => action)).toEqual([
    'pre-shared-key.added',
    'pre-shared-key.revealed',
    'pre-shared-key.changed',
    'pre-shared-key.removed',
  ])
  expect(JSON.stringify(rows)).not.toContain('secret-key')
})

test('another account’s key is neither read nor changed', async () => {
  const one = await makeAccount(db)
  const other = await makeAccount(db)
  await setPreSharedKey(db, one.accountId, one.userId, 'key of one')
  expect(await revealPreSharedKey(db, other.accountId, other.userId)).toBeUndefined()
  expect(await openPreSharedKey(db, other.accountId, 1)).toBeUndefined()
  await setPreSharedKey(db, other.accountId, other.userId, 'key of other')
  await removePreSharedKey(db, other.accountId, other.userId)
  expect((await revealPreSharedKey(db, one.accountId, one.userId))?.reveal()).toBe('key of one')
  expect(await db.select().from(preSharedKeys).where(eq(preSharedKeys.accountId, one.accountId))).toHaveLength(1)
})

test('two changes at once get two numbers', async () => {
  const { accountId, userId } = await makeAccount(db)
  await Promise.all(
    ['key number a', 'key number b', 'key number c'].map((key) => setPreSharedKey(db, accountId, userId, key)),
  )
  expect(await readPreSharedKeyState(db, accountId)).toMatchObject({ version: 3 })
})
