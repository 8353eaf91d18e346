import type { BareBatchMethods } from './bare-batch'
import type { Bench } from './bench'
import type { Child } from './child'
import { aimAt, type Contestant, openContestants, product } from './contestants'
import { memoryOf, meterCpu } from './cpu'
import { emptyHistory } from './hub-database'
import { repeat } from './plan'
import { type Figure, figure, figures } from './statistics'
import { mid, printTable, show, span } from './table'

// How much is taken in at full load: every connection posts again as soon as it has its 202, which is sent after the commit.
// No drain runs (HEARBACK_ROLE=web). Each event queues one delivery. The limit of single events is a bare handler that
// inserts one row and commits; that of batches is a bare insert of the same rows, without HTTP.

type Size = { eventsPerRequest: number; connections: number }
/** As many connections as it takes to keep a hub busy. */
const sizeOf = (eventsPerRequest: number): Size => ({
  eventsPerRequest,
  connections: eventsPerRequest === 1 ? 64 : eventsPerRequest <= 100 ? 8 : 4,
})

export const bareInsert = 'bare-insert'
export const bareBatch = 'bare batch insert'

type Round = {
  requests: number
  events: number
  p50: number
  p99: number
  nodeMicros: number
  databaseMicros: number
  memory: number
  others: number
}

const digits = { requests: 0, events: 0, p50: 1, p99: 1, nodeMicros: 1, databaseMicros: 1, memory: 0, others: 2 }

export type IngestFigures = Size & { subject: string } & { [K in keyof Round]: Figure } & {
  /** The product's events a second over this subject's, in the same round. */
  productOverThis: Figure
}

/** `beside`: names of files in subjects/ that take single events beside the product. */
export async function measureIngest(bench: Bench, beside: string[]): Promise<IngestFigures[]> {
  const sizes = bench.plan.ingest.sizes.map(sizeOf)
  const rounds = new Map<string, Round[]>()
  const keyOf = ({ eventsPerRequest }: Size, subject: string) => `${eventsPerRequest} ${subject}`
  const keep = (size: Size, subject: string, round: Round) => {
    const key = keyOf(size, subject)
    rounds.set(key, [...(rounds.get(key) ?? []), round])
  }
  const contestants = await openContestants(bench, beside)
  const batches = await bench.startMeasured<BareBatchMethods>('bare-batch.ts')
  try {
    for (const contestant of contestants) {
      await aimAt(bench, contestant)
      await bench.load.call('warmUp', bench.plan.warmUpRequests)
      if (contestant.name === product) await batches.call('open', bench.world.databaseUrl, 8)
      await contestant.empty()
    }
    await repeat(bench.plan.ingest, async () => {
      for (const size of sizes) {
        for (const contestant of contestants)
          if (size.eventsPerRequest === 1 || contestant.name === product)
            keep(size, contestant.name, await runRound(bench, contestant, size))
        if (size.eventsPerRequest > 1) keep(size, bareBatch, await insertBatches(bench, batches, size))
      }
    })
  } finally {
    await Promise.all([batches.end(), ...contestants.map(({ end }) => end())])
  }
  return sizes.flatMap((size) => {
    const ours = rounds.get(keyOf(size, product)) ?? []
    return [...contestants.map(({ name }) => name), bareBatch].flatMap((subject): IngestFigures[] => {
      const all = rounds.get(keyOf(size, subject))
      if (!all) return []
      const over = all.map((round, i) => (ours[i]?.events ?? Number.NaN) / round.events)
      return [{ ...size, subject, ...figures(all, digits), productOverThis: figure(over, 3) }]
    })
  })
}

async function runRound(bench: Bench, contestant: Contestant, { connections, eventsPerRequest }: Size): Promise<Round> {
  const { world, load, plan, waitForIdle } = bench
  await aimAt(bench, contestant)
  await contestant.empty()
  await waitForIdle()
  const warm = await load.call('saturate', connections, eventsPerRequest, plan.ingest.warmUp)
  await contestant.startProfile?.()
  const read = meterCpu(contestant.pid, world.postmaster, [load.pid], contestant.stores)
  const sent = await load.call('saturate', connections, eventsPerRequest, plan.ingest.each)
  const cpu = read()
  await contestant.endProfile?.(`ingest-by-${eventsPerRequest}`)
  if (contestant.name === product) {
    const { rows } = await world.pool.query<{ n: number }>('select count(*)::int as n from queue')
    const wanted = (warm.requests + sent.requests) * eventsPerRequest
    if (sent.refused > 0 || rows[0]?.n !== wanted)
      throw new Error(`${wanted} events were taken, ${rows[0]?.n} queued; ${sent.refused} requests refused`)
  }
  const memory = memoryOf(contestant.pid)
  return roundOf(sent.requests, sent.requests * eventsPerRequest, { ...sent, memory }, cpu)
}

async function insertBatches(
  { world, plan, waitForIdle }: Bench,
  batches: Child<BareBatchMethods>,
  { connections, eventsPerRequest }: Size,
): Promise<Round> {
  await emptyHistory(world.pool)
  await waitForIdle()
  await batches.call('insert', connections, eventsPerRequest, plan.ingest.warmUp)
  const read = meterCpu(batches.pid, world.postmaster, [])
  const made = await batches.call('insert', connections, eventsPerRequest, plan.ingest.each)
  const cpu = read()
  const unknown = { p50: Number.NaN, p99: Number.NaN, memory: memoryOf(batches.pid) }
  return roundOf(made.batches, made.batches * eventsPerRequest, { ...made, ...unknown }, cpu)
}

const roundOf = (
  requests: number,
  events: number,
  { seconds, p50, p99, memory }: { seconds: number; p50: number; p99: number; memory: number },
  cpu: { node: number; database: number; others: number },
): Round => ({
  requests: requests / seconds,
  events: events / seconds,
  p50,
  p99,
  nodeMicros: (cpu.node / events) * 1e6,
  databaseMicros: (cpu.database / events) * 1e6,
  memory,
  others: cpu.others,
})

export function printIngest(rows: IngestFigures[]) {
  printTable(
    'Ingest, 202 after commit (no drain)',
    [
      'events a request',
      'requests/s',
      'events/s',
      'hearback over this',
      '202 p50 ms',
      '202 p99 ms',
      'node µs',
      'database µs',
      'peak MB',
      'others, cores',
    ],
    rows.map((row) => [
      `${show(row.eventsPerRequest)} (${row.connections} connections) ${row.subject}`,
      span(row.requests),
      span(row.events),
      row.subject === product ? '' : span(row.productOverThis),
      mid(row.p50),
      mid(row.p99),
      mid(row.nodeMicros),
      mid(row.databaseMicros),
      mid(row.memory),
      mid(row.others),
    ]),
  )
}
