import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { openBench } from './bench'
import { describeMachine } from './machine'
import { measureDeliveries } from './measure-deliveries'
import { measureFairness } from './measure-fairness'
import { measureIngest } from './measure-ingest'
import { measureLatency } from './measure-latency'
import { measurePauses } from './measure-pauses'
import { measureStart } from './measure-start'
import { fullPlan, quickPlan } from './plan'
import {
  printDeliveries,
  printFairness,
  printIngest,
  printLatency,
  printMachine,
  printPauses,
  printStart,
} from './print'

// npm run bench: measures deliveries, latency and ingest; when asked for, also fairness, pauses and start. It prints a table
// for each, and one line of JSON at the end.

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** The parts to measure, separated by commas. There are also fairness, pauses and start. */
    only: { type: 'string', default: 'deliveries,latency,ingest' },
    /** Peers to measure beside the product: names of files in subjects/, separated by commas. */
    peers: { type: 'string', default: '' },
    /** A file to write the figures to. */
    json: { type: 'string' },
    /** A folder for a CPU profile of each round. Profiling lowers the figures. */
    profile: { type: 'string' },
  },
})

const plan = options.quick ? quickPlan : fullPlan

/** Rejects when the run takes too long or is interrupted. Then the parts that are left fail at once and are reported. */
const interrupted = new Promise<never>((_, reject) => {
  setTimeout(() => reject(new Error(`not finished within ${plan.seconds} s`)), plan.seconds * 1000).unref()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Error(signal)))
})

const bench = await openBench(plan, options.profile)

/** Reports a part that fails, so that the others are still measured. */
async function measure<T>(name: string, part: () => Promise<T>, print: (result: T) => void) {
  if (!options.only.split(',').includes(name)) return
  try {
    const result = await Promise.race([part(), interrupted])
    figures[name] = result
    print(result)
  } catch (error) {
    console.error(`\n${name}: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

const machine = describeMachine(bench.world.version)
const figures: Record<string, unknown> = { machine }
printMachine(machine)
await measure('deliveries', () => measureDeliveries(bench, options.peers.split(',').filter(Boolean)), printDeliveries)
await measure('latency', () => measureLatency(bench), printLatency)
await measure('ingest', () => measureIngest(bench), printIngest)
await measure('fairness', () => measureFairness(bench), printFairness)
await measure('pauses', () => measurePauses(bench), printPauses)
await measure('start', () => measureStart(bench), printStart)
figures.waitedSeconds = Math.round(bench.waited())
await bench.close()
const line = JSON.stringify(figures)
if (options.json) fs.writeFileSync(options.json, `${line}\n`)
console.log(`\n${line}`)
process.exit()
