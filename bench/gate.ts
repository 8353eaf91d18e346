import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Bench, openBench } from './bench'
import { describeMachine, printMachine } from './machine'
import { measureDeliveries } from './measure-deliveries'
import { bareBatch, bareInsert, measureIngest } from './measure-ingest'
import { measureLatency } from './measure-latency'
import { gatePlan } from './plan'
import { round } from './statistics'
import { printTable } from './table'

// The short benchmark of npm test: ratios of the product to its limits in the same run, which are the same on a slow machine
// as on a fast one. It fails only when one falls below half of what gate.json records: that is no noise.
//
//   node --import tsx bench/gate.ts             prints the ratios and checks them
//   node --import tsx bench/gate.ts --record    records them in gate.json

const recordFile = path.join(import.meta.dirname, 'gate.json')
const secondsAtMost = 150
/** A ratio must be at least this share of the recorded one. */
const share = 0.5

const { record } = parseArgs({ options: { record: { type: 'boolean', default: false } } }).values

/** What has been measured so far. */
const ratios: Record<string, number> = {}
const began = performance.now()
const bench = await openBench(gatePlan, undefined)
printMachine(describeMachine(bench.world))
const late = new Promise<void>((resolve) => setTimeout(resolve, secondsAtMost * 1000 - performance.now() + began))
await Promise.race([measure(bench), late])

// A run that was cut short records nothing.
if (record && Object.keys(ratios).length === 6) fs.writeFileSync(recordFile, `${JSON.stringify(ratios, null, 2)}\n`)
const recorded: Record<string, number> = JSON.parse(fs.readFileSync(recordFile, 'utf8'))
const floorOf = (name: string) => share * (recorded[name] as number)
const rows = Object.keys(recorded).map((name) => {
  const ratio = ratios[name]
  const fallen = !(ratio !== undefined && ratio >= floorOf(name))
  return { name, now: ratio?.toFixed(3) ?? 'not in time', fallen }
})
printTable(
  'Ratios of the product to its limits in this run (more is better)',
  ['', 'now', 'recorded', 'fails below'],
  rows.map(({ name, now }) => [name, now, (recorded[name] as number).toFixed(3), floorOf(name).toFixed(3)]),
  [`${Math.round((performance.now() - began) / 1000)} s`],
)
const fallen = rows.filter((row) => row.fallen)
for (const { name, now } of fallen) console.error(`✗ ${name}: ${now}, less than half of the recorded ratio`)
// What is still running ends with this process.
process.exit(fallen.length > 0 ? 1 : 0)

/** Each ratio is the product's figure over that of its limit, turned so that more is better. */
async function measure(bench: Bench): Promise<void> {
  const keep = (name: string, ratio: number | undefined) => {
    ratios[name] = round(ratio ?? Number.NaN, 3)
  }
  const { subjects } = await measureDeliveries(bench, bench.plan.deliveries, [])
  keep('deliveries/s over raw undici', subjects.hearback?.ratio.median)
  keep('CPU of raw undici over that of a delivery', subjects.hearback?.cpuRatio.median)
  const latency = await measureLatency(bench, [bareInsert])
  const [ours, bare] = ['hearback', bareInsert].map((name) => latency.find(({ subject }) => subject === name))
  const over = (key: 'answerP50' | 'p50') => (bare?.[key].median ?? Number.NaN) / (ours?.[key].median ?? Number.NaN)
  keep('202 p50 of a bare insert over ours at 200/s', over('answerP50'))
  keep('arrival p50 of a bare insert over ours at 200/s', over('p50'))
  const ingest = await measureIngest(bench, [bareInsert])
  const overLimit = (limit: string) => ingest.find(({ subject }) => subject === limit)?.productOverThis.median
  keep('single events/s over a bare insert', overLimit(bareInsert))
  keep('events/s in batches of 100 over a bare batch insert', overLimit(bareBatch))
}
