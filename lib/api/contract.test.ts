import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ApiWorld, hubIds, makeApiWorld, uuidOf } from '@/e2e/fixtures/data/api-world'
import { aReceiver, makeLocalWebhook, someEvent } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import type { Receiver } from '@/e2e/fixtures/receivers/receiver'
import { cancelDelivery } from '../deliveries/cancel-delivery'
import { changeJob } from '../recovery/recovery-jobs'
import { openApi } from './open-api'
import type { Operation } from './operation'
import { operations } from './operations'

// The contract of every operation in the table: what it answers to valid, invalid, foreign and unauthorised requests.

const operatorKey = randomBytes(24).toString('hex')
Object.assign(process.env, {
  HEARBACK_OPERATOR_KEY: operatorKey,
  HEARBACK_ALLOW_HTTP: 'always',
  HEARBACK_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
})

const hub = await openTestHub()
const fast = { perSecond: 100_000, burst: 100_000 }
const rates = { key: fast, stranger: fast }
const api = openApi({ db: hub.db, log: { error: console.error } as never, addressOf: () => '203.0.113.9', rates })

let receiver: Receiver
beforeAll(async () => {
  receiver = await aReceiver()
})

const makeWorld = () =>
  makeApiWorld({
    db: hub.db,
    makeWebhook: (accountId) => makeLocalWebhook(hub, { accountId, userId: '' }, { url: receiver.url }),
    postEvent: async (key) => (await hub.post(key, someEvent())).body.events[0]?.id ?? '',
  })

type Sent = { key?: string; body?: unknown; headers?: Record<string, string>; query?: string; raw?: string }
async function send({ method, path }: Operation, params: Record<string, string>, sent: Sent = {}) {
  const { key, body, headers = {}, query = '', raw = body === undefined ? undefined : JSON.stringify(body) } = sent
  const address = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? `no-${name}`))
  const type: Record<string, string> = raw === undefined ? {} : { 'content-type': 'application/json' }
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const init = { method: method.toUpperCase(), body: raw, headers: { ...type, ...authorization, ...headers } }
  const response = await api(new Request(`https://hub.test/api/v1${address}${query}`, init))
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

/** The bodies of an operation's examples, with the receiver in place of the host that they name. */
const examplesOf = ({ examples, body }: Operation): (readonly [string, unknown])[] =>
  body
    ? Object.entries(examples ?? {}).map(([name, value]) => {
        const text = JSON.stringify(value).replaceAll('https://www.example.com', new URL(receiver.url).origin)
        return [name, JSON.parse(text)] as const
      })
    : [['', undefined]]

/** Those whose body only a call that was taken can make. */
const withoutExample = new Set(['answerRelayedCall'])

const keyOf = ({ scope }: Operation, { keys }: ApiWorld): string | undefined =>
  ({ public: undefined, read: keys.read, manage: keys.manage, operator: operatorKey })[scope]

/** The account of an operation for the operator's key is named in its address. */
const within = (operation: Operation, { params }: ApiWorld): Operation =>
  operation.scope === 'operator' && operation.of === 'account'
    ? { ...operation, path: `/accounts/${params.account}${operation.path}` }
    : operation

/** What has to be so before an operation can be carried out. What it returns is the body, where no example can be one. */
const prepare: Record<string, (world: ApiWorld) => Promise<unknown>> = {
  answerRelayedCall: async (world) => {
    await hub.post(world.keys.ingest, someEvent())
    const take = operations.find(({ id }) => id === 'takeRelayedCalls') as Operation
    const taken = await send(take, world.params, { key: world.keys.manage })
    const answer = { kind: 'answer', status: 200, headers: [], body: '', firstByteMs: 5 }
    return { call: taken.body.calls[0].call, durationMs: 5, result: answer }
  },
  sendDeliveryAgain: ({ accountId, params }) =>
    cancelDelivery(hub.db, accountId, null, uuidOf('delivery', params.delivery)),
  continueRecovery: ({ accountId, params }) =>
    changeJob(hub.db, accountId, null, uuidOf('recovery', params.recovery), 'paused'),
}
/** The query of an operation that needs one. */
const queries: Record<string, string> = {
  countRecoverable: '?since=2026-01-01T00:00:00Z&until=2030-01-01T00:00:00Z',
}

const table = operations.map((operation) => [operation.id, operation] as const)
const query = ({ id }: Operation) => queries[id] ?? ''

describe('valid', () => {
  /** Of the operations that read: they leave it as it is. */
  let shared: ApiWorld
  beforeAll(async () => {
    shared = await makeWorld()
  })
  test.each(table)('%s answers what its schema says, with each of its examples', async (_, operation) => {
    const made = withoutExample.has(operation.id)
    const examples = made ? [['made', undefined] as const] : examplesOf(operation)
    if (operation.body) expect(examples.length).toBeGreaterThan(0)
    for (const [name, example] of examples) {
      const world = operation.method === 'get' ? shared : await makeWorld()
      const prepared = await prepare[operation.id]?.(world)
      const body = made ? prepared : example
      const key = keyOf(operation, world)
      const answer = await send(within(operation, world), world.params, { key, body, query: query(operation) })
      const expected = operation.answer ? (operation.status ?? 200) : 204
      expect({ name, ...answer }).toMatchObject({ status: expected })
      if (operation.answer) expect(operation.answer.parse(answer.body)).toEqual(answer.body)
      if (operation.etag) expect(answer.headers.get('etag')).toMatch(/^"[\w-]{22}"$/)
    }
  })
})

describe('unauthorised', () => {
  test('every operation but the public ones is answered 401 without a key and with a key that is none', async () => {
    const world = await makeWorld()
    for (const operation of operations) {
      if (operation.scope === 'public') continue
      for (const key of [undefined, `hbk_00000000_${'x'.repeat(43)}`, operatorKey.slice(1)]) {
        const answer = await send(within(operation, world), world.params, { key })
        expect([operation.id, answer.status]).toEqual([operation.id, 401])
      }
    }
  })

  test('every operation is answered 403 with a key of a lower scope, and changes nothing', async () => {
    const world = await makeWorld()
    const { keys, accountId } = world
    const before = await hub.count('audit where account_id = $1', [accountId])
    const lower = { public: [], read: [keys.ingest], manage: [keys.ingest, keys.read], operator: Object.values(keys) }
    for (const operation of operations)
      for (const key of lower[operation.scope]) {
        const answer = await send(within(operation, world), world.params, { key, query: query(operation) })
        expect([operation.id, answer.status]).toEqual([operation.id, 403])
      }
    expect(await hub.count('audit where account_id = $1', [accountId])).toBe(before)
  })
})

test('what belongs to another account is answered 404, and is not changed', async () => {
  const [own, foreign] = [await makeWorld(), await makeWorld()]
  const before = await hub.count('audit where account_id = $1', [foreign.accountId])
  const named = operations.filter(({ of, path }) => of === 'account' && path.includes('{'))
  expect(named.length).toBeGreaterThan(20)
  for (const operation of named) {
    const [[, body] = ['', foreignBodies[operation.id]]] = examplesOf(operation)
    const key = keyOf(operation, own)
    const answer = await send(within(operation, own), hubIds(foreign), { key, body, query: query(operation) })
    expect([operation.id, answer.status]).toEqual([operation.id, 404])
    const inOther = { ...operation, path: `/accounts/${foreign.params.account}${operation.path}` }
    const { status } = await send(inOther, hubIds(foreign), { key: own.keys.manage, body, query: query(operation) })
    expect([operation.id, status]).toEqual([operation.id, operation.scope === 'operator' ? 403 : 404])
  }
  expect(await hub.count('audit where account_id = $1', [foreign.accountId])).toBe(before)
})

/** A valid body where there is no example. */
const foreignBodies: Record<string, unknown> = {
  answerRelayedCall: { call: 'x', durationMs: 5, result: { kind: 'error', code: 'ECONNREFUSED' } },
}

describe('invalid', () => {
  test('a body with an unknown field, no body, no JSON and another media type are refused, with a path', async () => {
    const world = await makeWorld()
    for (const operation of operations.filter(({ body }) => body)) {
      const ask = (sent: Sent) =>
        send(within(operation, world), world.params, { key: keyOf(operation, world), ...sent })
      const unknown = await ask({ body: { nonsense: 1 } })
      expect([operation.id, unknown.status]).toEqual([operation.id, 422])
      expect(unknown.headers.get('content-type')).toBe('application/problem+json')
      expect(unknown.body.errors.map(({ path }: { path: string }) => path)).toContain('nonsense')
      if (!operation.bodyOptional) expect([operation.id, (await ask({})).status]).toEqual([operation.id, 400])
      expect([operation.id, (await ask({ raw: '{' })).status]).toEqual([operation.id, 400])
      expect([operation.id, (await ask({ raw: '{"__proto__":1}' })).status]).toEqual([operation.id, 400])
      const text = await ask({ raw: '{}', headers: { 'content-type': 'text/plain' } })
      expect([operation.id, text.status]).toEqual([operation.id, 415])
    }
  })

  test('a query with an unknown parameter, a limit out of range or a strange cursor is refused with a path', async () => {
    const world = await makeWorld()
    for (const operation of operations.filter((own) => own.query)) {
      const key = keyOf(operation, world)
      for (const [name, given] of [
        ['nonsense', 'nonsense=1'],
        ...(operation.id.startsWith('list') ? [['limit', 'limit=0'] as const, ['after', 'after=x'] as const] : []),
      ]) {
        const answer = await send(within(operation, world), world.params, { key, query: `?${given}` })
        expect([operation.id, answer.status]).toEqual([operation.id, 400])
        expect(answer.body.errors.map(({ path }: { path: string }) => path)).toContain(name)
      }
    }
  })

  test('an unknown address is answered 404, and a method that an address has not 405', async () => {
    const { keys } = await makeWorld()
    const at = (method: Operation['method'], path: string) =>
      send({ ...(operations[0] as Operation), method, path }, {}, { key: keys.manage })
    expect((await at('get', '/nothing')).status).toBe(404)
    const refused = await at('delete', '/webhooks')
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })
})

test('a change under If-Match is refused with 412 when the state is another', async () => {
  const world = await makeWorld()
  const changes = operations.filter(({ etag, method, idempotent }) => etag && method !== 'get' && !idempotent)
  expect(changes.length).toBeGreaterThan(5)
  for (const operation of changes)
    for (const [, body] of examplesOf(operation)) {
      const sent = { key: keyOf(operation, world), body, headers: { 'if-match': '"another"' } }
      const { status } = await send(within(operation, world), world.params, sent)
      expect([operation.id, status]).toEqual([operation.id, 412])
    }
})

test('a create with an Idempotency-Key is carried out once, and its answer is given again', async () => {
  const creates = operations.filter(({ idempotent }) => idempotent)
  expect(creates.length).toBeGreaterThan(5)
  for (const operation of creates) {
    const world = await makeWorld()
    const [[, body] = ['', undefined]] = examplesOf(operation)
    const key = keyOf(operation, world)
    const headers = { 'idempotency-key': `once-${operation.id}` }
    const ask = (given: unknown) => send(within(operation, world), world.params, { key, body: given, headers })
    const [first, second] = await Promise.all([ask(body), ask(body)])
    const done = [first, second].filter(({ status }) => status < 300)
    expect([operation.id, done.length > 0]).toEqual([operation.id, true])
    const again = await ask(body)
    expect([operation.id, again.body]).toEqual([operation.id, done[0]?.body])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const other = await ask({ ...(body as object), ...otherwise[operation.id] })
    expect([operation.id, other.status]).toEqual([operation.id, 409])
  }
})

/** A field that makes another valid body of an example. */
const otherwise: Record<string, object> = {
  createWebhook: { name: 'Another' },
  recoverWebhook: { perMinute: 60 },
  replayEvents: { perMinute: 60 },
  replayEvent: { webhooks: ['crm-low-ratings', 'crm-low-ratings'] },
  createSource: { name: 'Another' },
  createApiKey: { name: 'Another' },
  rotateApiKey: { days: 1 },
  eraseCustomer: { value: 'other@example.net' },
  inviteMember: { role: 'admin' },
}

test('the answer kept for an Idempotency-Key is sealed, and is carried out anew after 24 hours', async () => {
  const world = await makeWorld()
  const operation = operations.find(({ id }) => id === 'createApiKey') as Operation
  const sent = {
    key: world.keys.manage,
    body: { name: 'Again', scopes: ['read'] },
    headers: { 'idempotency-key': 'a-day' },
  }
  const first = await send(operation, {}, sent)
  const [kept] = await hub.rows<{ sealed: string }>('select sealed from idempotent_answers where account_id = $1', [
    world.accountId,
  ])
  expect(kept?.sealed).not.toContain(first.body.key)
  await hub.db.execute(sql`update idempotent_answers set created_at = created_at - interval '25 hours'
    where account_id = ${world.accountId}`)
  expect((await send(operation, {}, sent)).body.id).not.toBe(first.body.id)
})
