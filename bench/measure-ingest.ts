import type { Bench } from './bench'
import type { Child } from './child'
import { meterCpu } from './cpu'
import type { HubMethods } from './hub'
import { repeat } from './plan'
import { type Figure, figure } from './statistics'
import { emptyHistory } from './world'

// How much the hub ingests at full load: every connection posts again as soon as it has its 202, which is sent after the
// commit. The drain does not run (HEARBACK_ROLE=web). Each event queues one delivery.

const sizes = [
  { eventsPerRequest: 1, connections: 64 },
  { eventsPerRequest: 100, connections: 8 },
  { eventsPerRequest: 1000, connections: 4 },
]

type Round = {
  requests: number
  events: number
  p50: number
  p99: number
  nodeMicros: number
  postgresMicros: number
  others: number
}

export type IngestFigures = (typeof sizes)[number] & { [K in keyof Round]: Figure }

export async function measureIngest(bench: Bench): Promise<IngestFigures[]> {
  const rounds = sizes.map((): Round[] => [])
  const hub = await bench.startMeasured<HubMethods>('hub.ts')
  try {
    await bench.load.call('aim', { port: await hub.call('open'), apiKeys: bench.world.apiKeys })
    await bench.load.call('warmUp', bench.plan.warmUpRequests)
    await repeat(bench.plan.ingest, async () => {
      for (const [i, size] of sizes.entries()) rounds[i]?.push(await runRound(bench, hub, size))
    })
  } finally {
    await hub.end()
  }
  return sizes.map((size, i) => ({ ...size, ...summary(rounds[i] ?? []) }))
}

async function runRound(
  { world, load, plan, waitForIdle }: Bench,
  hub: Child<HubMethods>,
  { connections, eventsPerRequest }: (typeof sizes)[number],
): Promise<Round> {
  await emptyHistory(world.pool)
  await waitForIdle()
  const warm = await load.call('saturate', connections, eventsPerRequest, plan.ingest.warmUp)
  await hub.call('startProfile')
  const read = meterCpu(hub.pid, world.postmaster, [load.pid])
  const sent = await load.call('saturate', connections, eventsPerRequest, plan.ingest.each)
  const cpu = read()
  await hub.call('endProfile', `ingest-by-${eventsPerRequest}`)
  const { rows } = await world.pool.query<{ n: number }>('select count(*)::int as n from queue')
  const wanted = (warm.requests + sent.requests) * eventsPerRequest
  if (sent.refused > 0 || rows[0]?.n !== wanted)
    throw new Error(`${wanted} events were taken, ${rows[0]?.n} queued; ${sent.refused} requests refused`)
  const events = sent.requests * eventsPerRequest
  return {
    requests: sent.requests / sent.seconds,
    events: events / sent.seconds,
    p50: sent.p50,
    p99: sent.p99,
    nodeMicros: (cpu.node / events) * 1e6,
    postgresMicros: (cpu.postgres / events) * 1e6,
    others: cpu.others,
  }
}

function summary(rounds: Round[]) {
  const of = (key: keyof Round, digits: number) =>
    figure(
      rounds.map((round) => round[key]),
      digits,
    )
  return {
    requests: of('requests', 0),
    events: of('events', 0),
    p50: of('p50', 1),
    p99: of('p99', 1),
    nodeMicros: of('nodeMicros', 1),
    postgresMicros: of('postgresMicros', 1),
    others: of('others', 2),
  }
}
