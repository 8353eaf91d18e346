import type { Bench } from './bench'
import { aimAt, type Contestant, openContestants, product } from './contestants'
import { memoryOf, meterCpu } from './cpu'
import { repeat } from './plan'
import { type Figure, figure, figures } from './statistics'
import { mid, printTable, show, span } from './table'
import { until } from './until'
import { openWallClock } from './wall-clock'

// End to end at full load: one process takes events in as fast as it can and delivers them at the same time. The rate counts
// from the first request to the last arrival.

const sizes = [
  { eventsPerRequest: 1, connections: 64 },
  { eventsPerRequest: 100, connections: 8 },
]
type Size = (typeof sizes)[number]

type Round = { perSecond: number; nodeMicros: number; databaseMicros: number; memory: number; others: number }

export type ThroughputFigures = Size & { subject: string; productOverThis: Figure } & { [K in keyof Round]: Figure }

/** `beside`: names of files in subjects/ that are measured beside the product with single events. */
export async function measureThroughput(bench: Bench, beside: string[]): Promise<ThroughputFigures[]> {
  const rounds = new Map<string, Round[]>()
  const contestants = await openContestants(bench, beside)
  const turns = sizes.flatMap((size) =>
    contestants
      .filter(({ name }) => size.eventsPerRequest === 1 || name === product)
      .map((contestant) => ({ size, contestant, key: `${size.eventsPerRequest} ${contestant.name}` })),
  )
  try {
    for (const { contestant, size } of turns) await runRound(bench, contestant, size, 1)
    await repeat(bench.plan.throughput, async () => {
      for (const { key, contestant, size } of turns) {
        const round = await runRound(bench, contestant, size, bench.plan.throughput.each)
        rounds.set(key, [...(rounds.get(key) ?? []), round])
      }
    })
  } finally {
    await Promise.all(contestants.map(({ end }) => end()))
  }
  return turns.map(({ key, size, contestant }) => {
    const all = rounds.get(key) ?? []
    const ours = rounds.get(`${size.eventsPerRequest} ${product}`) ?? []
    const over = all.map((round, i) => (ours[i]?.perSecond ?? Number.NaN) / round.perSecond)
    return {
      ...size,
      subject: contestant.name,
      ...figures(all, { perSecond: 0, nodeMicros: 0, databaseMicros: 0, memory: 0, others: 2 }),
      productOverThis: figure(over, 2),
    }
  })
}

async function runRound(bench: Bench, contestant: Contestant, size: Size, seconds: number): Promise<Round> {
  const { world, load, receiver, waitForIdle } = bench
  await aimAt(bench, contestant)
  await contestant.empty()
  await receiver.call('reset')
  await contestant.start()
  await waitForIdle()
  await contestant.startProfile?.()
  const read = meterCpu(contestant.pid, world.postmaster, [load.pid, receiver.pid], contestant.stores)
  const began = openWallClock()()
  const sent = await load.call('saturate', size.connections, size.eventsPerRequest, seconds)
  const events = (sent.requests - sent.refused) * size.eventsPerRequest
  await until(`all ${events} calls have arrived`, 120, async () => (await receiver.call('count')).calls >= events)
  const cpu = read()
  await contestant.endProfile?.(`throughput-by-${size.eventsPerRequest}`)
  const { times } = await receiver.call('arrivedEvents')
  await contestant.stop()
  return {
    perSecond: (events / (times.reduce((a, b) => Math.max(a, b), 0) - began)) * 1000,
    nodeMicros: (cpu.node / events) * 1e6,
    databaseMicros: (cpu.database / events) * 1e6,
    memory: memoryOf(contestant.pid),
    others: cpu.others,
  }
}

export function printThroughput(rows: ThroughputFigures[]) {
  printTable(
    'End to end at full load: events taken in and delivered by one process',
    ['events a request', 'deliveries/s', 'hearback over this', 'node µs', 'database µs', 'peak MB', 'others, cores'],
    rows.map((row) => [
      `${show(row.eventsPerRequest)} (${row.connections} connections) ${row.subject}`,
      span(row.perSecond),
      row.subject === product ? '' : span(row.productOverThis),
      mid(row.nodeMicros),
      mid(row.databaseMicros),
      mid(row.memory),
      mid(row.others),
    ]),
  )
}
