import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { showId } from '@/lib/type-id'
import { switchWebhook } from '@/lib/webhooks/switch-webhook'
import {
  aReceiver,
  deliveryOf,
  drainSettings,
  makeLocalWebhook,
  makeSender,
  someEvent,
  until,
} from '../fixtures/processes/pipeline'
import { type Child, endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'

// People switch webhooks off and on while two processes ingest and call. Checks what an answered "off" promises, whatever
// was in progress.

const hub = await openTestHub()
let children: [Child, Child]
beforeAll(async () => {
  const child = () => startChild({ url: hub.url, web: true, drain: { settings: drainSettings(hub.url) } })
  children = await Promise.all([child(), child()])
})
afterAll(endChildren)

const webhooks = 10
const switchesEach = 100

/** All times are from the clock of this process, which posts, switches and receives. */
type Switched = { on: boolean; asked: number; answered: number }
type Posted = { sent: number; answered: number; deliveries: number[] }
type One = { accountId: string; key: string; webhookId: string; switches: Switched[]; posts: Posted[] }

async function makeOne(url: string): Promise<One> {
  const account = await makeSender(hub)
  const webhookId = await makeLocalWebhook(hub, account, { url })
  return { ...account, webhookId, switches: [], posts: [] }
}

async function post({ key, posts }: One) {
  const child = children[Math.random() < 0.5 ? 0 : 1]
  const sent = performance.now()
  const { status, body } = await child.post(key, [someEvent(), someEvent()])
  expect(status).toBe(202)
  posts.push({ sent, answered: performance.now(), deliveries: body.events.map(({ deliveries }) => deliveries) })
}

async function flip({ accountId, webhookId, switches }: One, on: boolean) {
  const asked = performance.now()
  const { outcome } = await switchWebhook(hub.db, accountId, null, webhookId, on)
  expect(outcome).toBe('done')
  switches.push({ on, asked, answered: performance.now() })
}

/** Switches off and on again: mostly soon, sometimes only after the last permitted call. Ends switched off. */
async function switchAway(one: One) {
  for (let n = 0; n < switchesEach; n += 2) {
    if (n > 0) await flip(one, true)
    await sleep(Math.random() * 150)
    await flip(one, false)
    await post(one)
    await sleep(Math.random() < 0.1 ? 1_200 : Math.random() * 60)
    if (n === 0) await flip(one, true).then(() => flip(one, false))
  }
}

/** The state of the webhook between two moments; undefined when it was switched in between. */
function stood({ switches }: One, from: number, to: number): boolean | undefined {
  const last = switches.findLast(({ asked }) => asked <= to)
  return last && last.answered > from ? undefined : (last?.on ?? true)
}

test(`${webhooks * switchesEach} switches race two processes: no event sent after "off" is queued, no call starts later than 1 s after "off", and every delivery ends`, async () => {
  const receiver = await aReceiver((_, index) => ({ status: index % 4 === 0 ? 500 : 200, delayMs: index % 30 }))
  const all = await Promise.all(Array.from({ length: webhooks }, () => makeOne(receiver.url)))
  let loading = true
  const load = all.map(async (one) => {
    for (; loading; await sleep(30 + Math.random() * 100)) await post(one)
  })
  await Promise.all(all.map(switchAway))
  loading = false
  await Promise.all(load)
  expect(all.flatMap(({ switches }) => switches).length).toBeGreaterThanOrEqual(webhooks * switchesEach)
  await until(async () => (await hub.count('queue')) === 0)
  await sleep(1_500)

  // Ingest: an event sent after the answer to "off" has no delivery, and one sent after "on" has one.
  const expected = all.flatMap((one) =>
    one.posts.map(({ sent, answered, deliveries }) => ({ on: stood(one, sent, answered), deliveries })),
  )
  const made = (on: boolean) => expected.filter((each) => each.on === on).flatMap(({ deliveries }) => deliveries)
  expect(made(false).length).toBeGreaterThan(webhooks * switchesEach)
  expect(new Set(made(false))).toEqual(new Set([0]))
  expect(made(true).length).toBeGreaterThan(20)
  expect(new Set(made(true))).toEqual(new Set([1]))

  // Drain: no delivery that "off" cancelled, directly or through the drainer that held it, is called later than 1 s after.
  const cancelled = await hub.rows<{ id: string; account_id: string; reason: string; at: number }>(
    `select delivery_id as id, account_id, reason, extract(epoch from at)::float8 * 1000 as at from outcomes`,
  )
  expect(new Set(cancelled.map(({ reason }) => reason))).toEqual(new Set(['switched-off']))
  const answeredAt = new Map(
    cancelled.map(({ id, account_id, at }) => {
      const moment = at - performance.timeOrigin
      const own = all.find(({ accountId }) => accountId === account_id)
      const off = own?.switches.findLast(({ on, asked }) => !on && asked <= moment + 5)
      return [showId('delivery', id), off?.answered ?? Number.NEGATIVE_INFINITY]
    }),
  )
  const late = receiver.requests.map((request) => request.at - (answeredAt.get(deliveryOf(request)) ?? request.at))
  expect(Math.max(...late)).toBeLessThan(1_000)

  // Every delivery belongs to one of the posts, and was answered 2xx or cancelled with the reason.
  const deliveries = await hub.count('deliveries')
  expect(deliveries).toBe(expected.flatMap(({ deliveries: each }) => each).reduce((sum, n) => sum + n, 0))
  const delivered = `exists (select from calls c where c.account_id = d.account_id and c.delivery_id = d.id and c.status = 200)`
  const ended = `exists (select from outcomes o where o.account_id = d.account_id and o.delivery_id = d.id)`
  expect(await hub.count(`deliveries d where not ${delivered} and not ${ended}`)).toBe(0)
  expect(await hub.count(`deliveries d where ${ended}`)).toBeGreaterThan(0)
  // The records of the receiver and the database agree.
  expect(await hub.count('calls')).toBe(receiver.requests.length)
  const [deadlocks] = await hub.rows('select deadlocks from pg_stat_database where datname = $1', [hub.name])
  console.log(
    `${deliveries} deliveries, ${cancelled.length} cancelled, ${receiver.requests.length} calls, the last of a cancelled one ` +
      `${Math.round(Math.max(...late))} ms after "off"; ${JSON.stringify(deadlocks)}`,
  )
}, 300_000)
