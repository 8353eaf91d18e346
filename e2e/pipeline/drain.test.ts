import { afterAll, expect, test } from 'vitest'
import { showId } from '@/lib/type-id'
import { acceptedOf, judge } from '../fixtures/faults/always-true'
import {
  aReceiver,
  deliveryOf,
  drainSettings,
  makeLocalWebhook,
  makeSender,
  someEvent,
  until,
} from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'
import { aLoggedReceiver } from '../fixtures/receivers/logged-receiver'

// What a drain promises when nothing breaks: each delivery is called once, nothing waits for what it need not wait for.

const hub = await openTestHub()
afterAll(endChildren)

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const queued = (accountId: string) => hub.count('queue where account_id = $1', [accountId])
const emptied = (accountId: string, ms?: number) => until(async () => (await queued(accountId)) === 0, ms)

test('two processes that drain at once never call for one delivery twice', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver()
  for (let n = 0; n < 10; n++) await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}` })
  const options = { url: hub.url, drain: { settings: drainSettings(hub.url) } }
  const processes = await Promise.all([startChild(options), startChild(options)])
  const posted = await Promise.all([hub.post(account.key, events(120)), hub.post(account.key, events(120))])
  await emptied(account.accountId, 60_000)
  const verdict = await judge(hub.pool, [account.accountId], receiver.log, { accepted: acceptedOf(...posted) })
  expect(verdict).toMatchObject({ violations: [], delivered: 2400, received: 2400, recorded: 2400, repeats: 0 })
  const parts = await Promise.all(processes.map((process) => process.counts()))
  expect(parts.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(2400)
  // Each of the two had its part.
  expect(Math.min(...parts.map(({ delivered }) => delivered))).toBeGreaterThan(0)
  await Promise.all(processes.map((process) => process.kill()))
}, 90_000)

test('a webhook that hangs does not slow another one of its account, nor another account', async () => {
  const account = await makeSender(hub)
  const other = await makeSender(hub)
  const hanging = await aReceiver({ hang: true })
  const healthy = await aReceiver()
  await makeLocalWebhook(hub, account, { url: `${hanging.url}/hangs`, timeoutSeconds: 2 })
  await hub.post(account.key, events(300))
  const drain = hub.drain({ concurrency: 20 })
  await hanging.waitFor(10)
  await makeLocalWebhook(hub, account, { url: `${healthy.url}/same-account` })
  await makeLocalWebhook(hub, other, { url: `${healthy.url}/other-account` })
  const latencies: number[] = []
  for (let n = 0; n < 20; n++) {
    const sent = performance.now()
    await Promise.all([hub.post(account.key, someEvent()), hub.post(other.key, someEvent())])
    drain.wake()
    const requests = await healthy.waitFor(2 * n + 2)
    latencies.push(Math.max(...requests.slice(-2).map(({ at }) => at)) - sent)
  }
  latencies.sort((a, b) => a - b)
  expect(latencies[10]).toBeLessThan(500)
  expect(latencies[18]).toBeLessThan(1500)
  // It never has more than its ten calls in flight.
  expect(await hanging.connections()).toBeLessThanOrEqual(10)
}, 40_000)

test('a pool of two connections serves fifty slow receivers', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver({ delayMs: 300 })
  for (let n = 0; n < 50; n++) await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}` })
  await hub.post(account.key, events(4))
  hub.drain({ connections: 2, concurrency: 200 })
  const began = performance.now()
  await emptied(account.accountId)
  // One after another they would take a minute.
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(receiver.requests).toHaveLength(200)
}, 30_000)

test('holds no transaction and no connection while calls are in flight', async () => {
  const { account, receiver } = await makeSubscriber(hub, { hang: true }, { timeoutSeconds: 2 })
  await hub.post(account.key, events(10))
  const drain = hub.drain({ connections: 5 })
  await receiver.waitFor(10)
  for (let n = 0; n < 10; n++) {
    const open = await hub.rows(
      `select pid, state, query from pg_stat_activity
       where datname = $1 and xact_start < now() - interval '50 ms' and pid <> pg_backend_pid()`,
      [hub.name],
    )
    expect(open).toEqual([])
    await new Promise((done) => setTimeout(done, 50))
  }
  await drain.stop()
  expect(await hub.count('calls where account_id = $1 and failure = $2', [account.accountId, 'timeout'])).toBe(10)
})

test('calls with the delivery’s id and the body as stored, and records what came back', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver({ status: 201, headers: { 'x-made': 'yes' }, body: 'thank you' })
  await makeLocalWebhook(hub, account, { url: `${receiver.url}/hook?token=1` })
  await hub.post(account.key, someEvent({}, { comment: 'naïve ☂ 雨' }))
  hub.drain()
  await emptied(account.accountId)
  const [call] = await hub.rows<Record<string, unknown>>(
    `select c.*, p.body, d.id as delivery from calls c join deliveries d on d.id = c.delivery_id
     join payloads p on p.id = d.payload_id where c.account_id = $1`,
    [account.accountId],
  )
  const [request] = receiver.requests
  expect(request?.url).toBe('/hook?token=1')
  expect(request?.body.toString()).toBe(call?.body)
  expect(request && deliveryOf(request)).toBe(showId('delivery', String(call?.delivery)))
  expect(request?.headers).toMatchObject({ 'hearback-attempt': '1', 'hearback-feedback-version': '1' })
  expect(request?.headers['webhook-signature']).toBe(call?.signature)
  expect(call).toMatchObject({ status: 201, failure: null, attempt: 1, response_body: 'thank you', response_bytes: 9 })
  expect(call?.response_headers).toContain('"x-made","yes"')
})

test('records an answer with NUL bytes and broken UTF-8, and its neighbours with it', async () => {
  const account = await makeSender(hub)
  const body = Buffer.from([0x61, 0, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0x62])
  const strange = await aReceiver({ status: 400, body, headers: { 'x-odd': 'caf\u00e9' } })
  const plain = await aReceiver()
  await makeLocalWebhook(hub, account, { url: strange.url, retries: 0 })
  await makeLocalWebhook(hub, account, { url: plain.url })
  await hub.post(account.key, events(20))
  hub.drain()
  await emptied(account.accountId)
  const calls = await hub.rows(
    'select distinct status, response_body, response_bytes from calls where account_id = $1 order by status',
    [account.accountId],
  )
  expect(calls).toEqual([
    { status: 200, response_body: '', response_bytes: 0 },
    { status: 400, response_body: 'a\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdb', response_bytes: 8 },
  ])
  expect(await hub.count('calls where account_id = $1', [account.accountId])).toBe(40)
})
