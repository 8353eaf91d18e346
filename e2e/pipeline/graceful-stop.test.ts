import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { acceptedOf, judge } from '../fixtures/faults/always-true'
import {
  drainSettings,
  makeLocalWebhook,
  makeSender,
  openPipeline,
  type Posted,
  someEvent,
  until,
} from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { startWorker } from '../fixtures/processes/worker'
import { aLoggedReceiver, type LoggedReceiver } from '../fixtures/receivers/logged-receiver'

// SIGTERM, as a deployment sends it: calls in flight end and are recorded, rows that wait are released, nothing more is
// claimed, and the process exits with 0. The first test runs server.ts itself, the others run the test process of
// pipeline-child.ts. Each test has a database of its own, because a worker drains the whole database.

const hubs: Awaited<ReturnType<typeof openPipeline>>[] = []
afterAll(async () => {
  await endChildren()
  await Promise.all(hubs.map((hub) => hub.close()))
})

const events = (count: number) => Array.from({ length: count }, () => someEvent())

/** A hub with an account of five webhooks at one receiver. At most 50 calls are in flight. */
async function prepare(answer: Parameters<typeof aLoggedReceiver>[0], { webhooks = 5, timeoutSeconds = 5 } = {}) {
  const hub = await openPipeline()
  hubs.push(hub)
  const account = await makeSender(hub)
  const receiver = await aLoggedReceiver(answer)
  for (let n = 0; n < webhooks; n++)
    await makeLocalWebhook(hub, account, { url: `${receiver.url}/${n}`, timeoutSeconds })
  const queued = (also = '') => hub.count(`queue where account_id = $1 ${also}`, [account.accountId])
  const calls = (also = '') => hub.count(`calls where account_id = $1 ${also}`, [account.accountId])
  return { hub, account, receiver, queued, calls, ...account }
}
type Prepared = Awaited<ReturnType<typeof prepare>>

/** Delivers what the stopped drainer left with another one, and compares the records. */
async function finish({ hub, accountId, receiver, queued }: Prepared, ...posted: Posted[]) {
  receiver.answer(200)
  hub.drain()
  await until(async () => (await queued()) === 0, 30_000)
  return judge(hub.pool, [accountId], receiver.log, { accepted: acceptedOf(...posted) })
}

/** An answer that no call gets before the gate is opened. */
function openGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, answer: () => opened.then(() => 200) }
}

const drainer = (url: string) => startChild({ url, drain: { settings: drainSettings(url, 200) } })
const allCalled = (receiver: LoggedReceiver, count: number) => receiver.waitFor(count, 60_000)

describe.concurrent('a process that gets SIGTERM', { timeout: 200_000 }, () => {
  test('with 50 calls of 2 s in flight records them, releases the rest, starts no further one, and exits with 0', async () => {
    const gate = openGate()
    const set = await prepare(gate.answer, { timeoutSeconds: 30 })
    const { hub, key, receiver, queued, calls } = set
    const worker = await startWorker(hub.url)
    const posted = await hub.post(key, events(40))
    await allCalled(receiver, 50)
    const told = performance.now()
    worker.signal('SIGTERM')
    setTimeout(gate.open, 2_000)
    expect(await worker.exited, worker.output()).toBe(0)
    expect(performance.now() - told).toBeLessThan(12_000)
    expect(receiver.log).toHaveLength(50)
    expect(await calls('and status = 200 and attempt = 1')).toBe(50)
    // Nothing is leased any more; all that is left is due now, or soon where it was deferred.
    expect(await queued(`and abandoned_claims = 0 and run_at < hub_now() + interval '15 s'`)).toBe(150)
    expect(await finish(set, posted)).toMatchObject({ violations: [], delivered: 200, repeats: 0, unrecorded: [] })
  })

  test('waits for the longest possible call to end, records it and exits with 0', async () => {
    const { hub, key, receiver, calls, queued } = await prepare({ hang: true }, { webhooks: 1, timeoutSeconds: 30 })
    const worker = await drainer(hub.url)
    await hub.post(key, someEvent())
    await allCalled(receiver, 1)
    worker.signal('SIGTERM')
    expect(await worker.exited, worker.log()).toBe(0)
    expect(await calls(`and failure = 'timeout' and attempt = 1`)).toBe(1)
    expect(await queued('and attempts = 1 and abandoned_claims = 0')).toBe(1)
  })

  test('exits with 1 after 35 s while the database takes no records, and the call is repeated once', async () => {
    const set = await prepare(200, { webhooks: 1 })
    const { hub, key, receiver, calls } = set
    const worker = await drainer(hub.url)
    const letGo = await hub.holdUp('calls')
    const posted = await hub.post(key, events(5))
    await allCalled(receiver, 5)
    await until(async () => (await hub.heldUp()) > 0)
    const told = performance.now()
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(1)
    expect(performance.now() - told).toBeGreaterThan(34_000)
    expect(worker.log()).toContain('did not stop within 35 s')
    await hub.cutHeldUp()
    await letGo()
    expect(await calls()).toBe(0)
    await hub.setAhead(70)
    expect(await finish(set, posted)).toMatchObject({ violations: [], delivered: 5, repeats: 5 })
  })

  test('exits with 1 at once at a second signal, and loses nothing', async () => {
    const gate = openGate()
    const set = await prepare(gate.answer, { timeoutSeconds: 30 })
    const { hub, key, receiver, calls } = set
    const worker = await drainer(hub.url)
    const posted = await hub.post(key, events(30))
    await allCalled(receiver, 50)
    worker.signal('SIGTERM')
    await sleep(800)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(1)
    gate.open()
    expect(await calls()).toBe(0)
    await hub.setAhead(70)
    const verdict = await finish(set, posted)
    expect(verdict).toMatchObject({ violations: [], delivered: 150, repeats: 50 })
    expect(verdict.unrecorded).toHaveLength(50)
  })

  test('answers running requests with 202, accepts no new one, makes no call for them, and exits with 0', async () => {
    const set = await prepare(200, { webhooks: 2 })
    const { hub, key, receiver, queued } = set
    const web = await startChild({
      url: hub.url,
      web: true,
      drain: { settings: drainSettings(hub.url) },
    })
    const first = await web.post(key, someEvent())
    await until(async () => (await queued()) === 0)
    const letGo = await hub.holdUp('events')
    const running = Promise.all(Array.from({ length: 40 }, (_, n) => web.post(key, someEvent({ id: `runs-${n}` }))))
    await until(async () => (await hub.heldUp()) > 0 && (await web.running()) === 40)
    web.signal('SIGTERM')
    await sleep(300)
    await expect(web.post(key, someEvent({ id: 'late' }))).rejects.toThrow()
    await letGo()
    const answers = await running
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(202))
    expect(await web.exited, web.log()).toBe(0)
    expect(receiver.log).toHaveLength(2)
    expect(await hub.count(`events where external_id = 'late'`)).toBe(0)
    expect(await finish(set, first, ...answers)).toMatchObject({ violations: [], delivered: 82, repeats: 0 })
  })
})
