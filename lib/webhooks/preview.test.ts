import { beforeAll, expect, test } from 'vitest'
import { makeEvent } from '@/e2e/fixtures/data/calls'
import { makeAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { newId } from '../db/ids'
import { type Draft, previewRule } from './preview'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})

/** A draft of "Full event" that listens to all sources, unless told otherwise. */
const draft = (set: Partial<Draft> = {}): Draft => ({
  format: 'standard',
  events: ['feedback.created'],
  condition: { kind: 'any' },
  onlyIf: [],
  sources: { kind: 'all' },
  ...set,
})

test('lists, newest first, the events that a rule would have matched', async () => {
  const { accountId } = await makeAccount(db)
  const low = await makeEvent(db, accountId, { service: { rating: 2 }, products: [{ rating: 5 }, { rating: 4 }] })
  await makeEvent(db, accountId, { service: { rating: 5 } })
  const lowest = await makeEvent(db, accountId, { service: { rating: 1 }, nps: { score: 3 } })
  await makeEvent(db, accountId, { type: 'feedback.updated', service: { rating: 1 } })
  expect(await previewRule(db, accountId, draft({ condition: { kind: 'service', ratings: [1, 2] } }))).toMatchObject({
    judged: 4,
    matched: [
      { id: lowest, type: 'feedback.created', ratings: 'service 1, NPS 3' },
      { id: low, ratings: 'service 2, product 5/4' },
    ],
  })
})

test('judges further conditions as ingest does', async () => {
  const { accountId } = await makeAccount(db)
  const said = await makeEvent(db, accountId, { comment: 'Hi', tags: ['Web', 'phone'] })
  await makeEvent(db, accountId, { comment: 'Hi', tags: ['phone'] })
  await makeEvent(db, accountId, { service: { rating: 1 }, tags: ['web'] })
  const onlyIf = [{ kind: 'comment' as const }, { kind: 'tag' as const, values: ['web', 'shop'] }]
  expect(await previewRule(db, accountId, draft({ onlyIf }))).toMatchObject({ judged: 3, matched: [{ id: said }] })
})

test('judges the last 500 events and no more', async () => {
  const { accountId } = await makeAccount(db)
  for (let i = 0; i < 520; i++) await makeEvent(db, accountId, { service: { rating: i < 20 ? 1 : 5 } })
  const all = await previewRule(db, accountId, draft())
  expect(all.judged).toBe(500)
  expect(all.matched).toHaveLength(500)
  const low = await previewRule(db, accountId, draft({ condition: { kind: 'service', ratings: [1] } }))
  expect(low.matched).toEqual([])
})

test('judges fewer events when they are large: at most 2 MB of them', async () => {
  const { accountId } = await makeAccount(db)
  for (let i = 0; i < 12; i++) await makeEvent(db, accountId, { comment: 'x'.repeat(199_000) })
  const { judged, matched } = await previewRule(db, accountId, draft())
  expect(matched).toHaveLength(judged)
  expect([9, 10]).toContain(judged)
})

test('sees no event of another account', async () => {
  const one = await makeAccount(db)
  const other = await makeAccount(db)
  await makeEvent(db, one.accountId, { service: { rating: 1 } })
  expect(await previewRule(db, other.accountId, draft())).toEqual({
    judged: 0,
    matched: [],
  })
})

test('judges a thermometer rule by what each event gave, added or changed when it came in', async () => {
  const { accountId } = await makeAccount(db)
  const rated = { temperature: 'red' as const }
  const written = { ...rated, comment: 'Still broken' }
  await makeEvent(db, accountId, { ...rated, parts: { temperature: 'added' } })
  const comment = await makeEvent(db, accountId, {
    ...written,
    type: 'feedback.updated',
    parts: { temperature: 'same', comment: 'added' },
  })
  await makeEvent(db, accountId, {
    ...written,
    type: 'feedback.updated',
    parts: { temperature: 'same', comment: 'same', drivers: 'added' },
  })
  const table = draft({
    format: 'customer-thermometer',
    events: ['feedback.created', 'feedback.updated'],
    condition: { kind: 'thermometer', boxes: ['red.comment'] },
  })
  expect(await previewRule(db, accountId, table)).toMatchObject({
    judged: 3,
    matched: [{ id: comment, ratings: 'red' }],
  })
})

test('counts only the chosen sources, and only what the format can send', async () => {
  const { accountId } = await makeAccount(db)
  const [till, mail] = [newId(), newId()]
  const scored = await makeEvent(db, accountId, { nps: { score: 9 }, sourceId: till })
  await makeEvent(db, accountId, { comment: 'No score', sourceId: till })
  await makeEvent(db, accountId, { nps: { score: 9 }, sourceId: mail })
  const chosen = draft({ format: 'wootric', sources: { kind: 'chosen', ids: [till] } })
  expect(await previewRule(db, accountId, chosen)).toMatchObject({ judged: 3, matched: [{ id: scored }] })
})

test('an edit is compared with the saved rule: how many that one matches, which more and which fewer', async () => {
  const { accountId } = await makeAccount(db)
  const two = await makeEvent(db, accountId, { service: { rating: 2 } })
  const one = await makeEvent(db, accountId, { service: { rating: 1 } })
  const three = await makeEvent(db, accountId, { service: { rating: 3 } })
  const rated = (ratings: number[]) => draft({ condition: { kind: 'service', ratings } })
  expect(await previewRule(db, accountId, rated([2, 3]), rated([1, 2]))).toMatchObject({
    judged: 3,
    matched: [{ id: three }, { id: two }],
    saved: { matched: 2, more: [{ id: three, ratings: 'service 3' }], fewer: [{ id: one }] },
  })
  expect((await previewRule(db, accountId, rated([1]), rated([1]))).saved).toEqual({ matched: 1, more: [], fewer: [] })
})
