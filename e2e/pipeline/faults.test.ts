import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { acceptedOf, judge } from '../fixtures/faults/always-true'
import { bundledProcess } from '../fixtures/processes/bundled-process'
import {
  drainSettings,
  makeLocalWebhook,
  makeSender,
  type Posted,
  someEvent,
  until,
} from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'
import { aLoggedReceiver } from '../fixtures/receivers/logged-receiver'

// Faults without a test file of their own: a drainer that is killed after the record, eight drainers with clocks that
// disagree, a receiver that recovers with 5,000 due rows, four days of failure. docs/delivery.md lists all faults.

const hub = await openTestHub()
afterEach(async () => {
  await endChildren()
  await hub.setAhead(0)
})

const hour = 3_600
const day = 24 * hour

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const queued = (accountId: string, also = '') => hub.count(`queue where account_id = $1 ${also}`, [accountId])
const calls = (accountId: string, also = '') => hub.count(`calls where account_id = $1 ${also}`, [accountId])
const emptied = (accountId: string, ms = 30_000) => until(async () => (await queued(accountId)) === 0, ms)
/** Nothing is called or due, so that a jump of the clock ends no lease under a call. */
const resting = (accountId: string) =>
  until(async () => (await queued(accountId, 'and (abandoned_claims > 0 or run_at <= hub_now())')) === 0)
const notices = async (accountId: string) =>
  (await hub.rows<{ kind: string }>('select kind from notices where account_id = $1 order by id', [accountId])).map(
    ({ kind }) => kind,
  )

test('when a drainer is killed after the record, no delivery is called again before its time', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver(({ url }) => (url === '/fails' ? 500 : 200))
  await makeLocalWebhook(hub, account, { url: `${receiver.url}/works` })
  await makeLocalWebhook(hub, account, { url: `${receiver.url}/fails` })
  const child = await startChild({ url: hub.url, drain: { settings: drainSettings(hub.url), leaseMs: 8_000 } })
  const posted = await hub.post(account.key, events(5))
  await until(async () => (await calls(account.accountId)) === 10)
  await child.kill()
  receiver.answer(200)
  hub.drain({ leaseMs: 8_000 })
  await emptied(account.accountId)
  const verdict = await judge(hub.pool, [account.accountId], receiver.log, { accepted: acceptedOf(posted) })
  expect(verdict).toMatchObject({ violations: [], delivered: 10, received: 15, repeats: 0, unrecorded: [] })
}, 240_000)

test('eight drainers, one an hour fast and one an hour slow, make one call for each delivery, and each makes some', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ delayMs: 5 })
  for (let n = 0; n < 10; n++) await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}` })
  const drain = { settings: drainSettings(hub.url, 20) }
  const launch = await bundledProcess()
  const children = await Promise.all(
    [1, -1, 0, 0, 0, 0, 0, 0].map((hours) => startChild({ url: hub.url, drain, fastMs: hours * hour * 1000 }, launch)),
  )
  const posted: Posted[] = []
  const done = async () => (await Promise.all(children.map((child) => child.counts()))).map((each) => each.delivered)
  await until(async () => {
    if ((await queued(account.accountId)) < 100) posted.push(await hub.post(account.key, events(30)))
    return posted.length >= 10 && Math.min(...(await done())) > 0
  }, 120_000)
  await emptied(account.accountId, 60_000)
  const verdict = await judge(hub.pool, [account.accountId], receiver.log, { accepted: acceptedOf(...posted) })
  const total = posted.length * 300
  expect(verdict).toMatchObject({ violations: [], delivered: total, received: total, repeats: 0 })
  expect((await done()).reduce((sum, n) => sum + n, 0)).toBe(total)
  const now = Date.now() / 1000
  for (const { headers } of receiver.requests)
    expect(Math.abs(Number(headers['webhook-timestamp']) - now)).toBeLessThan(300)
}, 240_000)

test('a receiver that comes back to 5,000 due rows gets them over a ramp, ten at a time, and delays no other account', async () => {
  const account = await makeSender(hub)
  const { accountId } = account
  let open = 0
  let most = 0
  const receiver = await aLoggedReceiver(500)
  await makeLocalWebhook(hub, account, { url: receiver.url })
  const other = await makeSender(hub)
  const prompt = await aLoggedReceiver()
  await makeLocalWebhook(hub, other, { url: prompt.url })
  const posted: Posted[] = []
  for (let n = 0; n < 5; n++) posted.push(await hub.post(account.key, events(1_000)))
  const drain = hub.drain({ concurrency: 200 })
  const webhooks = (state: string) =>
    hub.count('webhook_health where account_id = $1 and state = $2', [accountId, state])
  await until(async () => (await webhooks('probing')) === 1)
  await until(
    async () => (await queued(accountId, `and (abandoned_claims > 0 or run_at < hub_now() + interval '2 min')`)) === 0,
  )
  const failed = receiver.log.length
  receiver.answer(async () => {
    most = Math.max(most, ++open)
    await sleep(5)
    open--
    return 200
  })
  await hub.setAhead(70)
  await until(async () => (await webhooks('ramping')) === 1)
  const began = performance.now()
  const inFirst = async (ms: number) => {
    await sleep(ms - (performance.now() - began))
    return receiver.log.length - failed
  }
  expect(await inFirst(1_500)).toBeLessThan(200)
  const slowest: number[] = []
  for (let n = 1; (await queued(accountId)) > 0; n++) {
    const sent = performance.now()
    posted.push(await hub.post(other.key, someEvent()))
    drain.wake()
    const [last] = (await prompt.waitFor(n)).slice(-1)
    slowest.push((last?.at ?? 0) - sent)
    await sleep(250)
  }
  await emptied(other.accountId)
  slowest.sort((a, b) => a - b)
  expect(slowest[slowest.length >> 1]).toBeLessThan(1_000)
  expect(most).toBeLessThanOrEqual(10)
  const log = [...receiver.log, ...prompt.log]
  const ids = [accountId, other.accountId]
  const verdict = await judge(hub.pool, ids, log, { accepted: acceptedOf(...posted) })
  expect(verdict).toMatchObject({ violations: [], delivered: 5_000 + slowest.length, repeats: 0, unrecorded: [] })
}, 240_000)

test('after four days of failure every accepted event arrives, with its first id and its first bytes', async () => {
  const account = await makeSender(hub)
  const { accountId } = account
  const receiver = await aLoggedReceiver(500)
  const busy = await makeLocalWebhook(hub, account, { url: `${receiver.url}/busy` })
  const seldom = await makeLocalWebhook(hub, account, {
    url: `${receiver.url}/seldom`,
    condition: { kind: 'service', ratings: [1] },
  })
  const posted = [await hub.post(account.key, events(15))]
  hub.drain()
  await until(
    async () => (await hub.count(`webhook_health where account_id = $1 and state = 'probing'`, [accountId])) === 1,
  )
  for (let hours = 6; hours <= 4 * 24; hours += 6) {
    const before = await calls(accountId, `and webhook_id = '${busy}'`)
    await resting(accountId)
    await hub.setAhead(hours * hour)
    await until(async () => (await calls(accountId, `and webhook_id = '${busy}'`)) > before)
    if (hours % 24 === 0) posted.push(await hub.post(account.key, events(2)))
    if (hours === 24) posted.push(await hub.post(account.key, someEvent({}, { service: { rating: 1 } })))
  }
  expect(await notices(accountId)).toEqual(expect.arrayContaining(['failing']))
  // The other webhook failed too seldom to be probed, so its delivery keeps its own retry times.
  expect(await queued(accountId, `and webhook_id = '${seldom}' and attempts between 5 and 9`)).toBe(1)
  await resting(accountId)
  receiver.answer(200)
  await hub.setAhead(4 * day + hour)
  await until(async () => (await queued(accountId, `and webhook_id = '${busy}'`)) === 0, 30_000)
  await resting(accountId)
  await hub.setAhead(6 * day)
  await emptied(accountId)
  const verdict = await judge(hub.pool, [accountId], receiver.log, { accepted: acceptedOf(...posted) })
  expect(verdict).toMatchObject({ violations: [], delivered: 15 + 2 + 8, exhausted: 0, repeats: 0, unrecorded: [] })
  const told = await notices(accountId)
  expect(told).not.toContain('turned-off')
  expect(told).toContain('well')
}, 240_000)
