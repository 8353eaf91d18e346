import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { measureClock, timeOfId } from '@/lib/db/ids'
import { aReceiver, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// When a failed call is made again, and how a delivery ends that never succeeds (docs/delivery.md).

const hub = await openTestHub()

type Next = { attempts: number; seconds: number }
/** In how many seconds the account's deliveries are due, counted from the last call's record. */
const next = (accountId: string) =>
  hub.rows<Next>(
    `select q.attempts, extract(epoch from q.run_at - hub_now())::float as seconds from queue q
     where account_id = $1 order by delivery_id`,
    [accountId],
  )
const makeDue = (accountId: string) =>
  hub.rows('update queue set run_at = hub_now() where account_id = $1', [accountId])
const calls = (accountId: string) => hub.count('calls where account_id = $1', [accountId])
const outcomes = (accountId: string) =>
  hub.rows('select kind, reason from outcomes where account_id = $1 order by delivery_id', [accountId])

test('retries after 5 s, give or take a fifth, when the receiver answers 500: same id, same bytes, next attempt', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver((_, index) => (index < 20 ? 500 : 200))
  // Four webhooks: one that fails ten times in a row is probed, and retries no more.
  for (let n = 0; n < 4; n++) await makeLocalWebhook(hub, account, { url: receiver.url })
  await hub.post(
    account.key,
    Array.from({ length: 5 }, () => someEvent()),
  )
  hub.drain()
  await until(async () => (await calls(account.accountId)) === 20)
  const waits = await next(account.accountId)
  expect(waits).toHaveLength(20)
  for (const { attempts, seconds } of waits) {
    expect(attempts).toBe(1)
    expect(seconds).toBeGreaterThan(2.5)
    expect(seconds).toBeLessThanOrEqual(6)
  }
  // They do not come back as one.
  expect(
    Math.max(...waits.map(({ seconds }) => seconds)) - Math.min(...waits.map(({ seconds }) => seconds)),
  ).toBeGreaterThan(0.3)
  const requests = await receiver.waitFor(40, 15_000)
  for (const first of requests.slice(0, 20)) {
    const second = requests.slice(20).find(({ headers }) => headers['webhook-id'] === first.headers['webhook-id'])
    const wait = ((second?.at ?? 0) - first.at) / 1000
    expect(wait).toBeGreaterThanOrEqual(4)
    // A poll behind the due time, at most, and some for a busy machine.
    expect(wait).toBeLessThan(6 + 1 + 1)
    expect(second?.body).toEqual(first.body)
    expect([first.headers['hearback-attempt'], second?.headers['hearback-attempt']]).toEqual(['1', '2'])
  }
  await until(async () => (await calls(account.accountId)) === 40)
  expect(await next(account.accountId)).toEqual([])
  expect(await outcomes(account.accountId)).toEqual([])
}, 40_000)

test('waits for the later of Retry-After and the schedule, in seconds or as a date, and only as strictly written', async () => {
  const account = await makeSender(hub)
  const date = (seconds: number) => new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toUTCString()
  const cases: [status: number, retryAfter: string, from: number, to: number][] = [
    [503, '30', 30, 30],
    [429, '90000', 86_400, 86_400],
    [429, date(40), 40, 41],
    [503, '1', 4, 6],
    [429, date(-10), 4, 6],
    [503, '12.5', 4, 6],
    [503, '+30', 4, 6],
    [429, new Date(Date.now() + 40_000).toISOString(), 4, 6],
    [500, '30', 4, 6],
  ]
  for (const [status, retryAfter] of cases) {
    const receiver = await aReceiver({ status, headers: { 'retry-after': retryAfter } })
    await makeLocalWebhook(hub, account, { url: receiver.url })
  }
  await hub.post(account.key, someEvent())
  const drain = hub.drain()
  await until(async () => (await calls(account.accountId)) === cases.length)
  await drain.stop()
  const waits = await hub.rows<{ seconds: number; at: number }>(
    `select extract(epoch from q.run_at - hub_now())::float as seconds from queue q
     join webhooks w on w.id = q.webhook_id where q.account_id = $1 order by w.number`,
    [account.accountId],
  )
  for (const [i, [status, retryAfter, from, to]] of cases.entries()) {
    const { seconds } = waits[i] as { seconds: number }
    expect([status, retryAfter, seconds > from - 2.5 && seconds <= to], `${seconds} s`).toEqual([
      status,
      retryAfter,
      true,
    ])
  }
})

for (const hours of [1, -1])
  test(`keeps and signs the database’s time when its own clock is an hour ${hours > 0 ? 'fast' : 'slow'}`, async () => {
    const now = Date.now
    const skewed = vi.spyOn(Date, 'now').mockImplementation(() => now() + hours * 3_600_000)
    onTestFinished(async () => {
      skewed.mockRestore()
      await measureClock(hub.pool)
    })
    await measureClock(hub.pool)
    const account = await makeSender(hub)
    const date = new Date(Math.ceil(now() / 1000 + 60) * 1000).toUTCString()
    const receiver = await aReceiver({ status: 503, headers: { 'retry-after': date } })
    await makeLocalWebhook(hub, account, { url: receiver.url })
    const sent = now()
    await hub.post(account.key, someEvent())
    hub.drain()
    await until(async () => (await calls(account.accountId)) === 1)
    const [row] = await next(account.accountId)
    expect(row?.seconds).toBeGreaterThan(50)
    expect(row?.seconds).toBeLessThanOrEqual(61)
    const signedAt = Number(receiver.requests[0]?.headers['webhook-timestamp'])
    expect(Math.abs(signedAt - sent / 1000)).toBeLessThan(5)
    const [call] = await hub.rows<{ id: string }>('select id from calls where account_id = $1', [account.accountId])
    expect(Math.abs(timeOfId(call?.id ?? '') - sent)).toBeLessThan(5000)
  })

test('ends as exhausted after the last retry, and each call is recorded with its number', async () => {
  const { account, receiver } = await makeSubscriber(hub, 503, { retries: 9 })
  await hub.post(account.key, someEvent())
  const drain = hub.drain()
  const scheduled: number[] = []
  for (let n = 1; n <= 10; n++) {
    await until(async () => (await calls(account.accountId)) === n)
    const [row] = await next(account.accountId)
    scheduled.push(Math.round(row?.seconds ?? 0))
    await makeDue(account.accountId)
    drain.wake()
  }
  const schedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
  for (const [n, wait] of schedule.entries()) {
    expect(scheduled[n]).toBeGreaterThan(wait * 0.8 - 3)
    expect(scheduled[n]).toBeLessThanOrEqual(wait * 1.2)
  }
  await sleep(300)
  expect(receiver.requests.map(({ headers }) => headers['hearback-attempt'])).toEqual('1 2 3 4 5 6 7 8 9 10'.split(' '))
  const attempts = await hub.rows<{ attempt: number }>('select attempt from calls where account_id = $1 order by id', [
    account.accountId,
  ])
  expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(await outcomes(account.accountId)).toEqual([{ kind: 'exhausted', reason: 'retries-used-up' }])
  expect(await next(account.accountId)).toEqual([])
}, 30_000)

test('with no retries the first failure is the last, and a success leaves no outcome', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver(({ url }) => (url === '/bad' ? 500 : 204))
  await makeLocalWebhook(hub, account, { url: `${receiver.url}/bad`, retries: 0 })
  await makeLocalWebhook(hub, account, { url: `${receiver.url}/good`, retries: 0 })
  await hub.post(account.key, someEvent())
  const drain = hub.drain()
  await until(async () => (await calls(account.accountId)) === 2)
  expect(await next(account.accountId)).toEqual([])
  expect(await outcomes(account.accountId)).toEqual([{ kind: 'exhausted', reason: 'retries-used-up' }])
  expect(drain.counts).toEqual({ delivered: 1, failed: 1, cancelled: 0, exhausted: 1 })
})
