import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { makeAccount, makeWebhook } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { newId } from '../db/ids'
import { setPreSharedKey } from './pre-shared-key'
import { sumOf, waitingWithKey } from './waiting-keys'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})

async function queue(accountId: string, webhookId: string, keyVersion: number | null, runAt = 'hub_now()') {
  const { deliveryId } = await makeCall(db, accountId, { webhookId })
  await db.execute(sql`insert into queue (account_id, delivery_id, webhook_id, payload_id, key_version, run_at)
    values (${accountId}, ${deliveryId}, ${webhookId}, ${newId()}, ${keyVersion}, ${sql.raw(runAt)})`)
}

test('the waiting calls of the key in force and of former keys are counted apart, and a held WebHook’s are open', async () => {
  const { accountId, userId } = await makeAccount(db)
  const before = { calls: 0, open: 0, until: null }
  expect(await waitingWithKey(db, accountId, 'present')).toEqual(before)
  await setPreSharedKey(db, accountId, userId, 'the first key')
  const webhookId = await makeWebhook(db, { accountId, userId }, { retries: 1 })
  const basic = { authentication: 'basic', basicUser: 'u', basicPassword: 'p' } as const
  const other = await makeWebhook(db, { accountId, userId }, basic)
  const held = await makeWebhook(db, { accountId, userId })
  await db.execute(sql`update webhooks set held_at = hub_now() where id = ${held}`)
  await queue(accountId, webhookId, 1)
  await queue(accountId, webhookId, 1, `hub_now() + interval '1 h'`)
  await queue(accountId, held, 1, `'infinity'`)
  await queue(accountId, webhookId, null)
  await queue(accountId, other, 1)
  const present = await waitingWithKey(db, accountId, 'present')
  expect(present).toMatchObject({ calls: 3, open: 1 })
  // The call that is due in an hour has one retry after it, 5 s later and up to a fifth more.
  expect(Math.abs((present.until ?? 0) - Date.now() - 3_606_000)).toBeLessThan(10_000)
  expect(await waitingWithKey(db, accountId, 'former')).toEqual(before)
  await setPreSharedKey(db, accountId, userId, 'the second key')
  await queue(accountId, webhookId, 2)
  expect(await waitingWithKey(db, accountId, 'former')).toMatchObject({ calls: 3, open: 1 })
  expect(await waitingWithKey(db, accountId, 'present')).toMatchObject({ calls: 1, open: 0 })
})

test('a call with all its retries before it waits the whole schedule', () => {
  const all = 1.2 * 1000 * (5 + 300 + 1800 + 7200 + 18_000 + 36_000 + 50_400 + 72_000 + 86_400)
  const group = { calls: 1, retries: 9, open: false, runAtMs: 1000 }
  expect(sumOf([{ ...group, done: 0 }]).until).toBe(1000 + all)
  expect(sumOf([{ ...group, done: 9 }]).until).toBe(1000)
})
