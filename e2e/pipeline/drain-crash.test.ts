import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { acceptedOf, judge } from '../fixtures/faults/always-true'
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
import { aLoggedReceiver, type LoggedReceiver } from '../fixtures/receivers/logged-receiver'

// A drainer is killed or stopped at the worst moments. Nothing is lost, and a call is repeated only when its drainer died
// between POST and record. The receiver's log and the database agree.

const hub = await openTestHub()
afterEach(endChildren)

const leaseMs = 3_500
/** Rows whose lease ends long after the tests. */
const claimedForLong = `queue where account_id = $1 and abandoned_claims = 1 and run_at > hub_now() + interval '40 s'`
const events = (count: number) => Array.from({ length: count }, () => someEvent())
const drainer = (concurrency = 50) =>
  startChild({ url: hub.url, drain: { settings: drainSettings(hub.url, concurrency), leaseMs } })
const emptied = (accountId: string) =>
  until(async () => (await hub.count('queue where account_id = $1', [accountId])) === 0, 25_000)

/** The records agree: `count` deliveries, each with one recorded 2xx, and every further request was a repeat. */
async function expectDelivered(accountId: string, { log }: LoggedReceiver, posted: Posted, count: number) {
  const verdict = await judge(hub.pool, [accountId], log, { accepted: acceptedOf(posted) })
  expect(verdict).toMatchObject({ violations: [], delivered: count, recorded: count, repeats: log.length - count })
}

test('when a drainer is killed between the receiver’s answer and the record, each call is repeated once and uses up no retry', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver()
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 2, retries: 0 })
  const child = await drainer()
  const letGo = await hub.holdUp('calls')
  const posted = await hub.post(account.key, events(10))
  await receiver.waitFor(10)
  await until(async () => (await hub.heldUp()) > 0)
  await child.kill()
  await hub.cutHeldUp()
  await letGo()
  expect(await hub.count('calls where account_id = $1', [account.accountId])).toBe(0)
  hub.drain({ leaseMs })
  await emptied(account.accountId)
  expect(receiver.requests).toHaveLength(20)
  await expectDelivered(account.accountId, receiver, posted, 10)
}, 40_000)

test('when a drainer is killed before the POST, nothing was called and each delivery is called once', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver()
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 2, retries: 0 })
  await setPreSharedKey(hub.db, account.accountId, null, 'the key')
  const child = await drainer()
  const letGo = await hub.holdUp('pre_shared_keys', 'access exclusive')
  const posted = await hub.post(account.key, events(10))
  await until(async () => (await hub.heldUp()) > 0)
  await child.kill()
  await hub.cutHeldUp()
  await letGo()
  expect(receiver.requests).toHaveLength(0)
  expect(await hub.count('queue where account_id = $1 and lease = 1 and attempts = 0', [account.accountId])).toBe(10)
  hub.drain({ leaseMs })
  await emptied(account.accountId)
  expect(receiver.requests).toHaveLength(10)
  await expectDelivered(account.accountId, receiver, posted, 10)
}, 40_000)

test('what a killed drainer had claimed for 60 s is called again within 5 s', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ hang: true })
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 30 })
  const posted = await hub.post(account.key, events(5))
  const child = await startChild({ url: hub.url, drain: { settings: drainSettings(hub.url) } })
  await receiver.waitFor(5)
  expect(await hub.count(claimedForLong, [account.accountId])).toBe(5)
  await child.kill()
  const killed = performance.now()
  receiver.answer(200)
  hub.drain()
  await receiver.waitFor(10)
  expect(performance.now() - killed).toBeLessThan(5_000)
  await emptied(account.accountId)
  await expectDelivered(account.accountId, receiver, posted, 5)
}, 40_000)

test('what a killed process had preclaimed is called again within 5 s by a drainer beside it', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ hang: true })
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 30 })
  const child = await startChild({ url: hub.url, web: true, drain: { settings: drainSettings(hub.url) } })
  await until(async () => (await hub.count('drainers')) === 1)
  await sleep(500)
  const posted = await child.post(account.key, events(5))
  await receiver.waitFor(5)
  expect(await hub.count(claimedForLong, [account.accountId])).toBe(5)
  const other = hub.drain()
  await until(() => other.mayClaim() === 'yes')
  receiver.answer(200)
  await child.kill()
  const killed = performance.now()
  await receiver.waitFor(10)
  expect(performance.now() - killed).toBeLessThan(5_000)
  await emptied(account.accountId)
  await expectDelivered(account.accountId, receiver, posted, 5)
}, 40_000)

test('a living drainer whose session is cut opens it again, and none of its calls is repeated', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ delayMs: 6_000 })
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 30 })
  const posted = await hub.post(account.key, events(5))
  const child = await startChild({ url: hub.url, drain: { settings: drainSettings(hub.url) } })
  await receiver.waitFor(5)
  const other = hub.drain()
  await until(() => other.mayClaim() === 'yes')
  for (let n = 0; n < 3; n++) {
    await hub.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like 'hearback% drain'`,
      [hub.name],
    )
    await sleep(700)
  }
  await emptied(account.accountId)
  expect((await child.counts()).delivered).toBe(5)
  await expectDelivered(account.accountId, receiver, posted, 5)
  expect(receiver.requests).toHaveLength(5)
}, 40_000)

test('when a receiver kills the drainer again and again while it answers, everything is delivered', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ delayMs: 5 })
  for (let n = 0; n < 5; n++) await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}`, timeoutSeconds: 2 })
  const posted = await hub.post(account.key, events(30))
  let child = await drainer()
  const killAt = [20, 80]
  receiver.answer(() => {
    if (receiver.requests.length >= (killAt[0] ?? Number.POSITIVE_INFINITY)) {
      killAt.shift()
      child.signal('SIGKILL')
    }
    return { delayMs: 5 }
  })
  for (let left = killAt.length; left > 0; left--) {
    await until(() => killAt.length < left, 20_000)
    child = await drainer()
  }
  await emptied(account.accountId)
  await expectDelivered(account.accountId, receiver, posted, 150)
  // What was in flight or not yet recorded at two kills, at most.
  expect(receiver.requests.length).toBeLessThan(150 + 2 * 60)
}, 90_000)

test('stopped past its lease and continued, a drainer makes no further call for what it held', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver()
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 2 })
  const child = await drainer(1)
  receiver.answer((_, index) => {
    if (index === 0) child.signal('SIGSTOP')
    return 200
  })
  const posted = await hub.post(account.key, events(20))
  await receiver.waitFor(1)
  const held = await hub.count('queue where account_id = $1 and lease = 1', [account.accountId])
  expect(held).toBeGreaterThan(10)
  hub.drain({ leaseMs })
  await emptied(account.accountId)
  child.signal('SIGCONT')
  await until(async () => (await child.counts()).delivered + (await child.counts()).failed >= 1)
  await sleep(1000)
  // The one that was under way is repeated, none of those that waited.
  expect(receiver.requests).toHaveLength(21)
  await expectDelivered(account.accountId, receiver, posted, 20)
}, 40_000)

test('stopped past its lease while it reads the key of a call, a drainer does not make that call', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver()
  await makeLocalWebhook(hub, account, { url: receiver.url, timeoutSeconds: 2 })
  await setPreSharedKey(hub.db, account.accountId, null, 'the key')
  const child = await drainer()
  const letGo = await hub.holdUp('pre_shared_keys', 'access exclusive')
  const posted = await hub.post(account.key, events(5))
  await until(async () => (await hub.heldUp()) > 0)
  child.signal('SIGSTOP')
  await letGo()
  hub.drain({ leaseMs })
  await emptied(account.accountId)
  expect(receiver.requests).toHaveLength(5)
  child.signal('SIGCONT')
  await child.counts()
  await sleep(1000)
  expect(receiver.requests).toHaveLength(5)
  await expectDelivered(account.accountId, receiver, posted, 5)
}, 40_000)

test('told to stop, a drainer ends its calls, records them and releases the rest at once', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ delayMs: 500 })
  await makeLocalWebhook(hub, account, { url: receiver.url })
  const child = await startChild({ url: hub.url, drain: { settings: drainSettings(hub.url) } })
  const posted = await hub.post(account.key, events(60))
  await receiver.waitFor(10)
  await child.stopDrain()
  const made = receiver.requests.length
  expect(await hub.count('calls where account_id = $1 and status = 200', [account.accountId])).toBe(made)
  // All that is left is due now, or soon where it was deferred.
  expect(
    await hub.count(`queue where account_id = $1 and abandoned_claims = 0 and run_at < hub_now() + interval '10 s'`, [
      account.accountId,
    ]),
  ).toBe(60 - made)
  await sleep(600)
  expect(receiver.requests).toHaveLength(made)
  receiver.answer(200)
  hub.drain()
  await emptied(account.accountId)
  expect(receiver.requests).toHaveLength(60)
  await expectDelivered(account.accountId, receiver, posted, 60)
}, 40_000)

test('a drainer that is cut off from the database again and again delivers everything', async () => {
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver({ delayMs: 10 })
  for (let n = 0; n < 5; n++) await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}`, timeoutSeconds: 2 })
  const posted = await hub.post(account.key, events(100))
  const child = await drainer()
  for (let n = 0; n < 8; n++) {
    await receiver.waitFor(Math.min(40 * (n + 1), 400), 20_000)
    await hub.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = $1 and application_name like 'hearback%' and pid <> pg_backend_pid() and query not like '%pg_terminate%'`,
      [hub.name],
    )
  }
  await emptied(account.accountId)
  expect((await child.counts()).delivered).toBeGreaterThan(0)
  await expectDelivered(account.accountId, receiver, posted, 500)
}, 60_000)
