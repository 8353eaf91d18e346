import type pg from 'pg'
import type { Bench } from './bench'
import { aimAt, openProduct } from './contestants'
import { emptyHistory } from './hub-database'
import { round } from './statistics'
import { printTable, show } from './table'
import { until } from './until'

// What an event costs on disk: the tables and the WAL after events of about 1 KB in the format `standard`, each with one
// delivery and one call, from their request to the end of their queue row.

const rate = 500

export type BytesFigures = {
  events: number
  /** Bytes of each table with its indexes, per event. */
  tables: Record<string, number>
  database: number
  wal: number
}

export async function measureBytes(bench: Bench): Promise<BytesFigures> {
  const { load, receiver, world, plan } = bench
  const { pool } = world
  const hub = await openProduct(bench)
  try {
    await aimAt(bench, hub)
    await hub.empty()
    await receiver.call('reset')
    await hub.start()
    const before = await sizes(pool)
    const walBefore = await walPosition(pool)
    const { requests: sent } = await load.call('pace', 128, rate, plan.bytes.events / rate)
    await until('the queue is empty', 120, async () => (await pool.query('select 1 from queue limit 1')).rowCount === 0)
    await hub.stop()
    const { calls } = await receiver.call('count')
    if (calls < sent) throw new Error(`${sent} events made ${calls} calls`)
    const wal = (await walPosition(pool)) - walBefore
    await pool.query('vacuum')
    const after = await sizes(pool)
    const per = (bytes: number) => round(bytes / sent)
    const tables = Object.fromEntries(
      Object.entries(after.tables)
        .map(([name, bytes]) => [name, per(bytes - (before.tables[name] ?? 0))] as const)
        .filter(([, bytes]) => bytes > 0),
    )
    return { events: sent, tables, database: per(after.database - before.database), wal: per(wal) }
  } finally {
    await hub.end()
    await emptyHistory(pool)
  }
}

/** Bytes of the database, and of each table with its indexes; a partitioned one is the sum of its days. */
async function sizes(pool: pg.Pool) {
  const { rows } = await pool.query<{ name: string; bytes: number }>(`
    select coalesce(p.relname, c.relname) as name, sum(pg_total_relation_size(c.oid))::float8 as bytes
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    group by 1`)
  const { rows: whole } = await pool.query<{ bytes: number }>(
    'select pg_database_size(current_database())::float8 as bytes',
  )
  return { tables: Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes])), database: whole[0]?.bytes ?? 0 }
}

async function walPosition(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ at: number }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as at`,
  )
  return rows[0]?.at ?? 0
}

export function printBytes({ events, tables, database, wal }: BytesFigures) {
  const rows = Object.entries(tables).sort(([, a], [, b]) => b - a)
  printTable(
    `Bytes for each event (${show(events)} events of 1 KB, one delivery and one call each)`,
    ['', 'bytes'],
    [...rows.map(([name, bytes]) => [name, show(bytes)]), ['the whole database', show(database)], ['WAL', show(wal)]],
  )
}
