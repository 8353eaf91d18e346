import type { Bench } from './bench'
import { aimAt, type Contestant, openProduct } from './contestants'
import { meterCpu } from './cpu'
import { makeSender } from './hub-database'
import { repeat } from './plan'
import { type Figure, figures, quantile } from './statistics'
import { mid, printTable, show, span } from './table'
import { until } from './until'
import { openWallClock } from './wall-clock'

// One event that 1, 10 or 100 webhooks want: how fast a full queue of such deliveries is made and worked off, and how long an
// event takes to its first and its last receiver at the same rate of deliveries.

const widths = [1, 10, 100]

type Round = {
  /** Deliveries queued a second by ingest, and delivered a second. */
  queued: number
  delivered: number
  nodeMicros: number
  databaseMicros: number
  answerP50: number
  firstP50: number
  lastP50: number
  lastP99: number
  others: number
}

const digits = {
  queued: 0,
  delivered: 0,
  nodeMicros: 0,
  databaseMicros: 0,
  answerP50: 2,
  firstP50: 2,
  lastP50: 2,
  lastP99: 2,
  others: 2,
}

export type FanOutFigures = { width: number } & { [K in keyof Round]: Figure }

export async function measureFanOut(bench: Bench): Promise<FanOutFigures[]> {
  const { world, origins, plan } = bench
  const keys: string[][] = []
  for (const width of widths) {
    const sender = await makeSender(world.pool, origins.slice(0, width), () => ({ kind: 'any' }))
    keys.push([sender.apiKey])
  }
  const rounds = widths.map((): Round[] => [])
  const hub = await openProduct(bench)
  try {
    await aimAt(bench, hub)
    await bench.load.call('warmUp', plan.warmUpRequests)
    await repeat(plan.fanOut, async () => {
      for (const [i, width] of widths.entries())
        rounds[i]?.push(await runRound(bench, { ...hub, apiKeys: keys[i] ?? [] }, width))
    })
  } finally {
    await hub.end()
  }
  return widths.map((width, i) => ({ width, ...figures(rounds[i] ?? [], digits) }))
}

async function runRound(bench: Bench, hub: Contestant, width: number): Promise<Round> {
  await aimAt(bench, hub)
  await bench.waitForIdle()
  return { ...(await workOff(bench, hub, width)), ...(await pace(bench, hub, width)) }
}

async function workOff({ load, receiver, world, plan }: Bench, hub: Contestant, width: number) {
  await hub.empty()
  await receiver.call('reset')
  const began = performance.now()
  await load.call('warmUp', Math.ceil(plan.fanOut.deliveries / width))
  const { rows } = await world.pool.query<{ n: number }>('select count(*)::int as n from queue')
  const deliveries = rows[0]?.n ?? 0
  const queued = (deliveries / (performance.now() - began)) * 1000
  await world.pool.query('vacuum analyze queue, payloads, deliveries, events, feedback, ingest_keys')
  const read = meterCpu(hub.pid, world.postmaster, [receiver.pid])
  const startedAt = openWallClock()()
  await hub.start()
  await until('all calls have arrived', 120, async () => (await receiver.call('count')).calls >= deliveries)
  const cpu = read()
  const { times } = await receiver.call('arrivedEvents')
  await hub.stop()
  return {
    queued,
    delivered: (deliveries / (times.reduce((a, b) => Math.max(a, b), 0) - startedAt)) * 1000,
    nodeMicros: (cpu.node / deliveries) * 1e6,
    databaseMicros: (cpu.database / deliveries) * 1e6,
    others: cpu.others,
  }
}

async function pace({ load, receiver, plan }: Bench, hub: Contestant, width: number) {
  await hub.empty()
  await receiver.call('reset')
  await hub.start()
  const sent = await load.call('pace', 128, plan.fanOut.rate / width, plan.fanOut.each)
  const wanted = sent.requests * width
  await until('all calls have arrived', 60, async () => (await receiver.call('count')).calls >= wanted)
  const { numbers, times } = await receiver.call('arrivedEvents')
  await hub.stop()
  const first = new Map<number, number>()
  const last = new Map<number, number>()
  numbers.forEach((number, i) => {
    const took = (times[i] as number) - (sent.began[number - sent.first] ?? Number.NaN)
    first.set(number, Math.min(first.get(number) ?? took, took))
    last.set(number, Math.max(last.get(number) ?? took, took))
  })
  return {
    answerP50: sent.p50,
    firstP50: quantile([...first.values()], 0.5),
    lastP50: quantile([...last.values()], 0.5),
    lastP99: quantile([...last.values()], 0.99),
  }
}

export function printFanOut(rows: FanOutFigures[]) {
  printTable(
    'Fan-out: an event that so many webhooks want (ms from the request to its first and its last receiver)',
    [
      'webhooks',
      'queued/s',
      'delivered/s',
      'node µs',
      'database µs',
      '202 p50',
      'first p50',
      'last p50',
      'last p99',
      'others, cores',
    ],
    rows.map((row) => [
      show(row.width),
      span(row.queued),
      span(row.delivered),
      mid(row.nodeMicros),
      mid(row.databaseMicros),
      mid(row.answerP50),
      mid(row.firstP50),
      span(row.lastP50),
      span(row.lastP99),
      mid(row.others),
    ]),
  )
}
