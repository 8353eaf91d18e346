import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { openDatabase, openPool } from '@/lib/db/client'
import { buildAll } from '@/scripts/build.mjs'
import { acceptedOf, judge } from '../fixtures/faults/always-true'
import { type Hub, startHub } from '../fixtures/processes/hub'
import { makeLocalWebhook, makeSender, type Posted, poster, someEvent, until } from '../fixtures/processes/pipeline'
import { aLoggedReceiver } from '../fixtures/receivers/logged-receiver'

// HEARBACK_WORKERS: a hub whose deliveries are shared by several processes, as `npm start` runs it.

await buildAll()
const hubs: Hub[] = []
afterAll(async () => {
  await Promise.all(hubs.map((hub) => hub.kill()))
})

/** A hub with this many drainers, an account and a receiver with ten webhooks. */
async function aHub(workers: number) {
  const hub = await startHub({
    environment: {
      HEARBACK_WORKERS: String(workers),
      HEARBACK_DELIVERY_CONCURRENCY: '20',
      // This process seals the secrets of its webhooks.
      HEARBACK_SECRET_KEYS: process.env.HEARBACK_SECRET_KEYS ?? '',
    },
  })
  hubs.push(hub)
  const pool = openPool(hub.databaseUrl, { max: 3 })
  const db = openDatabase(pool)
  const account = await makeSender({ db })
  const receiver = await aLoggedReceiver(200)
  for (let n = 0; n < 10; n++) await makeLocalWebhook({ db }, account, { url: `${receiver.url}/${n}` })
  const drainers = async () => (await pool.query('select from drainers')).rowCount
  const post = poster((request) => fetch(request), hub.url)
  await until(async () => (await drainers()) === workers, 30_000)
  return { hub, pool, account, receiver, post }
}

test.each([2, 4])(
  '%d drainers of one hub share its deliveries, and none is called twice',
  async (workers) => {
    const { hub, pool, account, receiver, post } = await aHub(workers)
    receiver.answer(async () => {
      await sleep(100)
      return 200
    })
    const posted: Posted[] = []
    const seen = new Set<number>()
    // One claim takes hundreds of rows, so a drainer may come too late for the first of them.
    for (let round = 0; seen.size < workers && round < 20; round++) {
      const events = () => Array.from({ length: 20 }, () => someEvent())
      posted.push(...(await Promise.all(Array.from({ length: 5 }, () => post(account.key, events())))))
      await until(async () => {
        const { rows } = await pool.query<{ drainer_id: number | null }>('select distinct drainer_id from queue')
        for (const { drainer_id } of rows) if (drainer_id !== null) seen.add(drainer_id)
        return rows.length === 0
      }, 60_000)
    }
    expect(seen.size).toBe(workers)
    const deliveries = posted.length * 200
    const verdict = await judge(pool, [account.accountId], receiver.log, { accepted: acceptedOf(...posted) })
    expect(verdict).toMatchObject({ violations: [], deliveries, delivered: deliveries, repeats: 0 })
    await pool.end()
    expect(await hub.stop()).toBe(0)
  },
  120_000,
)

test('a worker that dies is started again, and none outlives the hub', async () => {
  const { hub, pool } = await aHub(2)
  const pids = async () => {
    const { rows } = await pool.query<{ pid: number }>('select pid from drainers')
    return rows.map(({ pid }) => pid).filter((pid) => pid !== hub.pid)
  }
  const [first] = await pids()
  process.kill(first as number, 'SIGKILL')
  await until(async () => (await pids()).some((pid) => pid !== first && isAlive(pid)), 30_000)
  const second = (await pids()).find((pid) => pid !== first) as number
  await hub.kill()
  await until(() => !isAlive(second), 10_000)
  // The killed one is registered until others find it dead. The other stopped in order.
  expect(await pids()).not.toContain(second)
  await pool.end()
}, 120_000)

test('more drainers than the database has connections for are refused at start, with the number that fits', async () => {
  await expect(startHub({ environment: { HEARBACK_WORKERS: '64' } })).rejects.toThrow(
    /HEARBACK_WORKERS=64 needs 1354 connections, and the database allows \d+: raise max_connections, or set HEARBACK_WORKERS to \d+ or less/,
  )
}, 60_000)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
