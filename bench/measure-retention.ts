import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { keepHistory } from '@/lib/db/history-upkeep'
import type { Bench } from './bench'
import type { Child } from './child'
import { aimAt, openProduct } from './contestants'
import { deliverOneEach } from './histories'
import type { HubMethods } from './hub'
import type { HubDatabase } from './hub-database'
import { seedHistory } from './seed'
import { median, quantile, round } from './statistics'
import { printTable, show } from './table'
import { until } from './until'

// A soak under a steady load: days past their retention are dropped and their disk is given back, and a reader that holds its
// snapshot for minutes, so that vacuum can remove nothing younger, slows neither claims nor lets the queue table grow. An
// hour by default; `--minutes` sets it. The reader begins after a third of the time and holds for a sixth of it. One process takes
// events in and another delivers them, so that every delivery is claimed.

const retentionDays = 10
const oldDays = 12
const claimP95AtMost = 20
const growthAtMost = 2

type Sample = {
  minute: number
  reader: boolean
  deliveries: number
  claimP50: number
  claimP95: number
  queueMegabytes: number
  queueRows: number
  deadRows: number
  databaseMegabytes: number
}

export type RetentionFigures = {
  minutes: number
  rate: number
  samples: Sample[]
  dropped: { partitions: number; megabytes: number; seconds: number }
  claimP95WhileHeld: number
  /** The median size of the queue table before the reader, and the largest while it reads or after. */
  steadyMegabytes: number
  largestMegabytes: number
  /** Its size at the end. */
  lastMegabytes: number
  passed: boolean
}

export async function measureRetention(bench: Bench): Promise<RetentionFigures> {
  const { plan, world } = bench
  const { minutes, calls, rate } = plan.retention
  const database = await world.createHub('retention')
  await deliverOneEach(bench, database)
  await seedHistory(database.pool, { calls, days: oldDays, firstDay: retentionDays + 1 })
  const door = await openProduct(bench, database)
  const drainer = await openProduct(bench, database)
  try {
    await aimAt(bench, door)
    await drainer.start()
    await drainer.hub.call('takeStatementTimes', 'claim')
    const soak = openSoak(bench, database, drainer.hub)
    let dropped = { partitions: 0, megabytes: 0, seconds: 0 }
    const sixth = (minutes * 60_000) / 6
    await Promise.all([
      soak.post(rate, minutes * 60),
      soak.sample(),
      (async () => {
        await sleep(sixth)
        dropped = await dropOldDays(database)
        await sleep(sixth)
        await soak.holdSnapshot(sixth)
      })(),
    ])
    await drainer.stop()
    return { minutes, rate, dropped, ...judge(soak.samples) }
  } finally {
    await Promise.all([door.end(), drainer.end()])
  }
}

function openSoak({ load, receiver }: Bench, { databaseUrl, pool }: HubDatabase, hub: Child<HubMethods>) {
  const began = performance.now()
  const samples: Sample[] = []
  let posting = true
  let reading = false
  const take = async () => {
    const claims = await hub.call('takeStatementTimes', 'claim')
    const { calls } = await receiver.call('count')
    await receiver.call('reset')
    samples.push({
      minute: round((performance.now() - began) / 60_000, 1),
      reader: reading,
      deliveries: calls,
      claimP50: round(quantile(claims, 0.5), 2),
      claimP95: round(quantile(claims, 0.95), 2),
      ...(await queueSize(pool)),
    })
  }
  return {
    samples,
    /** Posts for so many seconds, a minute at a time. */
    async post(rate: number, seconds: number) {
      for (let left = seconds; left > 0; left -= 60) {
        const sent = await load.call('pace', 64, rate, Math.min(left, 60))
        if (sent.refused > 0) throw new Error(`${sent.refused} events were refused`)
      }
      posting = false
      const isEmpty = async () => (await pool.query('select 1 from queue limit 1')).rowCount === 0
      await until('the queue is empty', 120, isEmpty)
    },
    /** Takes a sample every few seconds while events are posted. */
    async sample() {
      while (posting) {
        await sleep(10_000)
        await take()
      }
    },
    /** Reads in one transaction whose snapshot is held. */
    async holdSnapshot(ms: number) {
      const reader = new pg.Client({ connectionString: databaseUrl })
      await reader.connect()
      await reader.query('begin isolation level repeatable read; select count(*) from queue')
      reading = true
      await sleep(ms)
      reading = false
      await reader.query('commit')
      await reader.end()
    },
  }
}

async function queueSize(pool: pg.Pool) {
  const { rows } = await pool.query<{ bytes: number; dead: number; whole: number; rows: number }>(`
    select pg_total_relation_size('queue')::float8 as bytes, (select count(*)::int from queue) as rows,
      (select n_dead_tup::int from pg_stat_user_tables where relname = 'queue') as dead,
      pg_database_size(current_database())::float8 as whole`)
  const { bytes = 0, dead = 0, whole = 0, rows: queueRows = 0 } = rows[0] ?? {}
  return {
    queueMegabytes: round(bytes / 1e6, 2),
    queueRows,
    deadRows: dead,
    databaseMegabytes: round(whole / 1e6),
  }
}

/** What upkeep does every hour, under the load, with the shortest retention. */
async function dropOldDays({ pool }: HubDatabase) {
  const partitions = async () => {
    const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from pg_inherits')
    return rows[0]?.n ?? 0
  }
  const before = { partitions: await partitions(), megabytes: (await queueSize(pool)).databaseMegabytes }
  const began = performance.now()
  await keepHistory(pool, retentionDays)
  const seconds = (performance.now() - began) / 1000
  return {
    partitions: before.partitions - (await partitions()),
    megabytes: before.megabytes - (await queueSize(pool)).databaseMegabytes,
    seconds: round(seconds, 1),
  }
}

function judge(samples: Sample[]) {
  const firstHeld = samples.findIndex(({ reader }) => reader)
  const steady = samples.slice(0, firstHeld)
  const held = samples.filter(({ reader }) => reader)
  const claimP95WhileHeld = quantile(
    held.map(({ claimP95 }) => claimP95).filter((p95) => !Number.isNaN(p95)),
    0.5,
  )
  const steadyMegabytes = median(steady.map(({ queueMegabytes }) => queueMegabytes))
  const largestMegabytes = Math.max(...samples.slice(firstHeld).map(({ queueMegabytes }) => queueMegabytes))
  const lastMegabytes = samples.at(-1)?.queueMegabytes ?? Number.NaN
  return {
    samples,
    claimP95WhileHeld,
    steadyMegabytes,
    largestMegabytes,
    lastMegabytes,
    passed: claimP95WhileHeld <= claimP95AtMost && lastMegabytes <= growthAtMost * steadyMegabytes,
  }
}

export function printRetention(figures: RetentionFigures) {
  const { minutes, rate, samples, dropped, claimP95WhileHeld, passed } = figures
  const { steadyMegabytes, largestMegabytes, lastMegabytes } = figures
  const every = Math.max(1, Math.floor(samples.length / 30))
  printTable(
    `Retention: ${minutes} minutes at ${rate} events/s`,
    ['minute', 'reader', 'deliveries', 'claim p50 ms', 'p95 ms', 'queue MB', 'rows', 'dead rows', 'database MB'],
    samples
      .filter((_, i) => i % every === 0)
      .map((sample) => [
        show(sample.minute),
        sample.reader ? 'holds' : '',
        show(sample.deliveries),
        show(sample.claimP50),
        show(sample.claimP95),
        show(sample.queueMegabytes),
        show(sample.queueRows),
        show(sample.deadRows),
        show(sample.databaseMegabytes),
      ]),
    [
      `dropped ${dropped.partitions} partitions in ${dropped.seconds} s under load: ${show(dropped.megabytes)} MB given back`,
      `claim p95 while the snapshot is held: ${show(claimP95WhileHeld)} ms (at most ${claimP95AtMost})`,
      `queue table: ${show(steadyMegabytes)} MB before, ${show(largestMegabytes)} MB at most, ${show(lastMegabytes)} MB at the end (at most ${growthAtMost} times)`,
      passed ? 'passed' : 'MISSED',
    ],
  )
}
