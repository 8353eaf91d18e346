import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeCall, queueAgain } from '@/e2e/fixtures/data/calls'
import { makeAccount, makeWebhook, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { audit } from '../db/schema'
import { setPreSharedKey } from '../webhooks/pre-shared-key'
import { updateWebhook } from '../webhooks/update-webhook'
import { listCalls } from './call-queries'
import { revealCallHeaders } from './call-secrets'
import { liveCalls } from './live-calls'
import { type CallDetail, readCall } from './read-call'
import { shownCall } from './shown-call'
import { mask, type ShownHeader } from './shown-request'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})
const whole = { wholeUrls: true }
const value = (headers: ShownHeader[] | undefined, name: string) => headers?.find((h) => h.name === name)?.value
const read = async (accountId: string, callId: string) => (await readCall(db, accountId, callId)) as CallDetail

describe('the list of calls', () => {
  test('holds the 20 latest calls, newest first, or those before a given call', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, { name: 'Low' })
    const made: string[] = []
    for (let i = 0; i < 25; i++) made.unshift((await makeCall(db, account.accountId, { webhookId })).callId)
    const first = await listCalls(db, account.accountId, whole)
    expect(first.map(({ id }) => id)).toEqual(made.slice(0, 20))
    const rest = await listCalls(db, account.accountId, { ...whole, from: first.at(-1)?.id })
    expect(rest.map(({ id }) => id)).toEqual(made.slice(20))
  })

  test('shows the name and URL that the webhook had at the time of the call', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    const webhookId = await makeWebhook(db, account, { name: 'Before', url: 'https://93.184.215.14/before' })
    await makeCall(db, accountId, { webhookId })
    await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 1, form: webhookForm({ name: 'After' }) })
    expect(await listCalls(db, accountId, whole)).toMatchObject([
      { ruleName: 'Before', url: 'https://93.184.215.14/before' },
    ])
  })

  test('includes test fires, with the name and URL they were fired with', async () => {
    const { accountId } = await makeAccount(db)
    const snapshot = {
      name: 'Draft',
      url: 'https://example.com/x',
      format: 'feefo' as const,
      encoding: 'json' as const,
      authentication: 'account-key' as const,
      headerNames: [],
    }
    await makeCall(db, accountId, { snapshot })
    expect(await listCalls(db, accountId, whole)).toMatchObject([{ test: true, ruleName: 'Draft', url: snapshot.url }])
  })

  test('shows a viewer only hosts, also of redirects', async () => {
    const { accountId } = await makeAccount(db)
    const snapshot = {
      name: 'D',
      url: 'https://a.com/key?x=1',
      format: 'feefo' as const,
      encoding: 'json' as const,
      authentication: 'basic' as const,
      headerNames: [],
    }
    await makeCall(db, accountId, { snapshot, status: 302, failure: 'redirect', detail: 'https://b.com/secret' })
    await makeCall(db, accountId, { snapshot, status: 302, failure: 'redirect', detail: '/login' })
    expect(await listCalls(db, accountId, { wholeUrls: false })).toMatchObject([
      { url: 'https://a.com/…', detail: null },
      { url: 'https://a.com/…', detail: 'https://b.com/…' },
    ])
  })

  test('never holds a call of another account', async () => {
    const one = await makeAccount(db)
    const other = await makeAccount(db)
    const { callId } = await makeCall(db, one.accountId)
    expect(await listCalls(db, other.accountId, whole)).toEqual([])
    expect(await readCall(db, other.accountId, callId)).toBeUndefined()
    expect((await liveCalls(db, other.accountId, true)).seen).toEqual([])
  })

  test('is read from the database at most once a second for all viewers, and its ETag changes with it', async () => {
    const { accountId } = await makeAccount(db)
    const [one, two] = await Promise.all([liveCalls(db, accountId, true), liveCalls(db, accountId, true)])
    expect(two).toBe(one)
    await makeCall(db, accountId)
    await new Promise((done) => setTimeout(done, 1100))
    const later = await liveCalls(db, accountId, true)
    expect(later.etag).not.toBe(one.etag)
    expect(later.seen).toHaveLength(1)
    await new Promise((done) => setTimeout(done, 1100))
    expect((await liveCalls(db, accountId, true)).etag).toBe(later.etag)
  })
})

describe('the state of a delivery', () => {
  test('is waiting while it is queued, with the time of the next attempt', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account)
    const { deliveryId, callId } = await makeCall(db, account.accountId, { webhookId, status: 500, failure: 'status' })
    await queueAgain(db, account.accountId, webhookId, deliveryId, 300)
    const detail = await read(account.accountId, callId)
    expect(detail.state.kind).toBe('waiting')
    const next = detail.state.kind === 'waiting' ? detail.state.next : undefined
    expect(next?.kind).toBe('schedule')
    expect(next?.kind === 'schedule' && next.at - Date.now()).toBeGreaterThan(290_000)
    expect(detail.attempts).toMatchObject([{ attempt: 1, status: 500 }])
  })

  test('is delivered once it has a 2xx call', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account)
    const first = await makeCall(db, account.accountId, { webhookId, status: 500, failure: 'status' })
    await makeCall(db, account.accountId, { webhookId, deliveryId: first.deliveryId, attempt: 2 })
    const detail = await read(account.accountId, first.callId)
    expect(detail.state).toEqual({ kind: 'delivered' })
    expect(detail.attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  test('is exhausted, with the reason, once it has that outcome', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account)
    const { callId, deliveryId } = await makeCall(db, account.accountId, {
      webhookId,
      status: null,
      failure: 'timeout',
    })
    await db.execute(sql`insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
      values (${account.accountId}, ${deliveryId}, ${webhookId}, 'exhausted', 'retries-used-up')`)
    expect((await read(account.accountId, callId)).state).toMatchObject({
      kind: 'exhausted',
      reason: 'retries-used-up',
    })
  })

  test('is “test” for a test fire', async () => {
    const { accountId } = await makeAccount(db)
    const snapshot = {
      name: 'D',
      url: 'https://a.com/',
      format: 'feefo' as const,
      encoding: 'json' as const,
      authentication: 'basic' as const,
      headerNames: [],
    }
    const { callId } = await makeCall(db, accountId, { snapshot })
    expect((await read(accountId, callId)).state).toEqual({ kind: 'test' })
  })
})

describe('the exact request', () => {
  const secrets = {
    headers: [{ name: 'X-Shop', value: 'shop-secret', kept: false }],
    url: 'https://93.184.215.14/a?b=1',
  }

  test('shows every secret masked', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    await setPreSharedKey(db, accountId, userId, 'the-account-key')
    const webhookId = await makeWebhook(db, account, secrets)
    const { callId } = await makeCall(db, accountId, { webhookId, keyVersion: 1, attempt: 3 })
    const shown = shownCall(await read(accountId, callId), { whole: true })
    expect(shown.request?.line).toBe('POST /a?b=1 HTTP/1.1')
    expect(value(shown.request?.headers, 'authorization')).toBe(`hmac ${mask}`)
    expect(value(shown.request?.headers, 'X-Shop')).toBe(mask)
    expect(value(shown.request?.headers, 'hearback-attempt')).toBe('3')
    expect(value(shown.request?.headers, 'webhook-signature')).toBe('v1,c2lnbmF0dXJl')
    expect(value(shown.request?.headers, 'content-length')).toBe('14')
    expect(JSON.stringify(shown)).not.toMatch(/shop-secret|the-account-key/)
  })

  test('is revealed with the key that was in force at the time of the call, and the reveal is audited', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    await setPreSharedKey(db, accountId, userId, 'the-old-key')
    const webhookId = await makeWebhook(db, account, secrets)
    const { callId } = await makeCall(db, accountId, { webhookId, keyVersion: 1 })
    await setPreSharedKey(db, accountId, userId, 'the-new-key')
    const headers = await revealCallHeaders(db, accountId, userId, callId)
    expect(value(headers, 'authorization')).toBe('hmac the-old-key')
    expect(value(headers, 'X-Shop')).toBe('shop-secret')
    const rows = await db.select().from(audit)
    expect(rows.filter((row) => row.accountId === accountId && row.action === 'call.headers-revealed')).toHaveLength(1)
  })

  test('shows only the scheme of Basic credentials until they are revealed', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, {
      authentication: 'basic',
      basicUser: 'hub',
      basicPassword: 'pa55-word',
    })
    const { callId } = await makeCall(db, account.accountId, { webhookId })
    const shown = shownCall(await read(account.accountId, callId), { whole: true })
    expect(value(shown.request?.headers, 'authorization')).toBe(`Basic ${mask}`)
    const headers = await revealCallHeaders(db, account.accountId, account.userId, callId)
    expect(value(headers, 'authorization')).toBe(`Basic ${Buffer.from('hub:pa55-word').toString('base64')}`)
  })

  test('is not revealed to another account', async () => {
    const one = await makeAccount(db)
    const other = await makeAccount(db)
    const webhookId = await makeWebhook(db, one, secrets)
    const { callId } = await makeCall(db, one.accountId, { webhookId })
    expect(await revealCallHeaders(db, other.accountId, other.userId, callId)).toBeUndefined()
  })

  test('is absent when the call ended before a request was built', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account)
    const { callId } = await makeCall(db, account.accountId, {
      webhookId,
      signedAt: null,
      status: null,
      failure: 'unsendable',
    })
    expect(shownCall(await read(account.accountId, callId), { whole: true }).request).toBeUndefined()
  })

  test('shows a viewer neither the path nor the answer', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, secrets)
    const { callId } = await makeCall(db, account.accountId, { webhookId, responseBody: 'echo /a?b=1 shop-secret' })
    const shown = shownCall(await read(account.accountId, callId), { whole: false })
    expect(shown.request?.line).toBe('POST /… HTTP/1.1')
    expect(shown.url).toBe('https://93.184.215.14/…')
    expect(shown.response).toBeUndefined()
    expect(JSON.stringify(shown)).not.toMatch(/shop-secret|b=1/)
  })
})

test('an answer that was longer than what is kept is marked as cut', async () => {
  const account = await makeAccount(db)
  const webhookId = await makeWebhook(db, account)
  const { callId } = await makeCall(db, account.accountId, {
    webhookId,
    responseBody: 'x'.repeat(4096),
    responseBytes: 9000,
  })
  expect(shownCall(await read(account.accountId, callId), { whole: true }).response).toMatchObject({
    cut: true,
    bytes: 9000,
  })
})
