import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { watchDrainers } from '@/lib/pipeline/drain/dead-drainers'
import { claim } from '@/lib/pipeline/queue/claim'
import { registerDrainer } from '@/lib/pipeline/queue/drainers'
import { makeLocalWebhook, makeSender, someEvent } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// A drainer is taken for dead when its session is gone for two seconds. After a restart of the database that proves
// nothing, because the sessions of the living are gone too.

const leaseMs = 60_000
const watcher = { drainerId: 1, leaseMs }

const hub = await openTestHub()
afterEach(() => hub.rows('delete from drainers'))

/** A drainer that has claimed three rows, and its open session. */
async function aDrainer(drainerId: number) {
  const session = new pg.Client({ connectionString: hub.url })
  await session.connect()
  await registerDrainer(session, drainerId)
  const account = await makeSender(hub)
  await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/' })
  await hub.post(account.key, [someEvent(), someEvent(), someEvent()])
  expect(await claim(hub.pool, 10, { drainerId, leaseMs }, [])).toHaveLength(3)
  return session
}

/** Looks now and after 2.2 s; returns how many rows became due. */
async function lookTwice(sameMachine = false): Promise<number> {
  const look = watchDrainers(hub.pool, watcher, sameMachine)
  const first = await look()
  await sleep(2_200)
  return first + (await look())
}

test('what a drainer claimed is due two seconds after its session ended', async () => {
  const session = await aDrainer(2)
  expect(await lookTwice()).toBe(0)
  await session.end()
  expect(await lookTwice()).toBe(3)
  expect(await hub.rows('select lease, abandoned_claims from queue where run_at <= hub_now()')).toEqual(
    Array(3).fill({ lease: 1, abandoned_claims: 1 }),
  )
  // They have waited longer than whatever came due meanwhile.
  const drainer = { drainerId: 6, leaseMs }
  const account = await makeSender(hub)
  await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/' })
  await hub.post(account.key, [someEvent()])
  const first = await claim(hub.pool, 3, drainer, [])
  expect(first.map(({ abandoned_claims }) => abandoned_claims)).toEqual([2, 2, 2])
  expect(await hub.count('drainers')).toBe(0)
}, 30_000)

test('a session that is opened again between two looks starts the two seconds anew', async () => {
  const session = await aDrainer(3)
  await session.end()
  const look = watchDrainers(hub.pool, watcher, false)
  await look()
  const again = new pg.Client({ connectionString: hub.url })
  await again.connect()
  await registerDrainer(again, 3)
  await again.end()
  await sleep(2_200)
  expect(await look()).toBe(0)
}, 30_000)

test('after a restart of the database the leases of an absent drainer are waited for', async () => {
  const session = await aDrainer(4)
  await session.end()
  await hub.rows(`update drainers set since = pg_postmaster_start_time() - interval '1 s'`)
  expect(await lookTwice()).toBe(0)
}, 30_000)

test('after a restart of the database on the machine of all drainers, one whose process is gone is dead', async () => {
  const session = await aDrainer(5)
  await session.end()
  await hub.rows(`update drainers set since = pg_postmaster_start_time() - interval '1 s'`)
  // Its process, this one, still runs.
  expect(await lookTwice(true)).toBe(0)
  const { pid } = spawnSync(process.execPath, ['--version'])
  await hub.rows('update drainers set pid = $1', [pid])
  expect(await lookTwice(true)).toBe(3)
}, 30_000)
