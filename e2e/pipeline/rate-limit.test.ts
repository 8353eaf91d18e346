import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { takePermits } from '@/lib/pipeline/queue/rate-limit'
import { aReceiver, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// Limits that all drainers share: calls a minute of a webhook, and the pause that its receiver asked for.

const hub = await openTestHub()
afterEach(async () => {
  await hub.setAhead(0)
})

const events = (count: number) => Array.from({ length: count }, () => someEvent())

/** The most calls that started in any 60 seconds, by the ids that the calls carry. */
function mostInAMinute(startsMs: number[]): number {
  const sorted = [...startsMs].sort((a, b) => a - b)
  let first = 0
  return Math.max(
    ...sorted.map((at, i) => {
      while (at - (sorted[first] as number) >= 60_000) first++
      return i - first + 1
    }),
  )
}

test.each([
  [1, 20],
  [2, 20],
  [10, 10],
  [24, 5],
  [60, 5],
  [100, 3],
  [600, 2],
])(
  'a drainer that takes every permit of a limit of %i a minute never starts more calls in any 60 s, and gets 95 %% of it from 60 on',
  async (perMinute, minutes) => {
    const account = await makeSender(hub)
    const webhookId = await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/', ratePerMinute: perMinute })
    const startsMs: number[] = []
    let aheadMs = 0
    while (aheadMs < minutes * 60_000) {
      await hub.setAhead(aheadMs / 1000)
      const { granted, waitMs } = await takePermits(hub.pool, account.accountId, webhookId, 100_000)
      const [now] = await hub.rows<{ ms: number }>('select extract(epoch from hub_now())::float8 * 1000 as ms')
      for (let n = 0; n < granted; n++) startsMs.push(now?.ms ?? 0)
      aheadMs += Math.max(waitMs, 1)
    }
    const spanMs = (startsMs.at(-1) ?? 0) - (startsMs[0] ?? 0)
    expect(mostInAMinute(startsMs)).toBeLessThanOrEqual(perMinute)
    if (perMinute >= 60) expect(startsMs.length).toBeGreaterThanOrEqual((spanMs / 60_000) * perMinute * 0.95)
  },
  60_000,
)

test('two drainers with a backlog keep a limit of 300 a minute together, and use 95 % of it', async () => {
  const { account, receiver } = await makeSubscriber(hub, 200, { ratePerMinute: 300 })
  await hub.post(account.key, events(400))
  for (let n = 0; n < 2; n++) hub.drain()
  const first = await receiver.waitFor(1).then(([request]) => request?.at ?? 0)
  await sleep(20_000)
  const within = (from: number, ms: number) =>
    receiver.requests.filter(({ at }) => at >= from && at - from <= ms).length
  expect(within(first, 20_000)).toBeLessThanOrEqual(100 + 3)
  // The best ten seconds count, because a machine that stalls for a second makes no calls in it.
  const tens = receiver.requests.filter(({ at }) => at - first <= 10_000).map(({ at }) => within(at, 10_000))
  expect(Math.max(...tens)).toBeGreaterThanOrEqual(50 * 0.95)
  expect(await hub.count('calls where account_id = $1 and attempt > 1', [account.accountId])).toBe(0)
}, 60_000)

test('Retry-After pauses the whole webhook for every drainer, and uses up no retry of waiting deliveries', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver((_, index) =>
    index === 0 ? { status: 429, headers: { 'retry-after': '120' } } : { status: 200, delayMs: 20 },
  )
  await makeLocalWebhook(hub, account, { url: receiver.url })
  for (let n = 0; n < 2; n++) hub.drain()
  await hub.post(account.key, someEvent())
  await until(
    async () =>
      (await hub.count('webhook_health where account_id = $1 and paused_until > hub_now()', [account.accountId])) === 1,
  )
  await hub.post(account.key, events(20))
  await sleep(2_500)
  expect(receiver.requests).toHaveLength(1)
  expect(
    await hub.count('queue where account_id = $1 and attempts = 0 and abandoned_claims = 0', [account.accountId]),
  ).toBe(20)
  // The pause and its jitter.
  await hub.setAhead(120 + 15)
  await until(async () => (await hub.count('queue where account_id = $1', [account.accountId])) === 0, 30_000)
  expect(receiver.requests).toHaveLength(22)
}, 60_000)
