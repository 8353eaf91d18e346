import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench'
import { childrenOf, memoryOf, meterCpu, ownSeconds } from './cpu'
import { emptyHistory } from './hub-database'
import { round } from './statistics'
import { printTable, show } from './table'
import { startWholeHub, stopWholeHubs } from './whole-hub'

// What a hub costs while nothing happens: npm start with pages and drain, on a database without events. Its statements are
// counted in PostgreSQL's log.

const settleMs = 15_000

export type IdleFigures = {
  seconds: number
  queriesPerSecond: number
  /** Per second, by the beginning of the statement. */
  statements: Record<string, number>
  /** Shares of a core, in percent. */
  main: number
  pages: number
  database: number
  mainMegabytes: number
  pagesMegabytes: number
}

export async function measureIdle(bench: Bench): Promise<IdleFigures> {
  const { world, plan } = bench
  await emptyHistory(world.pool)
  const { rows } = await world.pool.query<{ name: string }>('select current_database() as name')
  // For the sessions that begin from now on.
  await world.pool.query(`alter database ${rows[0]?.name} set log_min_duration_statement = 0`)
  const hub = await startWholeHub(bench)
  try {
    const children = childrenOf(hub.pid)
    await sleep(settleMs)
    const logged = fs.statSync(world.logFile).size
    const read = meterCpu(hub.pid, world.postmaster, [])
    const childSeconds = () => children.reduce((sum, pid) => sum + ownSeconds(pid), 0)
    const pagesBefore = childSeconds()
    await sleep(plan.idle.seconds * 1000)
    const cpu = read()
    const pages = childSeconds() - pagesBefore
    const statements = readStatements(fs.readFileSync(world.logFile).subarray(logged).toString())
    const percent = (seconds: number) => round((seconds / cpu.seconds) * 100, 2)
    const total = Object.values(statements).reduce((sum, count) => sum + count, 0)
    const perSecond = Object.entries(statements).map(([name, count]) => [name, round(count / cpu.seconds, 2)])
    return {
      seconds: round(cpu.seconds),
      queriesPerSecond: round(total / cpu.seconds, 2),
      statements: Object.fromEntries(perSecond),
      main: percent(cpu.node),
      pages: percent(pages),
      database: percent(cpu.database),
      mainMegabytes: round(memoryOf(hub.pid, 'VmRSS')),
      pagesMegabytes: round(children.reduce((sum, pid) => sum + memoryOf(pid, 'VmRSS'), 0)),
    }
  } finally {
    await stopWholeHubs()
    await world.pool.query(`alter database ${rows[0]?.name} reset log_min_duration_statement`)
  }
}

/** How often each statement was executed. */
function readStatements(log: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [, named, text] of log.matchAll(/duration: [\d.]+ ms {2}(?:execute ([^:\n]+)|statement): *\s*([^\n]*)/g)) {
    const name = named && !named.startsWith('<') ? named : (text ?? '').trim().slice(0, 70)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

export function printIdle(figures: IdleFigures) {
  const { seconds, queriesPerSecond, statements, main, pages, database, mainMegabytes, pagesMegabytes } = figures
  const most = Object.entries(statements)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 12)
  printTable(
    `A hub while nothing happens, over ${seconds} s`,
    ['', 'of a core', 'MB'],
    [
      ['the process that ingests and drains', `${show(main)} %`, show(mainMegabytes)],
      ['the process of the pages', `${show(pages)} %`, show(pagesMegabytes)],
      ['PostgreSQL', `${show(database)} %`, ''],
    ],
    [`queries/s: ${show(queriesPerSecond)}`, ...most.map(([name, count]) => `  ${show(count)}  ${name}`)],
  )
}
