import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { upkeepHealth } from '@/lib/pipeline/health/health-upkeep'
import { aReceiver, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// A webhook that fails, after its tenth failure: probing, recovery, turning off, and the notices. The tests set the clock of
// the database ahead instead of waiting for days.

const minute = 60
const day = 86_400

const hub = await openTestHub()
afterEach(async () => {
  await hub.setAhead(0)
})

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const calls = (accountId: string) => hub.count('calls where account_id = $1', [accountId])
const queued = (accountId: string) => hub.count('queue where account_id = $1', [accountId])
const notices = async (accountId: string) =>
  (await hub.rows<{ kind: string }>('select kind from notices where account_id = $1 order by id', [accountId])).map(
    ({ kind }) => kind,
  )
const health = async (accountId: string) =>
  (
    await hub.rows<{ state: string; failures: number; failing: boolean }>(
      'select state, failures, failing_since is not null as failing from webhook_health where account_id = $1',
      [accountId],
    )
  )[0]

/** A webhook that answers 500 and has become probing, with what is queued for it resting. */
async function probing(count = 15) {
  const account = await makeSender(hub)
  const { accountId } = account
  const receiver = await aReceiver(500)
  const webhookId = await makeLocalWebhook(hub, account, { url: receiver.url })
  const drain = hub.drain()
  await hub.post(account.key, events(count))
  drain.wake()
  await until(async () => (await health(accountId))?.state === 'probing')
  await until(async () => (await hub.count('queue where account_id = $1 and abandoned_claims > 0', [accountId])) === 0)
  return { account, accountId, receiver, webhookId, drain }
}

test('after ten failures deliveries wait and use up no retry; the oldest is called after 1, 2, 5, 10, then every 15 minutes', async () => {
  const { account, accountId, receiver } = await probing()
  const before = await calls(accountId)
  expect(before).toBeGreaterThanOrEqual(10)
  await hub.post(account.key, events(5))
  await sleep(1_500)
  expect(await calls(accountId)).toBe(before)
  const [oldest] = await hub.rows<{ delivery_id: string; round: number }>(
    'select delivery_id, attempts - earlier_attempts as round from queue where account_id = $1 order by delivery_id limit 1',
    [accountId],
  )
  let seconds = 0
  for (const [n, minutes] of [1, 2, 5, 10, 15, 15].entries()) {
    await hub.setAhead(seconds + minutes * minute - 10)
    await sleep(1_300)
    expect(await calls(accountId)).toBe(before + n)
    seconds += minutes * minute + 5
    await hub.setAhead(seconds)
    await until(async () => (await calls(accountId)) === before + n + 1)
  }
  const probes = receiver.requests.slice(before).map(({ headers }) => headers['webhook-id'])
  expect(new Set(probes).size).toBe(1)
  const [after] = await hub.rows<{ attempts: number; round: number; most: number }>(
    `select attempts, attempts - earlier_attempts as round, (select max(attempt)::int from calls c where c.delivery_id = q.delivery_id)
      as most from queue q where account_id = $1 and delivery_id = $2`,
    [accountId, oldest?.delivery_id],
  )
  // Six calls more, with their numbers, and none of them taken from the schedule.
  expect(after?.round).toBe(oldest?.round)
  expect(after?.most).toBe(after?.attempts)
})

test('a 2xx ends probing, makes what waits due over a ramp, and is told to those who were told of the failures', async () => {
  const { accountId, receiver } = await probing(60)
  await hub.setAhead(16 * minute)
  await until(async () => (await notices(accountId)).includes('failing'))
  // What failed before it was probing has come due again, and waits with the others now.
  const soon = `queue where account_id = $1 and run_at < hub_now() + interval '30 min'`
  await until(async () => (await hub.count(soon, [accountId])) === 0)
  receiver.respond(200)
  await hub.setAhead(20 * minute)
  await until(async () => (await queued(accountId)) === 0, 30_000)
  expect(await health(accountId)).toEqual({ state: 'healthy', failures: 0, failing: false })
  expect(await notices(accountId)).toEqual(['failing', 'well'])
  // Ten in the first second, twenty in the next: not all at once.
  const good = receiver.requests.slice(-60).map(({ at }) => at)
  expect((good.at(-1) ?? 0) - (good[0] ?? 0)).toBeGreaterThan(1_500)
})

test('a success whose drainer died before it could say so ends probing, before anybody is told of failures', async () => {
  const { accountId, drain } = await probing()
  await drain.stop()
  await hub.rows(`update webhook_health set failing_since = failing_since - interval '10 s' where account_id = $1`, [
    accountId,
  ])
  const last = '(select id from calls where account_id = $1 order by id desc limit 1)'
  await hub.rows(`update calls set status = 200, failure = null where account_id = $1 and id = ${last}`, [accountId])
  await hub.setAhead(16 * minute)
  await upkeepHealth(hub.db, 60_000)
  expect(await health(accountId)).toEqual({ state: 'ramping', failures: 0, failing: false })
  expect(await notices(accountId)).toEqual([])
})

test('a webhook is turned off at a failed call five days after the first failure, which is told a day before', async () => {
  const { accountId, webhookId } = await probing()
  await hub.setAhead(4 * day + minute)
  await until(async () => (await notices(accountId)).includes('turning-off'))
  await hub.setAhead(5 * day + minute)
  await until(async () => (await notices(accountId)).includes('turned-off'))
  expect(await notices(accountId)).toEqual(['failing', 'turning-off', 'turned-off'])
  const [webhook] = await hub.rows('select enabled, turned_off from webhooks where id = $1', [webhookId])
  expect(webhook).toEqual({ enabled: false, turned_off: 'failing' })
  expect(await queued(accountId)).toBe(0)
  const ended = await hub.rows(
    'select kind, reason, count(*)::int as n from outcomes where account_id = $1 group by 1, 2',
    [accountId],
  )
  expect(ended).toEqual([{ kind: 'exhausted', reason: 'turned-off-failing', n: 15 }])
})

test('a 410 turns a webhook off at once, and what waits ends as exhausted', async () => {
  const account = await makeSender(hub)
  const { accountId } = account
  const receiver = await aReceiver(410)
  const webhookId = await makeLocalWebhook(hub, account, { url: receiver.url })
  await hub.post(account.key, events(30))
  hub.drain()
  await until(async () => (await queued(accountId)) === 0)
  const [webhook] = await hub.rows('select enabled, turned_off from webhooks where id = $1', [webhookId])
  expect(webhook).toEqual({ enabled: false, turned_off: 'gone' })
  expect(await hub.count("outcomes where account_id = $1 and kind = 'exhausted'", [accountId])).toBe(30)
  // Each call that was under way is recorded.
  await until(async () => (await calls(accountId)) === receiver.requests.length)
  expect(await notices(accountId)).toEqual(['turned-off'])
})

test('an answer with “webhook-delivery: disable” turns a webhook off at once, also a 2xx', async () => {
  const account = await makeSender(hub)
  const { accountId } = account
  const receiver = await aReceiver(200)
  receiver.respond({ headers: { 'webhook-delivery': 'disable' } })
  const webhookId = await makeLocalWebhook(hub, account, { url: receiver.url })
  await hub.post(account.key, events(1))
  hub.drain()
  await until(async () => (await notices(accountId)).length > 0)
  const [webhook] = await hub.rows('select enabled, turned_off from webhooks where id = $1', [webhookId])
  expect(webhook).toEqual({ enabled: false, turned_off: 'asked' })
  expect(await hub.rows('select failure from calls where account_id = $1', [accountId])).toEqual([{ failure: null }])
  expect(await hub.count('outcomes where account_id = $1', [accountId])).toBe(0)
  expect(await notices(accountId)).toEqual(['turned-off'])
})

test('an answer with “webhook-delivery: abort-message” ends its delivery, and is no failure of the webhook', async () => {
  const account = await makeSender(hub)
  const { accountId } = account
  const receiver = await aReceiver(422)
  receiver.respond({ status: 422, headers: { 'webhook-delivery': 'abort-message' } })
  await makeLocalWebhook(hub, account, { url: receiver.url })
  await hub.post(account.key, events(12))
  hub.drain()
  await until(async () => (await queued(accountId)) === 0)
  const ended = await hub.rows(
    'select kind, reason, count(*)::int as n from outcomes where account_id = $1 group by 1, 2',
    [accountId],
  )
  expect(ended).toEqual([{ kind: 'cancelled', reason: 'receiver-asked', n: 12 }])
  expect(receiver.requests).toHaveLength(12)
  expect(await health(accountId)).toBeUndefined()
  expect(await notices(accountId)).toEqual([])
})

test('the first exhausted delivery is told of once', async () => {
  const { account } = await makeSubscriber(hub, 500, { retries: 0 })
  await hub.post(account.key, events(6))
  hub.drain()
  await until(async () => (await queued(account.accountId)) === 0)
  await until(async () => (await notices(account.accountId)).length > 0)
  await sleep(300)
  expect(await notices(account.accountId)).toEqual(['exhausted'])
})

test('a failure that a success followed causes no notice, even when the drainer died before it recorded the recovery', async () => {
  const { accountId, receiver, drain } = await probing()
  await drain.stop()
  receiver.respond(200)
  // The rows that a drainer leaves when it dies after it recorded a call and before it updated the health.
  await hub.rows(
    `insert into calls (account_id, id, delivery_id, webhook_id, webhook_version, attempt, test, status, duration_ms)
      select account_id, uuid_floor(hub_now()), delivery_id, webhook_id, 1, 9, false, 200, 1 from queue
      where account_id = $1 limit 1`,
    [accountId],
  )
  await hub.rows("update webhook_health set state = 'healthy' where account_id = $1", [accountId])
  await hub.setAhead(16 * minute)
  hub.drain()
  await until(async () => (await health(accountId))?.failing === false)
  expect(await notices(accountId)).toEqual([])
})
