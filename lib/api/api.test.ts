import { beforeAll, describe, expect, test } from 'vitest'
import { makeAccount, makeWebhook, type TestAccount } from '@/e2e/fixtures/data/webhooks'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import type { ApiScope } from '../accounts/api-key-schema'
import { createApiKey } from '../accounts/api-keys'
import { openApi } from './open-api'
import { openApiDocument } from './openapi-document'
import { operations } from './operations'

const hub = await openTestHub()
const fast = { perSecond: 100_000, burst: 100_000 }
const silent = { error: console.error } as never
const api = openApi({ db: hub.db, log: silent, addressOf: () => '203.0.113.9', rates: { key: fast, stranger: fast } })

async function keyOf({ accountId }: TestAccount, ...scopes: ApiScope[]) {
  return (await createApiKey(hub.db, accountId, null, { name: 'Test', scopes })).key
}

type Sent = { key?: string; body?: unknown; headers?: Record<string, string> }
async function ask(method: string, path: string, { key, body, headers = {} }: Sent = {}) {
  const response = await api(
    new Request(`https://hub.test/api/v1${path}`, {
      method,
      headers: {
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  )
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

describe('webhooks', () => {
  let account: TestAccount
  let key: string
  beforeAll(async () => {
    account = await makeAccount(hub.db)
    key = await keyOf(account, 'manage')
  })
  const url = 'https://93.184.215.14/hooks'

  test('a webhook is created with the values of a new form, read, changed under If-Match and deleted', async () => {
    const made = await ask('POST', '/webhooks', { key, body: { name: 'Created', url, externalId: 'crm' } })
    expect(made).toMatchObject({ status: 201, body: { externalId: 'crm', format: 'feefo', switch: 'on' } })
    const read = await ask('GET', '/webhooks/crm', { key })
    expect(read.body.id).toBe(made.body.id)
    const etag = read.headers.get('etag') as string
    const body = { retries: 2, metadata: { team: 'a' } }
    const changed = await ask('PATCH', '/webhooks/crm', { key, body, headers: { 'if-match': etag } })
    expect(changed).toMatchObject({ status: 200, body: { retries: 2, metadata: { team: 'a' }, version: 2 } })
    expect((await ask('PATCH', '/webhooks/crm', { key, body, headers: { 'if-match': etag } })).status).toBe(412)
    expect((await ask('DELETE', '/webhooks/crm', { key, headers: { 'if-match': etag } })).status).toBe(412)
    expect(await ask('DELETE', '/webhooks/crm', { key })).toMatchObject({ status: 200, body: { cancelled: 0 } })
    expect((await ask('GET', '/webhooks/crm', { key })).status).toBe(404)
  })

  test('lists are in pages by keyset', async () => {
    const own = await makeAccount(hub.db)
    for (let n = 0; n < 3; n++) await makeWebhook(hub.db, own)
    const read = await keyOf(own, 'read')
    const first = await ask('GET', '/webhooks?limit=2', { key: read })
    expect(first.body.data).toHaveLength(2)
    const second = await ask('GET', `/webhooks?limit=2&after=${first.body.next}`, { key: read })
    expect(second.body).toMatchObject({ data: [{}], next: null })
    for (const path of ['/calls', '/events', '/deliveries'])
      expect(await ask('GET', path, { key: read })).toMatchObject({ status: 200, body: { data: [], next: null } })
  })
})

test('the document has every operation', () => {
  const { paths = {} } = openApiDocument('https://hub.test')
  for (const { path, method, id } of operations) expect(paths[path]?.[method]?.operationId).toBe(id)
})
