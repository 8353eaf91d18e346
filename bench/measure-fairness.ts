import { showId } from '@/lib/type-id'
import type { Bench } from './bench'
import type { Child } from './child'
import { meterCpu } from './cpu'
import type { HubMethods } from './hub'
import { emptyHistory } from './hub-database'
import { repeat } from './plan'
import { type Figure, figure, median, quantile } from './statistics'
import { mid, printTable, span } from './table'
import { until } from './until'

// How one of 100 receivers that hangs for its whole timeout affects the other 99: how fast their full queue is delivered,
// and how late their calls arrive at a steady rate. Each round with the hanging receiver is compared with the controls
// before and after it.

const connections = 128
const inFlight = 100

type Round = {
  /** Deliveries a second to the 99, from a full queue. */
  perSecond: number
  /** Milliseconds from commit to arrival at the 99, at a steady rate. */
  p50: number
  p99: number
  /** The number of calls that hung. */
  hung: number
  others: number
}
type Key = keyof Round

export type FairnessFigures = Record<'control' | 'hanging', Record<Key, Figure>> & {
  rate: number
  inFlight: number
  /** The figures of the rounds with the hanging receiver, over those of the controls around each. */
  throughputRatio: Figure
  p99Ratio: Figure
}

export async function measureFairness(bench: Bench): Promise<FairnessFigures> {
  const controls: Round[] = []
  const hanging: Round[] = []
  const hub = await bench.startMeasured<HubMethods>('hub.ts', { HEARBACK_DELIVERY_CONCURRENCY: String(inFlight) })
  try {
    await bench.load.call('aim', { port: await hub.call('open'), apiKeys: bench.world.apiKeys })
    await bench.load.call('warmUp', bench.plan.warmUpRequests)
    await workOff(bench, hub)
    controls.push(await runRound(bench, hub))
    await repeat(bench.plan.fairness, async () => {
      await bench.receiver.call('hang', bench.origins.at(-1) as string)
      const round = await runRound(bench, hub)
      await bench.receiver.call('hang', undefined)
      if (round.hung === 0) throw new Error('no call hung')
      hanging.push(round)
      controls.push(await runRound(bench, hub))
    })
  } finally {
    await hub.end()
  }
  const ratio = (key: Key, digits: number) => {
    const ratios = hanging.map((round, i) => round[key] / median(controls.slice(i, i + 2).map((each) => each[key])))
    return figure(ratios, digits)
  }
  return {
    rate: bench.plan.fairness.rate,
    inFlight,
    control: summary(controls),
    hanging: summary(hanging),
    throughputRatio: ratio('perSecond', 3),
    p99Ratio: ratio('p99', 2),
  }
}

async function runRound(bench: Bench, hub: Child<HubMethods>): Promise<Round> {
  await bench.waitForIdle()
  const full = await workOff(bench, hub)
  const paced = await pace(bench, hub)
  return {
    perSecond: full.perSecond,
    p50: paced.p50,
    p99: paced.p99,
    hung: full.hung + paced.hung,
    others: paced.others,
  }
}

/** A full queue: how fast the calls to the 99 arrive. */
async function workOff(bench: Bench, hub: Child<HubMethods>) {
  const { world, receiver, load, plan } = bench
  await begin(bench)
  await load.call('warmUp', plan.fairness.jobs)
  await world.pool.query('vacuum analyze queue, payloads, deliveries, events, feedback, ingest_keys')
  const wanted = await deliveriesOfOthers(bench)
  await hub.call('startDrain')
  const times = [...(await allArrived(bench, wanted)).values()]
  const { hung } = await receiver.call('count')
  await hub.call('stopDrain')
  return { perSecond: (wanted.size / (Math.max(...times) - Math.min(...times))) * 1000, hung }
}

/** A steady rate: how late the calls to the 99 arrive. */
async function pace(bench: Bench, hub: Child<HubMethods>) {
  const { world, receiver, load, plan } = bench
  await begin(bench)
  await hub.call('startDrain')
  const read = meterCpu(hub.pid, world.postmaster, [receiver.pid, load.pid])
  const sent = await load.call('pace', connections, plan.fairness.rate, plan.fairness.each)
  const { others } = read()
  if (sent.refused > 0) throw new Error(`${sent.refused} events were refused`)
  const wanted = await deliveriesOfOthers(bench)
  const arrived = await allArrived(bench, wanted)
  const { hung } = await receiver.call('count')
  await hub.call('stopDrain')
  const latencies = [...wanted].map(([id, committed]) => (arrived.get(id) ?? Number.NaN) - committed)
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), hung, others }
}

/** Deletes what the last round left in the history, and the webhook health that it changed. */
async function begin({ world, receiver }: Bench) {
  await emptyHistory(world.pool)
  await world.pool.query('delete from webhook_health')
  await receiver.call('reset')
}

/** The deliveries to all origins but the last, which hangs in some rounds, and when each was committed. */
async function deliveriesOfOthers({ world, origins }: Bench): Promise<Map<string, number>> {
  const { rows } = await world.pool.query<{ id: string; committed: number }>(
    `select d.id, (extract(epoch from pg_xact_commit_timestamp(d.xmin)) * 1000)::float8 as committed from deliveries d
     join webhook_versions v on v.account_id = d.account_id and v.webhook_id = d.webhook_id
     where v.url <> $1`,
    [`${origins.at(-1)}/hook`],
  )
  return new Map(rows.map(({ id, committed }) => [showId('delivery', id), committed]))
}

/** When each of these arrived. Only counts are read while calls arrive: sending the whole list slows the receiver. */
async function allArrived({ receiver }: Bench, wanted: Map<string, number>): Promise<Map<string, number>> {
  await until('nearly all calls have arrived', 60, async () => {
    const { calls, hung } = await receiver.call('count')
    return calls - hung >= wanted.size
  })
  let arrived = new Map<string, number>()
  await until('all calls have arrived', 20, async () => {
    arrived = new Map([...(await receiver.call('arrivals'))].filter(([id]) => wanted.has(id)))
    return arrived.size === wanted.size
  })
  return arrived
}

const summary = (rounds: Round[]): Record<Key, Figure> => {
  const of = (key: Key, digits: number) =>
    figure(
      rounds.map((round) => round[key]),
      digits,
    )
  return {
    perSecond: of('perSecond', 0),
    p50: of('p50', 2),
    p99: of('p99', 2),
    hung: of('hung', 0),
    others: of('others', 2),
  }
}

export function printFairness({ rate, inFlight, control, hanging, throughputRatio, p99Ratio }: FairnessFigures) {
  const row = (name: string, { perSecond, p50, p99, hung, others }: FairnessFigures['control']) => [
    name,
    span(perSecond),
    mid(p50),
    span(p99),
    mid(hung),
    mid(others),
  ]
  printTable(
    `The other 99 while 1 of 100 receivers hangs for its whole timeout: a full queue (${inFlight} in flight), then ${rate} events/s`,
    ['', 'deliveries/s', 'p50 ms', 'p99 ms', 'calls that hung', 'others, cores'],
    [
      row('none hangs', control),
      row('one hangs', hanging),
      ['ratio', span(throughputRatio), '', span(p99Ratio), '', ''],
    ],
  )
}
