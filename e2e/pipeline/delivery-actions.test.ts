import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { eq, sql } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { openCallSecrets } from '@/lib/calls/call-secrets'
import { readCall } from '@/lib/calls/read-call'
import { shownRequest } from '@/lib/calls/shown-request'
import type { Queryable } from '@/lib/db/client'
import { calls } from '@/lib/db/history-schema'
import { cancelDelivery } from '@/lib/deliveries/cancel-delivery'
import { sendAgain } from '@/lib/deliveries/send-again'
import { tryDeliveryNow, tryNow } from '@/lib/deliveries/try-now'
import { makeProbeDue } from '@/lib/pipeline/health/probe-due'
import { readId } from '@/lib/type-id'
import { holdWebhook, switchWebhook } from '@/lib/webhooks/switch-webhook'
import { someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub, type Subscriber } from '../fixtures/processes/test-hub'

// What people do to one delivery: try it now, send it again, cancel it.

const hub = await openTestHub()
afterEach(async () => {
  await hub.setAhead(0)
})

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const queued = ({ account }: Subscriber) => hub.count('queue where account_id = $1', [account.accountId])
const made = ({ account }: Subscriber) => hub.count('calls where account_id = $1', [account.accountId])
const idOf = (request: { headers: Record<string, unknown> } | undefined) =>
  readId('delivery', String(request?.headers['webhook-id'])) as string
const people = ({ account }: Subscriber) => [hub.db, account.accountId, account.userId] as const

/** A webhook whose first delivery has failed once and waits for its retry in 5 min. */
async function failedOnce(respond: Parameters<typeof makeSubscriber>[1] = 500, form = {}) {
  const one = await makeSubscriber(hub, respond, form)
  const drain = hub.drain()
  await hub.post(one.account.key, someEvent())
  const [request] = await one.receiver.waitFor(1)
  await until(async () => (await made(one)) === 1)
  const deliveryId = idOf(request)
  await hub.rows(`update queue set run_at = hub_now() + interval '5 min' where delivery_id = $1`, [deliveryId])
  return { ...one, deliveryId, drain }
}

/** A webhook that has become probing, with what waits for it deferred. */
async function probing(count = 15) {
  const one = await makeSubscriber(hub, 500)
  const drain = hub.drain()
  await hub.post(one.account.key, events(count))
  drain.wake()
  const state = () => hub.count(`webhook_health where account_id = $1 and state = 'probing'`, [one.account.accountId])
  await until(async () => (await state()) === 1)
  await until(
    async () =>
      (await hub.count('queue where account_id = $1 and abandoned_claims > 0', [one.account.accountId])) === 0,
  )
  return one
}

test('a waiting delivery that is tried now is called at once, and a 2xx delivers it', async () => {
  const one = await failedOnce()
  one.receiver.respond(200)
  expect(await tryDeliveryNow(...people(one), one.deliveryId)).toEqual({ outcome: 'done', deliveryId: one.deliveryId })
  const [, again] = await one.receiver.waitFor(2)
  expect([idOf(again), again?.headers['hearback-attempt'], again?.headers['hearback-replay']]).toEqual([
    one.deliveryId,
    '2',
    undefined,
  ])
  await until(async () => (await queued(one)) === 0)
})

test('a try that fails uses up no retry, and its delivery waits as before', async () => {
  const one = await failedOnce(500, { retries: 1 })
  for (let n = 2; n <= 4; n++) {
    expect(await tryDeliveryNow(...people(one), one.deliveryId)).toMatchObject({ outcome: 'done' })
    await until(async () => (await made(one)) === n)
    await hub.rows(`update queue set run_at = hub_now() + interval '5 min' where delivery_id = $1`, [one.deliveryId])
  }
  const [row] = await hub.rows('select attempts - earlier_attempts as round, probe from queue where delivery_id = $1', [
    one.deliveryId,
  ])
  expect(row).toEqual({ round: 1, probe: false })
})

test('while a webhook is probing, a try calls the oldest at once, and its 2xx brings back the rest', async () => {
  const one = await probing()
  const before = one.receiver.requests.length
  one.receiver.respond(200)
  expect(await tryNow(...people(one), one.webhookId)).toMatchObject({ outcome: 'done' })
  const requests = await one.receiver.waitFor(before + 1, 3_000)
  const [oldest] = [...new Set(requests.map(idOf))].sort()
  expect(idOf(requests[before])).toBe(oldest)
  await until(async () => (await queued(one)) === 0, 20_000)
})

test('a try goes past the pause that the receiver asked for', async () => {
  const one = await failedOnce({ status: 429, headers: { 'retry-after': '3600' } })
  await until(async () => (await hub.count('webhook_health where paused_until > hub_now()')) > 0)
  one.receiver.respond(200)
  expect(await tryDeliveryNow(...people(one), one.deliveryId)).toMatchObject({ outcome: 'done' })
  await one.receiver.waitFor(2, 3_000)
  await until(async () => (await queued(one)) === 0)
})

test('a try takes a permit of the rate limit, and waits for the next where there is none', async () => {
  const one = await failedOnce(500, { ratePerMinute: 20 })
  await hub.rows(`update webhook_health set next_at = hub_now() + interval '2 s' where webhook_id = $1`, [
    one.webhookId,
  ])
  const began = performance.now()
  one.receiver.respond(200)
  await tryDeliveryNow(...people(one), one.deliveryId)
  const [, again] = await one.receiver.waitFor(2)
  expect((again?.at ?? 0) - began).toBeGreaterThan(1_000)
  const [health] = await hub.rows('select next_at > hub_now() as taken from webhook_health where webhook_id = $1', [
    one.webhookId,
  ])
  expect(health).toEqual({ taken: true })
})

test('nothing is tried of a webhook that is held or off, nor what has ended', async () => {
  const one = await failedOnce()
  await holdWebhook(...people(one), one.webhookId, null)
  expect(await tryDeliveryNow(...people(one), one.deliveryId)).toEqual({ outcome: 'held' })
  await switchWebhook(...people(one), one.webhookId, false)
  expect(await tryDeliveryNow(...people(one), one.deliveryId)).toEqual({ outcome: 'off' })
  await switchWebhook(...people(one), one.webhookId, true)
  expect(await tryDeliveryNow(...people(one), one.deliveryId)).toEqual({ outcome: 'none' })
  const other = await makeSubscriber(hub)
  expect(await tryDeliveryNow(...people(other), one.deliveryId)).toEqual({ outcome: 'gone' })
  expect(await tryNow(...people(other), one.webhookId)).toEqual({ outcome: 'gone' })
})

test('a test fire answered 2xx makes the probe of a probing webhook due at once, and changes its health in nothing else', async () => {
  const one = await probing()
  const before = one.receiver.requests.length
  type Health = { state: string; failures: number; probes: number }
  const health = async (db: Queryable) =>
    (
      await db.execute<Health>(
        sql`select state, failures, probes from webhook_health where webhook_id = ${one.webhookId}`,
      )
    ).rows
  // A call's effect on the health comes after its record.
  let was = await health(hub.db)
  await until(async () => {
    const earlier = was
    await sleep(300)
    was = await health(hub.db)
    return isDeepStrictEqual(was, earlier)
  })
  // Until it is committed, no drainer sees that the probe is due.
  await hub.db.transaction(async (tx) => {
    await makeProbeDue(tx, one.account.accountId, one.webhookId)
    expect(await health(tx)).toEqual(was)
  })
  one.receiver.respond(200)
  await one.receiver.waitFor(before + 1, 3_000)
  await until(async () => (await queued(one)) === 0, 20_000)
})

test('a delivered delivery that is sent again has the same id and bytes, the next attempt number, and says that it is a replay', async () => {
  const one = await makeSubscriber(hub)
  hub.drain()
  await hub.post(one.account.key, someEvent())
  const [first] = await one.receiver.waitFor(1)
  const deliveryId = idOf(first)
  await until(async () => (await queued(one)) === 0)
  expect(await sendAgain(...people(one), deliveryId)).toEqual({ outcome: 'done' })
  const [, again] = await one.receiver.waitFor(2)
  expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(again?.body).toEqual(first?.body)
  expect([first, again].map((request) => request?.headers['hearback-attempt'])).toEqual(['1', '2'])
  expect([first, again].map((request) => request?.headers['hearback-replay'])).toEqual([undefined, 'true'])
  await until(async () => (await queued(one)) === 0)
  expect(await hub.count('outcomes where account_id = $1', [one.account.accountId])).toBe(0)

  // The page of each call shows the exact request, with and without the header.
  const rows = await hub.db.select().from(calls).where(eq(calls.deliveryId, deliveryId)).orderBy(calls.attempt)
  for (const [n, request] of [first, again].entries()) {
    const detail = await readCall(hub.db, one.account.accountId, rows[n]?.id as string)
    if (!detail || !request) throw new Error('no such call')
    const shown = shownRequest(detail, await openCallSecrets(hub.db, one.account.accountId, detail))
    expect(shown?.headers.flatMap(({ name, value }) => [name, value])).toEqual(request.rawHeaders)
  }
})

test('what is sent again has a fresh round of the schedule, and ends as exhausted when that is used up', async () => {
  const one = await makeSubscriber(hub, 500, { retries: 0 })
  hub.drain()
  await hub.post(one.account.key, someEvent())
  const [first] = await one.receiver.waitFor(1)
  const ended = () => hub.count(`outcomes where account_id = $1 and kind = 'exhausted'`, [one.account.accountId])
  await until(async () => (await ended()) === 1)
  expect(await sendAgain(...people(one), idOf(first))).toEqual({ outcome: 'done' })
  await until(async () => (await made(one)) === 2 && (await ended()) === 1)
  expect(await hub.count('calls where delivery_id = $1 and replay', [idOf(first)])).toBe(1)
})

test('a cancelled delivery ends with its reason, is called no more, and can be sent again', async () => {
  const one = await failedOnce()
  expect(await cancelDelivery(...people(one), one.deliveryId)).toEqual({ outcome: 'done' })
  expect(await hub.rows('select kind, reason from outcomes where delivery_id = $1', [one.deliveryId])).toEqual([
    { kind: 'cancelled', reason: 'by-hand' },
  ])
  expect(await cancelDelivery(...people(one), one.deliveryId)).toEqual({ outcome: 'ended' })
  await hub.setAhead(600)
  await sleep(1_200)
  expect(one.receiver.requests).toHaveLength(1)
  one.receiver.respond(200)
  expect(await sendAgain(...people(one), one.deliveryId)).toEqual({ outcome: 'done' })
  await one.receiver.waitFor(2)
  await until(async () => (await queued(one)) === 0)
})

test('a delivery whose call is under way is neither cancelled nor tried nor sent again', async () => {
  const one = await makeSubscriber(hub, { status: 200, delayMs: 700 })
  hub.drain()
  await hub.post(one.account.key, someEvent())
  const [request] = await one.receiver.waitFor(1)
  const id = idOf(request)
  expect(await cancelDelivery(...people(one), id)).toEqual({ outcome: 'under-way' })
  expect(await tryDeliveryNow(...people(one), id)).toEqual({ outcome: 'none' })
  expect(await sendAgain(...people(one), id)).toEqual({ outcome: 'waiting' })
  await until(async () => (await queued(one)) === 0)
  expect(one.receiver.requests).toHaveLength(1)
})

test('twenty people who send one delivery again at once make one call of it', async () => {
  const one = await makeSubscriber(hub)
  hub.drain()
  await hub.post(one.account.key, someEvent())
  const [request] = await one.receiver.waitFor(1)
  await until(async () => (await queued(one)) === 0)
  one.receiver.respond({ status: 200, delayMs: 300 })
  const sent = await Promise.all(Array.from({ length: 20 }, () => sendAgain(...people(one), idOf(request))))
  expect(sent.filter(({ outcome }) => outcome === 'done')).toHaveLength(1)
  await until(async () => (await queued(one)) === 0)
  const attempts = await hub.rows<{ attempt: number }>('select attempt from calls where delivery_id = $1 order by 1', [
    idOf(request),
  ])
  expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
})

test('nothing is sent again of a webhook that is off; of one that is held it waits for the release', async () => {
  const one = await makeSubscriber(hub)
  hub.drain()
  await hub.post(one.account.key, someEvent())
  const [request] = await one.receiver.waitFor(1)
  await until(async () => (await queued(one)) === 0)
  await switchWebhook(...people(one), one.webhookId, false)
  expect(await sendAgain(...people(one), idOf(request))).toEqual({ outcome: 'off' })
  await holdWebhook(...people(one), one.webhookId, null)
  expect(await sendAgain(...people(one), idOf(request))).toEqual({ outcome: 'held' })
  expect(await hub.count(`queue where account_id = $1 and run_at = 'infinity'`, [one.account.accountId])).toBe(1)
  const other = await makeSubscriber(hub)
  expect(await sendAgain(...people(other), idOf(request))).toEqual({ outcome: 'gone' })
})
