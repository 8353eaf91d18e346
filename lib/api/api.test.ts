import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeAccount, makeWebhook, type TestAccount } from '@/e2e/fixtures/data/webhooks'
import { someEvent } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import type { ApiScope } from '../accounts/api-key-schema'
import { createApiKey } from '../accounts/api-keys'
import { readAuditLog } from '../audit/audit-log'
import { openApi } from './open-api'

const operatorKey = randomBytes(24).toString('hex')
Object.assign(process.env, { HEARBACK_OPERATOR_KEY: operatorKey, HEARBACK_EGRESS_IPS: '203.0.113.7' })

const hub = await openTestHub()
const log = { error: console.error } as never
const fast = { perSecond: 100_000, burst: 100_000 }
const api = openApi({ db: hub.db, log, addressOf: () => '203.0.113.9', rates: { key: fast, stranger: fast } })

const keyOf = async ({ accountId }: TestAccount, ...scopes: ApiScope[]) =>
  (await createApiKey(hub.db, accountId, null, { name: 'Test', scopes })).key

type Sent = { key?: string; body?: unknown; headers?: Record<string, string> }
async function ask(method: string, path: string, { key, body, headers = {} }: Sent = {}, handler = api) {
  const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {}
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const init = { method, headers: { ...authorization, ...type, ...headers }, body: body && JSON.stringify(body) }
  const response = await handler(new Request(`https://hub.test/api/v1${path}`, init as RequestInit))
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

const url = 'https://93.184.215.14/hooks'
let accounts = 0
/** An account under the platform's own id. */
async function putAccount(body: object = {}) {
  const name = `own-${++accounts}-${randomBytes(3).toString('hex')}`
  const put = await ask('PUT', `/accounts/${name}`, { key: operatorKey, body: { name: 'Quay Ltd', ...body } })
  expect(put).toMatchObject({ status: 200, body: { externalId: name } })
  return name
}

test('a webhook is created with the values of a new form, read, changed under If-Match and deleted', async () => {
  const key = await keyOf(await makeAccount(hub.db), 'manage')
  const made = await ask('POST', '/webhooks', { key, body: { name: 'Created', url, externalId: 'crm' } })
  expect(made).toMatchObject({ status: 201, body: { externalId: 'crm', format: 'feefo', switch: 'on' } })
  const read = await ask('GET', '/webhooks/crm', { key })
  expect(read.body.id).toBe(made.body.id)
  const etag = read.headers.get('etag') as string
  expect((await ask('GET', '/webhooks/crm', { key, headers: { 'if-none-match': etag } })).status).toBe(304)
  const body = { retries: 2, metadata: { team: 'a' } }
  const changed = await ask('PATCH', '/webhooks/crm', { key, body, headers: { 'if-match': etag } })
  expect(changed).toMatchObject({ status: 200, body: { retries: 2, metadata: { team: 'a' }, version: 2 } })
  expect((await ask('PATCH', '/webhooks/crm', { key, body, headers: { 'if-match': etag } })).status).toBe(412)
  expect((await ask('DELETE', '/webhooks/crm', { key, headers: { 'if-match': etag } })).status).toBe(412)
  expect(await ask('DELETE', '/webhooks/crm', { key })).toMatchObject({ status: 200, body: { cancelled: 0 } })
  expect((await ask('GET', '/webhooks/crm', { key })).status).toBe(404)
})

test('a PUT under the platform’s own id creates a webhook, then makes it as the body says', async () => {
  const key = await keyOf(await makeAccount(hub.db), 'manage')
  const put = (body: object) => ask('PUT', '/webhooks/crm:1', { key, body: { name: 'Put', url, ...body } })
  const created = await put({ format: 'standard', retries: 1, metadata: { a: 1 } })
  expect(created).toMatchObject({ status: 200, body: { externalId: 'crm:1', retries: 1, metadata: { a: 1 } } })
  expect(created.body.secret).toMatch(/^whsec_/)
  const changed = await put({})
  expect(changed).toMatchObject({
    status: 200,
    body: { id: created.body.id, format: 'standard', retries: 9, metadata: {} },
  })
  expect(changed.body).not.toHaveProperty('secret')
  expect((await ask('PUT', '/webhooks/whk_none', { key, body: { name: 'Put', url } })).status).toBe(404)
  const long = await put({ metadata: { text: 'x'.repeat(4096) } })
  expect(long).toMatchObject({ status: 422, body: { errors: [{ path: 'metadata' }] } })
})

test('what the form refuses the API refuses, with the path of the field', async () => {
  const key = await keyOf(await makeAccount(hub.db), 'manage')
  const body = { name: 'Refused', url: 'https://localhost/', headers: [{ name: 'webhook-id', value: 'x' }] }
  const { status, body: problem } = await ask('POST', '/webhooks', { key, body })
  expect(status).toBe(422)
  expect(problem.errors.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(['url', 'headers.0.name']),
  )
})

test('lists are in pages by keyset', async () => {
  const own = await makeAccount(hub.db)
  for (let n = 0; n < 3; n++) await makeWebhook(hub.db, own)
  const key = await keyOf(own, 'read')
  const first = await ask('GET', '/webhooks?limit=2', { key })
  expect(first.body.data).toHaveLength(2)
  const second = await ask('GET', `/webhooks?limit=2&after=${first.body.next}`, { key })
  expect(second.body).toMatchObject({ data: [{}], next: null })
  for (const path of ['/calls', '/events', '/deliveries'])
    expect(await ask('GET', path, { key })).toMatchObject({ status: 200, body: { data: [], next: null } })
})

test('a read key sees of a URL only its host', async () => {
  const own = await makeAccount(hub.db)
  await makeWebhook(hub.db, own)
  const { body } = await ask('GET', '/webhooks', { key: await keyOf(own, 'read') })
  expect(body.data[0].url).toBe('https://93.184.215.14/…')
})

test('a key makes no key that may do more, ends later or has a higher limit than itself', async () => {
  const own = await makeAccount(hub.db)
  const key = await keyOf(own, 'manage')
  const make = (scopes: string[]) => ask('POST', '/api-keys', { key, body: { name: 'Made', scopes } })
  expect(await make(['ingest'])).toMatchObject({ status: 422, body: { errors: [{ path: 'scopes' }] } })
  expect((await make(['manage', 'read'])).status).toBe(201)
  const ingest = await createApiKey(hub.db, own.accountId, null, { name: 'Ingest', scopes: ['ingest'] })
  const { body } = await ask('GET', '/api-keys', { key })
  const { id } = body.data.find(({ name }: { name: string }) => name === 'Ingest')
  expect((await ask('POST', `/api-keys/${id}/rotate`, { key })).status).toBe(422)
  expect(ingest.key).toMatch(/^hbk_/)
  await hub.rows(
    `update api_keys set expires_at = hub_now() + interval '1 hour', events_per_second = 5
    where account_id = $1 and scopes = '{manage}'`,
    [own.accountId],
  )
  const short = await make(['read'])
  const [made] = await hub.rows<{ soon: boolean; limit: number }>(
    `select expires_at < hub_now() + interval '2 hours' as soon, events_per_second as limit from api_keys
      where account_id = $1 order by id desc limit 1`,
    [own.accountId],
  )
  expect([short.status, made]).toEqual([201, { soon: true, limit: 5 }])
})

test('the audit log names the key that made a change, and the operator’s', async () => {
  const name = await putAccount()
  const { body } = await ask('POST', `/accounts/${name}/api-keys`, {
    key: operatorKey,
    body: { name: 'Theirs', scopes: ['manage'] },
  })
  await ask('POST', '/sources', { key: body.key, body: { key: 'k', name: 'n', kind: 'email' } })
  const [account] = await hub.rows<{ id: string }>('select id from accounts where external_id = $1', [name])
  const { rows } = await readAuditLog(hub.db, account?.id ?? '', { filter: {} })
  expect(rows.map(({ who, action, address }) => [action, who, address])).toEqual([
    ['source.created', `API key ${body.key.slice(0, 12)}`, '203.0.113.9'],
    ['api-key.created', 'The operator’s key', '203.0.113.9'],
    ['account.created', 'The operator’s key', '203.0.113.9'],
  ])
  const byKeys = await readAuditLog(hub.db, account?.id ?? '', { filter: { who: 'keys' } })
  expect(byKeys.rows).toHaveLength(3)
})

test('the operator limits an account: its webhooks, their formats, their usual retries', async () => {
  const limits = { webhooks: 1, formats: ['standard'], retries: 4 }
  const name = await putAccount({ limits, metadata: { plan: 'team' } })
  const at = `/accounts/${name}/webhooks`
  const make = (body: object) => ask('POST', at, { key: operatorKey, body: { url, ...body } })
  expect(await make({ name: 'One', format: 'reviews' })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'format' }] },
  })
  expect(await make({ name: 'One', format: 'standard' })).toMatchObject({ status: 201, body: { retries: 4 } })
  expect((await make({ name: 'Two', format: 'standard' })).status).toBe(422)
  const account = await ask('GET', `/accounts/${name}`, { key: operatorKey })
  expect(account.body).toMatchObject({ limits, metadata: { plan: 'team' }, suspended: false })
})

test('the operator posts events of many accounts in one batch; an unknown or suspended one is named', async () => {
  const [one, two, closed] = [await putAccount(), await putAccount(), await putAccount()]
  await ask('POST', `/accounts/${closed}/suspend`, { key: operatorKey })
  const events = [one, two, closed, 'nobody'].map((account) => someEvent({ account, id: 'evt-1' }))
  const { status, body } = await hub.post(operatorKey, [...events, someEvent()])
  expect(status).toBe(202)
  expect(body).toMatchObject({ accepted: 2, duplicates: 0 })
  expect(body.rejected.map(({ index, code, path }) => [index, code, path])).toEqual([
    [2, 'unknown_account', 'account'],
    [3, 'unknown_account', 'account'],
    [4, 'invalid', 'account'],
  ])
  for (const name of [one, two]) {
    const listed = await ask('GET', `/accounts/${name}/events`, { key: operatorKey })
    expect(listed.body.data).toHaveLength(1)
  }
  expect((await hub.post(operatorKey.slice(1), events)).status).toBe(401)
})

test('an account’s limit of events holds for all of its keys together', async () => {
  const name = await putAccount({ limits: { eventsPerSecond: 1 } })
  const mint = async () => {
    const body = { name: 'Theirs', scopes: ['ingest'] }
    return (await ask('POST', `/accounts/${name}/api-keys`, { key: operatorKey, body })).body.key as string
  }
  const [first, second] = [await mint(), await mint()]
  expect((await hub.post(first, [someEvent(), someEvent()])).status).toBe(202)
  const refused = await hub.post(second, someEvent())
  expect(refused.status).toBe(429)
})

test('over its rate a key is answered 429 with Retry-After, and so is an address without one', async () => {
  const rates = { key: { perSecond: 1, burst: 2 }, stranger: { perSecond: 1, burst: 2 } }
  const slow = openApi({ db: hub.db, log, addressOf: () => '203.0.113.9', rates, clock: () => 0 })
  const key = await keyOf(await makeAccount(hub.db), 'read')
  for (const sent of [{ key }, {}]) {
    const answers = []
    for (let n = 0; n < 3; n++) answers.push(await ask('GET', '/webhooks', sent, slow))
    expect(answers[2]?.status).toBe(429)
    expect(answers[2]?.headers.get('retry-after')).toMatch(/^\d+$/)
  }
})

test('the sender addresses are public and cached', async () => {
  const { status, body, headers } = await ask('GET', '/sender-addresses')
  expect([status, body, headers.get('cache-control')]).toEqual([
    200,
    { addresses: ['203.0.113.7'] },
    'public, max-age=3600',
  ])
})

test('a request of two at the same time changes nothing that the other read: If-Match lets one through', async () => {
  const key = await keyOf(await makeAccount(hub.db), 'manage')
  await ask('POST', '/webhooks', { key, body: { name: 'Race', url, externalId: 'race' } })
  const etag = (await ask('GET', '/webhooks/race', { key })).headers.get('etag') as string
  const answers = await Promise.all(
    [1, 2, 3].map((retries) =>
      ask('PATCH', '/webhooks/race', { key, body: { retries }, headers: { 'if-match': etag } }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412])
})
