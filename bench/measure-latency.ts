import { showId } from '@/lib/type-id'
import { type Bench, until } from './bench'
import type { Child } from './child'
import { meterCpu } from './cpu'
import type { HubMethods } from './hub'
import { repeat } from './plan'
import { type Figure, figure, quantile } from './statistics'
import { emptyHistory } from './world'

// The time from commit to arrival. A process posts single events over HTTP at a steady rate, ingest commits them in
// groups, the drain of the same process is woken, and the call arrives. PostgreSQL reports the time of the commit
// (pg_xact_commit_timestamp) from when its record is written, before it is on the disk. So the figure includes the wait
// for the disk and is an upper bound.

const connections = 128

type Round = {
  rate: number
  p50: number
  p95: number
  p99: number
  max: number
  /** The time from when a request was due until its 202. */
  answerP50: number
  answerP99: number
  nodeShare: number
  others: number
}

export type LatencyFigures = { wanted: number } & { [K in keyof Round]: Figure }

export async function measureLatency(bench: Bench): Promise<LatencyFigures[]> {
  const { rates } = bench.plan.latency
  const rounds = new Map<number, Round[]>(rates.map((rate) => [rate, []]))
  const hub = await bench.startMeasured<HubMethods>('hub.ts')
  try {
    await bench.load.call('aim', { port: await hub.call('open'), apiKeys: bench.world.apiKeys })
    await bench.load.call('warmUp', bench.plan.warmUpRequests)
    await repeat(bench.plan.latency, async () => {
      for (const rate of rates) rounds.get(rate)?.push(await runRound(bench, hub, rate))
    })
  } finally {
    await hub.end()
  }
  return rates.map((rate) => summary(rate, rounds.get(rate) ?? []))
}

async function runRound(bench: Bench, hub: Child<HubMethods>, rate: number): Promise<Round> {
  const { world, receiver, load, plan } = bench
  await emptyHistory(world.pool)
  await hub.call('startDrain')
  await receiver.call('reset')
  await bench.waitForIdle()
  const warm = await load.call('pace', connections, rate, plan.latency.warmUp)
  await until('the warm-up has arrived', 20, async () => (await receiver.call('count')).calls >= warm.requests)
  await receiver.call('reset')
  await hub.call('startProfile')
  const read = meterCpu(hub.pid, world.postmaster, [receiver.pid, load.pid])
  const sent = await load.call('pace', connections, rate, plan.latency.each)
  const cpu = read()
  await hub.call('endProfile', `latency-at-${rate}`)
  await until('all calls have arrived', 20, async () => (await receiver.call('count')).calls >= sent.requests)
  await hub.call('stopDrain')
  if (sent.refused > 0) throw new Error(`${sent.refused} events were refused`)
  const latencies = await readLatencies(bench)
  if (latencies.length !== sent.requests)
    throw new Error(`${sent.requests} events were sent, ${latencies.length} arrived once`)
  return {
    rate: sent.requests / sent.seconds,
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
    max: quantile(latencies, 1),
    answerP50: sent.p50,
    answerP99: sent.p99,
    nodeShare: cpu.node / cpu.seconds,
    others: cpu.others,
  }
}

async function readLatencies({ world, receiver }: Bench): Promise<number[]> {
  const arrivals = await receiver.call('arrivals')
  const { rows } = await world.pool.query<{ id: string; committed: number }>(
    'select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as committed from deliveries',
  )
  return rows.flatMap(({ id, committed }) => {
    const arrived = arrivals.get(showId('delivery', id))
    return arrived === undefined ? [] : [arrived - committed]
  })
}

function summary(wanted: number, rounds: Round[]): LatencyFigures {
  const of = (key: keyof Round, digits: number) =>
    figure(
      rounds.map((round) => round[key]),
      digits,
    )
  return {
    wanted,
    rate: of('rate', 0),
    p50: of('p50', 2),
    p95: of('p95', 2),
    p99: of('p99', 2),
    max: of('max', 1),
    answerP50: of('answerP50', 2),
    answerP99: of('answerP99', 2),
    nodeShare: of('nodeShare', 2),
    others: of('others', 2),
  }
}
