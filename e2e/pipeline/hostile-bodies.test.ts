import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostileBodies } from '../fixtures/data/hostile-bodies'
import { sendHostile } from '../fixtures/network/send-hostile'
import {
  aReceiver,
  byDelivery,
  drainSettings,
  makeLocalWebhook,
  makeSender,
  openPipeline,
  someEvent,
  type TestPipeline,
  until,
} from '../fixtures/processes/pipeline'
import { type Child, endChildren, type Pause, startChild } from '../fixtures/processes/pipeline-child'
import type { Receiver } from '../fixtures/receivers/receiver'

// Hostile and slow bodies at every route of a process that ingests and delivers, while another account posts events and is
// called. A body that seems to cause a pause is sent again, because a pause from a busy machine does not repeat.

const pauseAtMostMs = 250
const tries = 3

let hub: TestPipeline
let child: Child
let receiver: Receiver
let attacker: string
let bystander: Awaited<ReturnType<typeof makeSender>>
const stopped = new AbortController()
let traffic: Promise<number>
beforeAll(async () => {
  hub = await openPipeline()
  child = await startChild({ url: hub.url, web: true, drain: { settings: drainSettings(hub.url) } })
  receiver = await aReceiver()
  attacker = (await makeSender(hub)).key
  bystander = await makeSender(hub)
  await makeLocalWebhook(hub, bystander, { url: receiver.url, timeoutSeconds: 30 })
  // The first requests compile the code.
  for (let i = 0; i < 50; i++) await child.post(bystander.key, someEvent())
  traffic = post()
}, 120_000)
afterAll(async () => {
  await endChildren()
  await hub.close()
})

const bearer = () => ({ authorization: `Bearer ${attacker}` })
const doors: { name: string; path: string; headers: () => Record<string, string> }[] = [
  { name: 'ingest', path: '/api/v1/events', headers: bearer },
  { name: 'ingest without a key', path: '/api/v1/events', headers: () => ({}) },
  { name: 'the Reviews API', path: '/api/v1/reviews/all?id=x', headers: () => ({}) },
  { name: 'health', path: '/api/health', headers: () => ({}) },
  { name: 'a page', path: '/settings/webhooks/new', headers: () => ({}) },
]

/**
 * The clock decides. While more processes want to run than there are cores, every process waits for one, and the clock
 * counts that wait as a pause: then the processor time decides.
 */
const lengthOf = ({ clockMs, processorMs }: Pause): number =>
  (os.loadavg()[0] ?? 0) > os.availableParallelism() ? processorMs : clockMs

const words = (pauses: Pause[]) =>
  pauses.map(({ clockMs, processorMs }) => `${clockMs.toFixed()} ms (processor ${processorMs.toFixed()} ms)`).join(', ')

/** Measures the pause while `send` runs, up to three times: the shortest counts. Prints and returns it. */
async function pauseDuring(name: string, send: () => Promise<unknown>): Promise<number> {
  const pauses: Pause[] = []
  const lengths: number[] = []
  do {
    await child.pause()
    await send()
    const pause = await child.pause()
    pauses.push(pause)
    lengths.push(lengthOf(pause))
  } while (Math.min(...lengths) > pauseAtMostMs && pauses.length < tries)
  console.log(`${name}: ${words(pauses)}`)
  return Math.min(...lengths)
}

/** Posts an event of the bystander every 20 ms until it is stopped. Returns how many. Throws when one is refused. */
async function post(): Promise<number> {
  let posted = 50
  for (; !stopped.signal.aborted; posted++) {
    const { status } = await child.post(bystander.key, someEvent())
    if (status !== 202) throw new Error(`an event of the bystander was answered ${status}`)
    await sleep(20)
  }
  return posted
}

test('no pause of the event loop is longer than 250 ms while a hostile body is sent to every route', async () => {
  expect(hostileBodies.length).toBeGreaterThanOrEqual(40)
  const long: string[] = []
  for (const hostile of hostileBodies) {
    const bytes = hostile.body()
    const length = await pauseDuring(hostile.name, async () => {
      const statuses = await Promise.all(
        doors.map(({ path, headers }) => sendHostile(child.port, path, hostile, bytes, headers())),
      )
      for (const [i, status] of statuses.entries())
        if (status !== undefined && status >= 500) throw new Error(`${hostile.name} at ${doors[i]?.name}: ${status}`)
    })
    if (length > pauseAtMostMs) long.push(`${hostile.name}: ${length.toFixed()} ms`)
  }
  expect(long).toEqual([])
}, 480_000)

test('eight of the largest bodies at once cause no longer pause', async () => {
  const bodies = hostileBodies
    .filter(({ name }) => /256 KiB|480 bad products/.test(name))
    .slice(0, 8)
    .map((hostile) => ({ hostile, bytes: hostile.body() }))
  const length = await pauseDuring('eight at once', () =>
    Promise.all(
      bodies.map(({ hostile, bytes }) => sendHostile(child.port, '/api/v1/events', hostile, bytes, bearer())),
    ),
  )
  expect(length).toBeLessThan(pauseAtMostMs)
}, 120_000)

test('meanwhile every event of another account is accepted, and called for exactly once', async () => {
  stopped.abort()
  const posted = await traffic
  await until(() => byDelivery(receiver.requests).size >= posted, 60_000)
  const outcomes = await hub.rows('select failure, count(*)::int as n from calls where account_id = $1 group by 1', [
    bystander.accountId,
  ])
  expect(outcomes).toEqual([{ failure: null, n: posted }])
  expect(receiver.requests).toHaveLength(posted)
  expect(child.log()).toBe('')
}, 90_000)
