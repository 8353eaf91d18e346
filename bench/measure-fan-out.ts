import type { Bench } from './bench'
import { aimAt, type Contestant, openContestants, product } from './contestants'
import { meterCpu } from './cpu'
import { makeSender } from './hub-database'
import { repeat } from './plan'
import { type Figure, figures, quantile } from './statistics'
import { mid, printTable, show, span } from './table'
import { until } from './until'
import { openWallClock } from './wall-clock'

// One event that 1, 10 or 100 webhooks want: how fast a full queue of such deliveries is made and worked off, and how long an
// event takes to its first and its last receiver at the same rate of deliveries. The limits and the peers do so behind a bare
// node:http handler, which puts all jobs of an event into the queue at once.

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

export type FanOutFigures = { width: number; subject: string; settings: string } & { [K in keyof Round]: Figure }

/** `beside`: names of files in subjects/, measured beside the product. */
export async function measureFanOut(bench: Bench, beside: string[]): Promise<FanOutFigures[]> {
  const { world, origins, plan } = bench
  const keys = new Map<number, string[]>()
  for (const width of widths) {
    const sender = await makeSender(world.pool, origins.slice(0, width), () => ({ kind: 'any' }))
    keys.set(width, [sender.apiKey])
  }
  const contestants = await openContestants(bench, beside)
  const rounds = new Map<string, Round[]>()
  try {
    for (const contestant of contestants) {
      await aimAt(bench, contestant)
      await bench.load.call('warmUp', plan.warmUpRequests)
    }
    await repeat(plan.fanOut, async () => {
      for (const width of widths)
        for (const contestant of contestants) {
          const { name, apiKeys } = contestant
          await contestant.widen?.(width)
          const aimed = { ...contestant, apiKeys: name === product ? (keys.get(width) ?? []) : apiKeys }
          const key = `${width} ${name}`
          rounds.set(key, [...(rounds.get(key) ?? []), await runRound(bench, aimed, width)])
        }
    })
  } finally {
    await Promise.all(contestants.map(({ end }) => end()))
  }
  return widths.flatMap((width) =>
    contestants.map(({ name: subject, settings }) => ({
      width,
      subject,
      settings,
      ...figures(rounds.get(`${width} ${subject}`) ?? [], digits),
    })),
  )
}

async function runRound(bench: Bench, contestant: Contestant, width: number): Promise<Round> {
  await aimAt(bench, contestant)
  await bench.waitForIdle()
  return { ...(await workOff(bench, contestant, width)), ...(await pace(bench, contestant, width)) }
}

async function workOff({ load, receiver, world, plan }: Bench, contestant: Contestant, width: number) {
  await contestant.empty()
  await receiver.call('reset')
  const events = Math.ceil(plan.fanOut.deliveries / width)
  const deliveries = events * width
  const began = performance.now()
  await load.call('warmUp', events)
  const queued = (deliveries / (performance.now() - began)) * 1000
  await contestant.vacuum()
  const read = meterCpu(contestant.pid, world.postmaster, [receiver.pid], contestant.stores)
  const startedAt = openWallClock()()
  await contestant.start()
  await until('all calls have arrived', 120, async () => (await receiver.call('count')).calls >= deliveries)
  const cpu = read()
  const { times } = await receiver.call('arrivedEvents')
  await contestant.stop()
  return {
    queued,
    delivered: (deliveries / (times.reduce((a, b) => Math.max(a, b), 0) - startedAt)) * 1000,
    nodeMicros: (cpu.node / deliveries) * 1e6,
    databaseMicros: (cpu.database / deliveries) * 1e6,
    others: cpu.others,
  }
}

async function pace({ load, receiver, plan }: Bench, contestant: Contestant, width: number) {
  await contestant.empty()
  await receiver.call('reset')
  await contestant.start()
  const sent = await load.call('pace', 128, plan.fanOut.rate / width, plan.fanOut.each)
  const wanted = sent.requests * width
  await until('all calls have arrived', 60, async () => (await receiver.call('count')).calls >= wanted)
  const { numbers, times } = await receiver.call('arrivedEvents')
  await contestant.stop()
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
      '',
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
      row.subject,
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
    [...new Map(rows.map(({ subject, settings }) => [subject, `${subject}: ${settings}`])).values()],
  )
}
