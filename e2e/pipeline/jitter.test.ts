import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/db/ids'
import { recordOf } from '@/lib/pipeline/drain/make-call'
import { claim } from '@/lib/pipeline/queue/claim'
import { recordCalls } from '@/lib/pipeline/queue/record'
import { ill } from '../fixtures/model/queue-history'
import { openWorld, type World } from '../fixtures/model/queue-world'
import { inTimeOf } from '../fixtures/model/virtual-time'

// Deliveries that failed at the same moment are spread when they are retried.

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const webhooks = 500
const each = 10

test(`no second gets more than 3 % of the retries of ${webhooks} webhooks, ${each} each, that failed at one moment`, () =>
  inTimeOf(world.clock, async () => {
    const { accountId, payloadId, webhookIds } = await world.begin(
      Array.from({ length: webhooks }, () => ({ retries: 9, failures: 0 })),
    )
    for (const webhookId of webhookIds) {
      const ids = Array.from({ length: each }, () => newId())
      await world.trigger(accountId, webhookId, ids, payloadId)
    }
    // The first retry is due after 5 s. At 6 s all of them fail a second time.
    for (const afterMs of [0, 6_000]) {
      await world.pass(afterMs)
      const rows = await claim(world.pool, webhooks * each, { drainerId: 1, leaseMs: 60_000 }, [])
      expect(rows).toHaveLength(webhooks * each)
      const failed = rows.map((row) => recordOf(row, { version: 1, retries: 9 }, ill, Math.random))
      for (let from = 0; from < failed.length; from += 500)
        await recordCalls(world.pool, failed.slice(from, from + 500))
    }
    const { rows } = await world.pool.query<{ second: number; n: number }>(
      `select floor(extract(epoch from run_at - hub_now()))::int as second, count(*)::int as n
        from queue where account_id = $1 group by 1 order by 1`,
      [accountId],
    )
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(webhooks * each)
    // The retries use the whole range from a fifth less to a fifth more.
    expect(rows[0]?.second).toBe(240)
    expect([359, 360]).toContain(rows.at(-1)?.second)
    const share = Math.max(...rows.map(({ n }) => n)) / (webhooks * each)
    console.log(`the fullest second holds ${(share * 100).toFixed(1)} % of ${webhooks * each} retries`)
    expect(share).toBeLessThanOrEqual(0.03)
  }))
