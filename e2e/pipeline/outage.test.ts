import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase, openPool } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { startDrain } from '@/lib/pipeline/drain/start-drain'
import { readId } from '@/lib/type-id'
import { acceptedOf, judge } from '../fixtures/faults/always-true'
import { startTestPostgres, type TestPostgres } from '../fixtures/postgres/postgres'
import {
  aReceiver,
  drainSettings,
  makeLocalWebhook,
  makeSender,
  openPipeline,
  silentLog,
  someEvent,
  type TestPipeline,
  until,
} from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { aLoggedReceiver } from '../fixtures/receivers/logged-receiver'

// A PostgreSQL of its own crashes and comes back: ingest says so and never answers 202 without a row, a drain delivers
// everything and repeats no call that it could still record.

let postgres: TestPostgres
let hub: TestPipeline
beforeAll(async () => {
  postgres = await startTestPostgres({ durable: true })
  const admin = openPool(postgres.url)
  await admin.query('create database hub')
  await admin.end()
  const url = postgres.databaseUrl('hub')
  const pool = openPool(url)
  await migrate(pool)
  hub = await openPipeline({ name: 'hub', url, pool, db: openDatabase(pool) })
}, 60_000)
afterEach(async () => {
  await endChildren()
  await hub.endWork()
})
afterAll(async () => {
  await hub.close()
  await hub.pool.end()
  await postgres.stop()
})

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const emptied = (accountId: string) =>
  until(async () => (await hub.count('queue where account_id = $1', [accountId])) === 0, 60_000)

test('ingest answers 503 with Retry-After while the database is away, and never 202 without a row', async () => {
  const account = await makeSender(hub)
  await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/' })
  await hub.post(account.key, someEvent())
  let posting = true
  let sent = 0
  const statuses = new Map<number, number>()
  const taken: string[] = []
  const refused: unknown[] = []
  const callers = Array.from({ length: 8 }, async () => {
    while (posting) {
      const batch = Array.from({ length: 3 }, () => someEvent({ id: `outage-${sent++}` }))
      const { status, headers, body } = await hub.post(account.key, batch)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 202) taken.push(...body.events.map(({ id }) => id))
      else {
        expect(headers.get('retry-after')).toBe('1')
        refused.push(...batch)
        await sleep(20)
      }
    }
  })
  await sleep(500)
  await postgres.restart({ mode: 'immediate', downMs: 1500 })
  await sleep(500)
  posting = false
  await Promise.all(callers)
  expect([...statuses.keys()].sort()).toEqual([202, 503])
  const rows = await hub.rows<{ id: string; external_id: string }>(
    `select e.id, e.external_id from events e join deliveries d on d.account_id = e.account_id and d.event_id = e.id
     join queue q on q.account_id = d.account_id and q.delivery_id = d.id where e.account_id = $1 and e.external_id is not null`,
    [account.accountId],
  )
  const stored = new Set(rows.map(({ id }) => id))
  expect(taken.filter((id) => !stored.has(readId('event', id) ?? ''))).toEqual([])
  // What was refused may be stored, when its commit was cut: sent again, it is taken once.
  for (let n = 0; n < refused.length; n += 1000)
    expect((await hub.post(account.key, refused.slice(n, n + 1000))).body.rejected).toEqual([])
  expect(await hub.count('events where account_id = $1 and external_id is not null', [account.accountId])).toBe(sent)
}, 60_000)

test('a drain whose database crashes in mid-drain delivers everything, and repeats with the same id and bytes', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ delayMs: 20 })
  for (let n = 0; n < 5; n++) await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}`, timeoutSeconds: 5 })
  const posted = await hub.post(account.key, events(80))
  for (let n = 0; n < 2; n++) hub.drain({ leaseMs: 8000 })
  await receiver.waitFor(100)
  await postgres.restart({ mode: 'immediate', downMs: 500 })
  await receiver.waitFor(250, 20_000)
  await postgres.restart({ mode: 'immediate' })
  await emptied(account.accountId)
  // A call may have failed meanwhile; attempts have no gap and the last one was answered with a 2xx.
  const verdict = await judge(hub.pool, [account.accountId], receiver.log, { accepted: acceptedOf(posted) })
  expect(verdict).toMatchObject({ violations: [], deliveries: 400, delivered: 400 })
}, 120_000)

test.each([
  ['the drainer', 1, 0, 8500],
  ['three drainers', 3, 0, 8500],
  ['a drainer with idle ones beside it', 1, 2, 8000],
])(
  'an outage that is longer than the leases of %s repeats no call that was made before it',
  async (_, busy, idle, downMs) => {
    const account = await makeSender(hub)
    let answer: () => void = () => {}
    const down = new Promise<void>((resolve) => {
      answer = resolve
    })
    const receiver = await aLoggedReceiver(async () => {
      await down
      return 200
    })
    for (let n = 0; n < 5; n++) await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}`, timeoutSeconds: 5 })
    const posted = await hub.post(account.key, events(10))
    const drain = (count: number) => {
      for (let n = 0; n < count; n++) hub.drain({ leaseMs: 7000, concurrency: 100 })
    }
    drain(busy)
    await receiver.waitFor(50)
    drain(idle)
    setTimeout(answer, 300)
    await postgres.restart({ mode: 'immediate', downMs })
    await emptied(account.accountId)
    const verdict = await judge(hub.pool, [account.accountId], receiver.log, { accepted: acceptedOf(posted) })
    expect(verdict).toMatchObject({ violations: [], delivered: 50, received: 50, repeats: 0 })
  },
  60_000,
)

test('while a drainer has not come back from a restart of the database its calls are not repeated', async () => {
  const account = await makeSender(hub)
  let answer: () => void = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  const receiver = await aLoggedReceiver(() => answered.then(() => 200))
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 30 })
  const posted = await hub.post(account.key, events(5))
  const child = await startChild({ url: hub.url, drain: { settings: drainSettings(hub.url) } })
  await receiver.waitFor(5)
  child.signal('SIGSTOP')
  await postgres.restart({ mode: 'immediate', downMs: 0 })
  const other = hub.drain()
  await until(() => other.mayClaim() === 'yes')
  await sleep(6_000)
  expect(receiver.requests).toHaveLength(5)
  child.signal('SIGCONT')
  answer()
  await emptied(account.accountId)
  const verdict = await judge(hub.pool, [account.accountId], receiver.log, { accepted: acceptedOf(posted) })
  expect(verdict).toMatchObject({ violations: [], delivered: 5, received: 5, repeats: 0 })
}, 60_000)

test('a drainer that finds the database back leaves it for two seconds to what others have to record', async () => {
  const pool = openPool(hub.url, { pipeline: true })
  const query = pool.query.bind(pool) as (...given: unknown[]) => unknown
  const answered: { name: string | undefined; at: number }[] = []
  let failed = 0
  // It is back just when it is asked for the third time after it went.
  pool.query = ((...given: unknown[]) => {
    if (answered.length === 0 && failed++ < 3) return Promise.reject(new Error('away'))
    answered.push({ name: (given[0] as { name?: string }).name, at: performance.now() })
    return query(...given)
  }) as typeof pool.query
  const drain = startDrain({ db: pool, settings: drainSettings(hub.url), log: silentLog })
  await until(() => answered.some(({ name }) => name === 'claim'), 20_000)
  await drain.stop()
  await pool.end()
  const back = answered[0]?.at ?? 0
  const claims = answered.filter(({ name }) => name?.startsWith('claim')).map(({ at }) => at - back)
  expect(Math.min(...claims)).toBeGreaterThan(1_900)
}, 30_000)

test('without a partition for the day records wait until there is one, and no call is repeated', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver()
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 2 })
  await hub.post(account.key, events(10))
  const [today] = await hub.rows<{ name: string; bounds: string }>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds from pg_class c
     where c.relname = 'calls_' || to_char(now() at time zone 'UTC', 'YYYYMMDD')`,
  )
  await hub.rows(`alter table calls detach partition ${today?.name}`)
  hub.drain({ leaseMs: 3000 })
  await receiver.waitFor(10)
  await sleep(4500)
  await hub.rows(`alter table calls attach partition ${today?.name} ${today?.bounds}`)
  await emptied(account.accountId)
  expect(receiver.requests).toHaveLength(10)
  expect(await hub.count('calls where account_id = $1 and attempt = 1', [account.accountId])).toBe(10)
}, 30_000)
