import { beforeAll, describe, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { makeAccount, makeWebhook, type TestAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { newId } from '../db/ids'
import { showId } from '../type-id'
import { findWebhooks, readWebhookChoice } from '../webhooks/find-webhooks'
import { deleteWebhook } from '../webhooks/switch-webhook'
import { type CallFilter, callFilterQuery, readCallFilter } from './call-filter'
import { readCallLog } from './call-log'
import { liveCallLog } from './live-calls'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})
const failed = { status: 500, failure: 'status' as const }
const snapshot = {
  name: 'Draft',
  url: 'https://example.com/x',
  format: 'feefo' as const,
  encoding: 'json' as const,
  authentication: 'account-key' as const,
  headerNames: [],
}
const read = async ({ accountId }: TestAccount, filter: CallFilter, cursor?: { from: string; backward: boolean }) =>
  readCallLog(db, accountId, { filter, cursor, wholeUrls: true })
const ids = (page: { rows: { id: string }[] }) => page.rows.map(({ id }) => id)

describe('the call log', () => {
  test('has older and newer pages, and the last page has no next one', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account)
    const made: string[] = []
    for (let i = 0; i < 120; i++) made.unshift((await makeCall(db, account.accountId, { webhookId })).callId)
    const first = await read(account, { result: 'all' })
    expect(ids(first)).toEqual(made.slice(0, 50))
    expect(first).toMatchObject({ previous: null, next: made[49], searchedTo: null })
    const second = await read(account, { result: 'all' }, { from: first.next as string, backward: false })
    expect(ids(second)).toEqual(made.slice(50, 100))
    const last = await read(account, { result: 'all' }, { from: second.next as string, backward: false })
    expect(ids(last)).toEqual(made.slice(100))
    expect(last.next).toBeNull()
    const back = await read(account, { result: 'all' }, { from: last.previous as string, backward: true })
    expect(ids(back)).toEqual(ids(second))
    expect(await read(account, { result: 'all' }, { from: back.previous as string, backward: true })).toEqual(first)
  })

  test('keeps an older page unchanged while new calls are recorded', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account)
    for (let i = 0; i < 60; i++) await makeCall(db, account.accountId, { webhookId })
    const { next } = await read(account, { result: 'all' })
    const cursor = { from: next as string, backward: false }
    const before = await read(account, { result: 'all' }, cursor)
    await makeCall(db, account.accountId, { webhookId })
    expect(ids(await read(account, { result: 'all' }, cursor))).toEqual(ids(before))
  })

  test('can be filtered by webhook, by result and by both', async () => {
    const account = await makeAccount(db)
    const [one, other] = [await makeWebhook(db, account), await makeWebhook(db, account)]
    const call = async (set: Parameters<typeof makeCall>[2]) => (await makeCall(db, account.accountId, set)).callId
    const oneOk = await call({ webhookId: one })
    const oneFailed = await call({ webhookId: one, ...failed })
    const otherOk = await call({ webhookId: other })
    const otherFailed = await call({ webhookId: other, ...failed })
    const testOk = await call({ webhookId: one, snapshot })
    const draftFailed = await call({ snapshot, ...failed })
    const found = async (filter: CallFilter) => ids(await read(account, filter))
    expect(await found({ result: 'all' })).toHaveLength(6)
    expect(await found({ result: 'delivered' })).toEqual([testOk, otherOk, oneOk])
    expect(await found({ result: 'failed' })).toEqual([draftFailed, otherFailed, oneFailed])
    expect(await found({ result: 'all', test: true })).toEqual([draftFailed, testOk])
    expect(await found({ result: 'all', webhookId: one })).toEqual([testOk, oneFailed, oneOk])
    expect(await found({ result: 'delivered', webhookId: other })).toEqual([otherOk])
    expect(await found({ result: 'failed', webhookId: one })).toEqual([oneFailed])
    expect(await found({ result: 'all', test: true, webhookId: one })).toEqual([testOk])
    expect(await found({ result: 'all', test: true, webhookId: other })).toEqual([])
    expect(await found({ result: 'failed', test: true })).toEqual([draftFailed])
    expect(await found({ result: 'failed', test: false })).toEqual([otherFailed, oneFailed])
    expect(await found({ result: 'delivered', test: false, webhookId: one })).toEqual([oneOk])
  })

  test('never shows calls of another account, whatever the filter or cursor', async () => {
    const [own, foreign] = [await makeAccount(db), await makeAccount(db)]
    const webhookId = await makeWebhook(db, foreign)
    const { callId } = await makeCall(db, foreign.accountId, { webhookId })
    expect(ids(await read(own, { result: 'all' }))).toEqual([])
    expect(ids(await read(own, { result: 'all', webhookId }))).toEqual([])
    expect(ids(await read(own, { result: 'all' }, { from: newId(), backward: false }))).toEqual([])
    expect(ids(await read(own, { result: 'all' }, { from: callId, backward: true }))).toEqual([])
    expect(await readWebhookChoice(db, own.accountId, webhookId)).toBeUndefined()
    expect(await findWebhooks(db, own.accountId, '')).toEqual([])
  })

  test('has a live first page for each filter', async () => {
    const { accountId } = await makeAccount(db)
    await makeCall(db, accountId, { snapshot })
    const { callId } = await makeCall(db, accountId, { snapshot, ...failed })
    const live = await liveCallLog(db, accountId, true, { result: 'failed' })
    expect(ids(live.seen)).toEqual([callId])
    expect(ids((await liveCallLog(db, accountId, true, { result: 'all' })).seen)).toHaveLength(2)
  })
})

describe('the filter in a query string', () => {
  test('reads back as the filter that was written', () => {
    const filters: CallFilter[] = [
      { result: 'all' },
      { result: 'failed', webhookId: newId(), status: 503, failure: 'status' },
      { result: 'all', test: false, since: Date.parse('2026-11-20T10:00:00Z'), until: Date.parse('2026-11-21') },
      { result: 'delivered', type: 'survey.declined', feedback: 'fb &=1', eventId: newId(), deliveryId: newId() },
    ]
    for (const filter of filters)
      expect(readCallFilter(Object.fromEntries(new URLSearchParams(callFilterQuery(filter))))).toMatchObject(filter)
  })

  test('takes an empty parameter for absent, and refuses a malformed one', () => {
    expect(readCallFilter({ webhook: '', result: '', status: '', since: '' })).toMatchObject({ result: 'all' })
    expect(readCallFilter({ since: '2026-11-20' })).toMatchObject({ since: Date.parse('2026-11-20T00:00:00Z') })
    for (const malformed of [
      { result: 'nonsense' },
      { webhook: 'whk_1' },
      { webhook: ['a', 'b'] },
      { webhook: showId('call', newId()) },
      { status: '1e9' },
      { status: 'abc' },
      { failure: 'bad-luck' },
      { since: 'yesterday' },
      { test: 'yes' },
      { feedback: 'fb\0' },
      { event: 'evt_1' },
    ])
      expect(readCallFilter(malformed), JSON.stringify(malformed)).toBeUndefined()
  })
})

describe('the webhooks that calls can be filtered by', () => {
  test('are found by part of their name, including deleted ones', async () => {
    const account = await makeAccount(db)
    const low = await makeWebhook(db, account, { name: 'Low ratings' })
    await makeWebhook(db, account, { name: 'Promoters' })
    const gone = await makeWebhook(db, account, { name: 'Slow ones' })
    await deleteWebhook(db, account.accountId, account.userId, gone)
    expect(await findWebhooks(db, account.accountId, ' LOW ')).toEqual([
      { id: low, name: 'Low ratings', deleted: false },
      { id: gone, name: 'Slow ones', deleted: true },
    ])
    expect(await findWebhooks(db, account.accountId, '')).toHaveLength(3)
    expect(await findWebhooks(db, account.accountId, '%')).toEqual([])
    for (const unstorable of ['Low\0', '\0', 'Low\ud800', '\udc00', '\x07'])
      expect(await findWebhooks(db, account.accountId, unstorable)).toEqual([])
    expect(await readWebhookChoice(db, account.accountId, gone)).toMatchObject({ deleted: true })
  })
})
