import { beforeAll, expect, test } from 'vitest'
import { fillLog } from '@/e2e/fixtures/data/long-log'
import { makeAccount, makeWebhook } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { deleteWebhook } from './switch-webhook'
import { countWebhooks, readWebhookPage } from './webhook-queries'

let db: Database
let many: string
beforeAll(async () => {
  const made = await createTestDatabase()
  db = made.db
  many = (await makeAccount(db)).accountId
  await fillLog(made.pool, many, { webhooks: 1000, calls: 240 })
})
const numbers = ({ rows }: { rows: { number: number }[] }) => rows.map(({ number }) => number)
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('a thousand webhooks are read fifty at a time, by number', async () => {
  const first = await readWebhookPage(db, many, { wholeUrls: true })
  expect(numbers(first)).toEqual(upTo(1, 50))
  expect(first).toMatchObject({ previous: null, next: 50 })
  const last = await readWebhookPage(db, many, { wholeUrls: true, cursor: { from: 950, backward: false } })
  expect(numbers(last)).toEqual(upTo(951, 1000))
  expect(last).toMatchObject({ previous: 951, next: null })
  const back = await readWebhookPage(db, many, { wholeUrls: true, cursor: { from: 951, backward: true } })
  expect(numbers(back)).toEqual(upTo(901, 950))
  expect(await countWebhooks(db, many)).toBe(1000)
})

test('a search finds part of a name, and part of a URL for those who may see it', async () => {
  expect(numbers(await readWebhookPage(db, many, { wholeUrls: true, search: 'rule 99' }))).toEqual([
    99,
    ...upTo(990, 999),
  ])
  expect(numbers(await readWebhookPage(db, many, { wholeUrls: true, search: 'HOOKS/77' }))).toEqual([
    77,
    ...upTo(770, 779),
  ])
  expect(numbers(await readWebhookPage(db, many, { wholeUrls: false, search: 'hooks/77' }))).toEqual([])
  expect(numbers(await readWebhookPage(db, many, { wholeUrls: true, search: '%' }))).toEqual([])
})

test('a search for text that no name or URL can hold finds nothing', async () => {
  for (const search of ['rule\0', '\0', 'rule\ud800', '\udc00', '\x07'])
    for (const wholeUrls of [true, false])
      expect(numbers(await readWebhookPage(db, many, { wholeUrls, search }))).toEqual([])
})

test('a page shows no deleted webhook and none of another account', async () => {
  const account = await makeAccount(db)
  const [first, second] = [await makeWebhook(db, account), await makeWebhook(db, account)]
  await deleteWebhook(db, account.accountId, account.userId, first)
  const page = await readWebhookPage(db, account.accountId, { wholeUrls: true })
  expect(page.rows.map(({ id }) => id)).toEqual([second])
  expect(await countWebhooks(db, account.accountId)).toBe(1)
})
