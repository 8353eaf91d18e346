import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { openBench } from './bench'
import { deliverOneEach } from './histories'
import { describeMachine, printMachine } from './machine'
import { installPackages, isOnPath } from './packages'
import { type Part, parts } from './parts'
import { fullPlan, quickPlan } from './plan'
import { seedHistory } from './seed'
import { stopWholeHubs } from './whole-hub'

// npm run bench: measures the parts of parts.ts. It prints a table for each, and one line of JSON at the end.

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** The parts to measure, separated by commas. */
    only: { type: 'string' },
    /** Peers to measure beside the product: names of files in subjects/, separated by commas. A quick run has none. */
    peers: { type: 'string' },
    /** How long the part `retention` lasts, instead of an hour. */
    minutes: { type: 'string' },
    /** Only fills this many calls into the history of the hub of the database in --database, or of a new one. */
    seed: { type: 'string' },
    database: { type: 'string' },
    /** A file to write the figures to. */
    json: { type: 'string' },
    /** A folder for a CPU profile of each round. Profiling lowers the figures. */
    profile: { type: 'string' },
  },
})

const wanted = options.only?.split(',')
const unknown = wanted?.filter((name) => !parts.some((part) => part.name === name)) ?? []
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. The parts are ${parts.map(({ name }) => name).join(', ')}.`)
  process.exit(1)
}
const chosen = parts.filter(({ name, byDefault }) =>
  wanted ? wanted.includes(name) : byDefault === 'always' || (byDefault === 'full' && !options.quick),
)

/** Rejects when the run is interrupted. Then the part under way and those that are left are reported as missing. */
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Error(signal)))
})
interrupted.catch(() => {})

const peers = choosePeers()
const plan = options.quick ? quickPlan : fullPlan
if (options.minutes) plan.retention.minutes = Number(options.minutes)
const bench = await openBench(plan, options.profile)
const machine = describeMachine(bench.world)
const figures: Record<string, unknown> = { machine }
printMachine(machine)
if (options.seed) {
  await seed(Number(options.seed))
  await bench.close()
  process.exit()
}
for (const part of chosen) await measure(part)
figures.waitedSeconds = Math.round(bench.waited())
await bench.close()
const line = JSON.stringify(figures)
if (options.json) fs.writeFileSync(options.json, `${line}\n`)
console.log(`\n${line}`)
process.exit()

/** Reports a part that fails, so that the others are still measured. */
async function measure(part: Part) {
  const seconds = options.quick ? part.quickLimit : part.limit
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished within ${seconds} s`)), seconds * 1000)
  })
  try {
    const { figures: found, print } = await Promise.race([part.run(bench, peers), late, interrupted])
    figures[part.name] = found
    print()
  } catch (error) {
    console.error(`\n${part.name}: ${(error as Error).message}`)
    process.exitCode = 1
    await bench.endMeasured()
    await stopWholeHubs()
  } finally {
    clearTimeout(timer)
  }
}

/** Makes ten accounts with ten webhooks each in the database, and a history for them. */
async function seed(calls: number) {
  const { world } = bench
  const hub = options.database ? await world.fillHub(options.database) : await world.createHub('seeded')
  await deliverOneEach(bench, hub)
  const { rows, seconds } = await seedHistory(hub.pool, { calls, report: console.log })
  console.log(`${calls} calls, ${rows} rows in ${Math.round(seconds)} s: ${Math.round(rows / seconds)} rows/s`)
}

function choosePeers(): string[] {
  const names = (options.peers ?? (options.quick ? '' : 'graphile-worker,pg-boss,bullmq')).split(',').filter(Boolean)
  const beside = ['deliveries', 'drain', 'latency', 'throughput', 'ingest', 'fan-out']
  if (names.length === 0 || !chosen.some(({ name }) => beside.includes(name))) return []
  installPackages()
  if (!names.includes('bullmq') || isOnPath('redis-server')) return names
  console.log('BullMQ is left out: it needs redis-server (apt-get install redis-server).')
  return names.filter((name) => name !== 'bullmq')
}
