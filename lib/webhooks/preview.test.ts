import { beforeAll, expect, test } from 'vitest'
import { makeEvent } from '@/e2e/fixtures/calls'
import { createTestDatabase } from '@/e2e/fixtures/database'
import { makeAccount } from '@/e2e/fixtures/webhooks'
import type { Database } from '../db/client'
import { previewRule } from './preview'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})

test('lists, newest first, the events that a rule would have matched', async () => {
  const { accountId } = await makeAccount(db)
  const low = await makeEvent(db, accountId, { service: { rating: 2 }, products: [{ rating: 5 }, { rating: 4 }] })
  await makeEvent(db, accountId, { service: { rating: 5 } })
  const lowest = await makeEvent(db, accountId, { service: { rating: 1 }, nps: { score: 3 } })
  await makeEvent(db, accountId, { type: 'feedback.updated', service: { rating: 1 } })
  const rule = { events: ['feedback.created' as const], condition: { kind: 'service' as const, ratings: [1, 2] } }
  expect(await previewRule(db, accountId, rule)).toMatchObject({
    judged: 4,
    matched: [
      { id: lowest, type: 'feedback.created', ratings: 'service 1, NPS 3' },
      { id: low, ratings: 'service 2, product 5/4' },
    ],
  })
})

test('judges the last 500 events and no more', async () => {
  const { accountId } = await makeAccount(db)
  for (let i = 0; i < 520; i++) await makeEvent(db, accountId, { service: { rating: i < 20 ? 1 : 5 } })
  const rule = { events: ['feedback.created' as const], condition: { kind: 'any' as const } }
  const all = await previewRule(db, accountId, rule)
  expect(all.judged).toBe(500)
  expect(all.matched).toHaveLength(500)
  const low = await previewRule(db, accountId, { ...rule, condition: { kind: 'service', ratings: [1] } })
  expect(low.matched).toEqual([])
})

test('sees no event of another account', async () => {
  const one = await makeAccount(db)
  const other = await makeAccount(db)
  await makeEvent(db, one.accountId, { service: { rating: 1 } })
  expect(await previewRule(db, other.accountId, { events: ['feedback.created'], condition: { kind: 'any' } })).toEqual({
    judged: 0,
    matched: [],
  })
})
