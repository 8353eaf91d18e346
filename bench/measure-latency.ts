import { showId } from '@/lib/type-id'
import type { Bench } from './bench'
import { aimAt, type Contestant, openContestants, product } from './contestants'
import { memoryOf, meterCpu } from './cpu'
import { repeat } from './plan'
import { type Figure, figures, quantile } from './statistics'
import { mid, printTable, show, span } from './table'
import { until } from './until'

// The time from a request to its 202 and to the arrival of its call. A process posts single events over HTTP at a steady
// rate, in an open loop. The product takes them in and delivers them in one process; the limits and the peers do so behind
// a bare node:http handler. Rounds are interleaved.
//
// For the product there is also the time from commit to arrival. PostgreSQL reports the time of the commit
// (pg_xact_commit_timestamp) from when its record is written, before it is on the disk, so it is an upper bound.

const connections = 128

type Round = {
  rate: number
  answerP50: number
  answerP99: number
  p50: number
  p95: number
  p99: number
  max: number
  commitP50: number
  commitP99: number
  /** The share of calls that arrived within 30 s of the last request. */
  arrived: number
  nodeMicros: number
  databaseMicros: number
  memory: number
  others: number
  lateP99: number
}

const digits = {
  rate: 0,
  answerP50: 2,
  answerP99: 2,
  p50: 2,
  p95: 2,
  p99: 2,
  max: 1,
  commitP50: 2,
  commitP99: 2,
  arrived: 3,
  nodeMicros: 0,
  databaseMicros: 0,
  memory: 0,
  others: 2,
  lateP99: 2,
}

export type LatencyFigures = { wanted: number; subject: string; settings: string } & { [K in keyof Round]: Figure }

/** `beside`: names of files in subjects/, measured beside the product. */
export async function measureLatency(bench: Bench, beside: string[]): Promise<LatencyFigures[]> {
  const { rates } = bench.plan.latency
  const contestants = await openContestants(bench, beside)
  const rounds = new Map<string, Round[]>()
  try {
    for (const contestant of contestants) await warmUp(bench, contestant)
    await repeat(bench.plan.latency, async () => {
      for (const rate of rates)
        for (const contestant of contestants) {
          const key = `${rate} ${contestant.name}`
          const round = await runRound(bench, contestant, rate)
          rounds.set(key, [...(rounds.get(key) ?? []), round])
        }
    })
  } finally {
    await Promise.all(contestants.map(({ end }) => end()))
  }
  return rates.flatMap((wanted) =>
    contestants.map(({ name: subject, settings }) => ({
      wanted,
      subject,
      settings,
      ...figures(rounds.get(`${wanted} ${subject}`) ?? [], digits),
    })),
  )
}

async function warmUp(bench: Bench, contestant: Contestant) {
  const { load, plan, receiver } = bench
  const { start, stop, empty } = contestant
  await aimAt(bench, contestant)
  await receiver.call('reset')
  await start()
  await load.call('warmUp', plan.warmUpRequests)
  await stop()
  await empty()
}

async function runRound(bench: Bench, contestant: Contestant, rate: number): Promise<Round> {
  const { world, receiver, load, plan } = bench
  const { pid, stores, start, stop, empty } = contestant
  await aimAt(bench, contestant)
  await start()
  await receiver.call('reset')
  await bench.waitForIdle()
  const warm = await load.call('pace', connections, rate, plan.latency.warmUp)
  await arrivalOf(bench, warm.requests, 20)
  await receiver.call('reset')
  await contestant.startProfile?.()
  const read = meterCpu(pid, world.postmaster, [receiver.pid, load.pid], stores)
  const sent = await load.call('pace', connections, rate, plan.latency.each)
  const cpu = read()
  await contestant.endProfile?.(`latency-at-${rate}`)
  const arrived = await arrivalOf(bench, sent.requests, 30)
  const { numbers, times } = await receiver.call('arrivedEvents')
  const isProduct = contestant.name === product
  const sinceCommit = isProduct ? await sinceCommits(bench) : []
  await stop()
  await empty()
  if (isProduct && sent.refused > 0) throw new Error(`${sent.refused} events were refused`)
  if (isProduct && numbers.length !== sent.requests)
    throw new Error(`${sent.requests} events were sent, ${numbers.length} arrived`)
  const latencies = times.map((at, i) => at - (sent.began[(numbers[i] as number) - sent.first] ?? Number.NaN))
  return {
    rate: sent.requests / sent.seconds,
    answerP50: sent.p50,
    answerP99: sent.p99,
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
    max: quantile(latencies, 1),
    commitP50: quantile(sinceCommit, 0.5),
    commitP99: quantile(sinceCommit, 0.99),
    arrived: arrived / sent.requests,
    nodeMicros: (cpu.node / sent.requests) * 1e6,
    databaseMicros: (cpu.database / sent.requests) * 1e6,
    memory: memoryOf(pid),
    others: cpu.others,
    lateP99: sent.lateP99,
  }
}

/** Waits until this many calls have arrived, or the time is up, and returns how many have. */
async function arrivalOf({ receiver }: Bench, calls: number, seconds: number): Promise<number> {
  const arrived = async () => (await receiver.call('count')).calls
  await until('all calls have arrived', seconds, async () => (await arrived()) >= calls).catch(() => {})
  return arrived()
}

async function sinceCommits({ world, receiver }: Bench): Promise<number[]> {
  const arrivals = await receiver.call('arrivals')
  const { rows } = await world.pool.query<{ id: string; committed: number }>(
    'select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as committed from deliveries',
  )
  return rows.flatMap(({ id, committed }) => {
    const arrived = arrivals.get(showId('delivery', id))
    return arrived === undefined ? [] : [arrived - committed]
  })
}

export function printLatency(rows: LatencyFigures[]) {
  for (const wanted of new Set(rows.map((row) => row.wanted))) {
    const here = rows.filter((row) => row.wanted === wanted)
    printTable(
      `${show(wanted)} events/s, open loop: ms from the request to its 202 and to the arrival of its call`,
      [
        '',
        'reached',
        '202 p50',
        '202 p99',
        'arrival p50',
        'p95',
        'p99',
        'max',
        'commit → arrival p50',
        'node µs',
        'database µs',
        'others, cores',
      ],
      here.map((row) => [
        row.subject + (row.arrived.median < 1 ? ` (${show(row.arrived.median * 100)} % arrived)` : ''),
        mid(row.rate),
        span(row.answerP50),
        mid(row.answerP99),
        span(row.p50),
        mid(row.p95),
        span(row.p99),
        mid(row.max),
        mid(row.commitP50),
        mid(row.nodeMicros),
        mid(row.databaseMicros),
        mid(row.others),
      ]),
    )
  }
}
