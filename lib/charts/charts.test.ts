import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { makeAccount, makeWebhook, queueDelivery, type TestAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { newId } from '../db/ids'
import { barsOf, chartSpans } from './chart-spans'
import { bucketCount, percentile } from './duration-buckets'
import { type Chart, type ChartBar, readChart } from './read-chart'
import { rollUpStep, upkeepCharts } from './roll-up'

const minute = 60_000
const hour = 60 * minute

test('bars begin at full hours and days of the reader’s clock, and the last one is running', () => {
  const now = Date.parse('2026-11-27T10:20:00Z')
  const inIndia = barsOf('24h', now, 330).starts
  expect([inIndia.length, new Date(inIndia.at(-1) as number).toISOString()]).toEqual([24, '2026-11-27T09:30:00.000Z'])
  const inNewYork = barsOf('30d', now, -300).starts
  expect(new Date(inNewYork.at(-1) as number).toISOString()).toBe('2026-11-27T05:00:00.000Z')
  for (const span of chartSpans) {
    const { starts, barMs } = barsOf(span, now, 60)
    expect(starts.at(-1)).toBeGreaterThan(now - barMs)
  }
})

test('a percentile is null without calls, and grows with the share of the calls', () => {
  const buckets = fc.array(fc.nat(50), { minLength: bucketCount, maxLength: bucketCount })
  fc.assert(
    fc.property(buckets, fc.double({ min: 0, max: 1, noNaN: true }), (counts, share) => {
      const value = percentile(counts, share)
      if (counts.every((n) => n === 0)) expect(value).toBeNull()
      else expect(value).toBeLessThanOrEqual(percentile(counts, 1) as number)
      expect(value ?? 0).toBeLessThanOrEqual(30_000.001)
    }),
  )
})

let hub: TestDatabase
beforeAll(async () => {
  hub = await createTestDatabase()
})

type One = TestAccount & { webhookId: string }
async function makeOne(): Promise<One> {
  const account = await makeAccount(hub.db)
  return { ...account, webhookId: await makeWebhook(hub.db, account) }
}
const call = ({ accountId, webhookId }: One, agoMs: number, set: Parameters<typeof makeCall>[2] = {}) =>
  makeCall(hub.db, accountId, { webhookId, ...set, id: newId(Date.now() - agoMs) })
const chart = ({ accountId, webhookId }: One, span: Chart['span'] = '24h') =>
  readChart(hub.db, accountId, webhookId, { span, offsetMinutes: 0 })
const total = ({ bars }: Chart, of: keyof ChartBar) => bars.reduce((sum, bar) => sum + Number(bar[of]), 0)
const counts = (read: Chart) =>
  (['delivered', 'rejected', 'erred', 'unanswered'] as const).map((result) => total(read, result))
const rollUp = () => upkeepCharts(hub.pool, 1)
/** As if upkeep had never run. */
const forget = () => hub.db.execute(sql`with a as (delete from call_rollups) delete from upkeep_progress`)

test('a hub without calls counts none of the days before it', async () => {
  await hub.db.transaction((tx) => rollUpStep(tx, 30))
  const { rows } = await hub.db.execute<{ ago: number }>(
    sql`select extract(epoch from hub_now() - done_until)::float8 as ago from upkeep_progress where task = 'calls'`,
  )
  expect(rows[0]?.ago).toBeLessThan(600)
})

describe('charts of a webhook', () => {
  test('show the same whether its calls are rolled up or counted live', async () => {
    const one = await makeOne()
    for (const agoMs of [1, 4, 11, 40, 90].map((n) => n * minute)) {
      await call(one, agoMs)
      await call(one, agoMs, { status: 404, failure: 'status', durationMs: 12 })
      await call(one, agoMs, { status: 302, failure: 'redirect' })
      await call(one, agoMs, { status: 503, failure: 'status', durationMs: 2_400 })
      await call(one, agoMs, { status: null, failure: 'timeout', durationMs: 5_000 })
    }
    await forget()
    const live = await chart(one)
    expect(counts(live)).toEqual([5, 10, 5, 5])
    await rollUp()
    expect(await chart(one)).toEqual(live)
    const [{ rolled } = { rolled: 0 }] = (
      await hub.db.execute<{ rolled: number }>(
        sql`select sum(delivered)::int as rolled from call_rollups where webhook_id = ${one.webhookId}`,
      )
    ).rows
    expect(rolled).toBeGreaterThanOrEqual(3)
    for (const span of ['7d', '30d'] as const) expect(counts(await chart(one, span))).toEqual([5, 10, 5, 5])
  })

  test('tell durations within a bucket of the true ones', async () => {
    const one = await makeOne()
    await forget()
    for (let n = 1; n <= 40; n++) await call(one, 20 * minute, { durationMs: n * 10 })
    const bar = (await chart(one)).bars.find(({ p50 }) => p50 !== null)
    expect((bar?.p50 as number) / 200).toBeGreaterThan(1 / 1.57)
    expect((bar?.p50 as number) / 200).toBeLessThan(1.57)
    expect((bar?.p95 as number) / 380).toBeGreaterThan(1 / 1.57)
    expect((bar?.p95 as number) / 380).toBeLessThan(1.57)
  })

  test('leave out test fires, other webhooks and other accounts', async () => {
    const [one, other] = [await makeOne(), await makeOne()]
    const sibling = { ...one, webhookId: await makeWebhook(hub.db, one) }
    for (const each of [one, other, sibling]) await call(each, 10 * minute)
    await call(one, 10 * minute, { test: true })
    await forget()
    await rollUp()
    expect(counts(await chart(one))).toEqual([1, 0, 0, 0])
    expect(counts(await chart({ ...one, accountId: other.accountId }))).toEqual([0, 0, 0, 0])
  })

  test('count a call that is recorded up to an hour late', async () => {
    const one = await makeOne()
    await rollUp()
    await call(one, 50 * minute)
    expect(counts(await chart(one))).toEqual([0, 0, 0, 0])
    await hub.db.execute(
      sql`update upkeep_progress set done_until = done_until - interval '5 min' where task = 'calls'`,
    )
    await rollUp()
    expect(counts(await chart(one))).toEqual([1, 0, 0, 0])
  })

  test('count each call once when several processes do the upkeep', async () => {
    const one = await makeOne()
    for (let n = 0; n < 20; n++) await call(one, n * 4 * minute)
    await forget()
    await Promise.all([rollUp(), rollUp(), rollUp(), rollUp()])
    await rollUp()
    expect(counts(await chart(one))).toEqual([20, 0, 0, 0])
  })

  test('show how many deliveries waited, sampled once a minute', async () => {
    const one = await makeOne()
    for (let n = 0; n < 3; n++) await queueDelivery(hub.db, one.accountId, one.webhookId)
    await hub.db.execute(sql`delete from upkeep_progress where task = 'waiting'`)
    await rollUp()
    expect((await chart(one)).bars.at(-1)?.waiting).toBe(3)
    await hub.db.execute(sql`delete from queue where webhook_id = ${one.webhookId}`)
    await rollUp()
    expect((await chart(one)).bars.at(-1)?.waiting).toBe(3)
    const days =
      await hub.db.execute(sql`update call_rollups set started_at = started_at - ${2 * hour} * interval '1 ms'
      where webhook_id = ${one.webhookId}`)
    expect(days.rowCount).toBe(1)
    expect((await chart(one)).bars.at(-1)?.waiting).toBe(0)
  })
})
