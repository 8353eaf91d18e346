import { parseArgs } from 'node:util'
import { runLongOutage } from '@/e2e/fixtures/faults/long-outage'
import { runStorm } from '@/e2e/fixtures/faults/storm'

// npm run chaos: causes every fault in a private hub for some minutes, then compares the records of sender, receiver and
// database. Prints the counts and the seed, and exits with 0 only when nothing was lost.

const { values: options } = parseArgs({
  options: {
    /** Which scenarios, as a list with commas. */
    only: { type: 'string', default: 'storm,outage' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    events: { type: 'string', default: '50000' },
    kills: { type: 'string', default: '104' },
    stops: { type: 'string', default: '11' },
    /** The storm fails when it takes longer. */
    seconds: { type: 'string', default: '900' },
    /** The lease of the storm's drainers, in seconds. In production 60. A lease shorter than an outage is harder. */
    lease: { type: 'string', default: '20' },
    /** How long the database is down. */
    outage: { type: 'string', default: '60' },
  },
})

const number = (name: Exclude<keyof typeof options, 'only'>): number => {
  const value = Number(options[name])
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is a whole number`)
  return value
}
const show = (n: number) => n.toLocaleString('en-GB')

/** Prints the end of a scenario; a violation makes the exit code 1. */
function conclude(name: string, violations: string[]) {
  for (const violation of violations) console.error(`  ✗ ${violation}`)
  console.log(`${name}: ${violations.length === 0 ? 'all is as promised' : 'BROKEN'}\n`)
  if (violations.length > 0) process.exitCode = 1
}

async function storm() {
  const plan = {
    seed: number('seed'),
    events: number('events'),
    kills: number('kills'),
    stops: number('stops'),
    seconds: number('seconds'),
    leaseMs: number('lease') * 1000,
    againMs: 5_000,
  }
  console.log(
    `storm, seed ${plan.seed}: ${show(plan.events)} events, ${plan.kills} SIGKILLs, ${plan.stops} immediate stops of PostgreSQL`,
  )
  const report = await runStorm(plan, (line) => console.log(`  ${line}`))
  const { verdict, kills, statuses, underWay, oldestMs, againMs } = report
  console.log(`  took ${report.seconds} s; killed ${kills.web} web processes and ${kills.worker} workers`)
  console.log(`  events: ${show(report.acknowledged)} acknowledged, ${show(verdict.events)} stored; answers`, statuses)
  console.log(
    `  deliveries: ${show(verdict.deliveries)}, delivered ${show(verdict.delivered)}, lost ${show(verdict.deliveries - verdict.delivered)}`,
  )
  console.log(
    `  calls: ${show(verdict.received)} received, ${show(verdict.recorded)} recorded, ${show(verdict.repeats)} repeated; ` +
      `${show(underWay)} were under way at the kills, the oldest for ${oldestMs} ms, ` +
      `and were made again within ${show(againMs)} ms`,
  )
  conclude('storm', report.violations)
}

async function outage() {
  const seconds = number('outage')
  console.log(`outage, seed ${options.seed}: PostgreSQL is away for ${seconds} s under ingest`)
  const report = await runLongOutage(seconds, number('seed'))
  const { verdict } = report
  console.log(`  answers while it was away: ${show(report.refused)} × 503, the slowest after ${report.slowestMs} ms`)
  console.log(`  events: ${show(report.acknowledged)} acknowledged, ${show(verdict.events)} stored`)
  console.log(
    `  deliveries: ${show(verdict.deliveries)}, delivered ${show(verdict.delivered)}; ${verdict.repeats} repeated`,
  )
  conclude('outage', report.violations)
}

const scenarios = { storm, outage }
for (const name of options.only.split(',')) {
  const scenario = scenarios[name as keyof typeof scenarios]
  if (!scenario) throw new Error(`There is no scenario "${name}": ${Object.keys(scenarios).join(', ')}`)
  await scenario().catch((error: Error) => conclude(name, [error.message]))
}
process.exit()
