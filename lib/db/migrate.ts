import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import type pg from 'pg'
import { ConfigurationError } from '../env'
import { partitionDaysAhead } from './partitions'
import { generationOf, schemaGeneration } from './session-name'

// Every command runs in the repository; where a compiled file stands says nothing.
const migrationsFolder = path.resolve('drizzle/migrations')

/**
 * Brings the database to this version's schema and makes the partitions of the coming days. Any number of processes may
 * call it at the same time: an advisory lock lets one work while the others wait. Throws ConfigurationError, one line,
 * when migrations are pending and sessions of an older version stay connected for `patienceMs`: an old process cannot run
 * on the new schema. Sessions of a process that has just ended are gone within that time.
 */
export async function migrate(pool: pg.Pool, { patienceMs = 3_000 } = {}): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('hearback migrations'))`)
    // Nearly every start finds nothing to do, and need not read the files.
    if ((await appliedMigrations(client)) < schemaGeneration) {
      await refuseOlderSessions(client, patienceMs)
      await applyMigrations(drizzle(client), {
        migrationsFolder,
        migrationsSchema: await currentSchema(client),
        migrationsTable: 'migrations',
      })
    }
    await client.query('select make_partitions($1)', [partitionDaysAhead])
  } finally {
    // The lock belongs to the session: a client that failed half-way must not go back to the pool with it.
    await client.query('select pg_advisory_unlock_all()').catch(() => {})
    client.release()
  }
}

async function appliedMigrations(client: pg.ClientBase): Promise<number> {
  const known = await client.query<{ known: boolean }>(`select to_regclass('migrations') is not null as known`)
  if (!known.rows[0]?.known) return 0
  const applied = await client.query<{ n: number }>('select count(*)::int as n from migrations')
  return applied.rows[0]?.n ?? 0
}

/** Where the hub's tables stand: the first schema of the search path that exists. */
async function currentSchema(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string | null }>('select current_schema() as name')
  const name = rows[0]?.name
  if (!name) throw new ConfigurationError('No schema of the search path of DATABASE_URL exists: create it first')
  return name
}

async function refuseOlderSessions(client: pg.ClientBase, patienceMs: number): Promise<void> {
  for (const until = Date.now() + patienceMs; ; await sleep(50)) {
    const older = await olderSessions(client)
    if (older.length === 0) return
    if (Date.now() < until) continue
    const places = [...new Set(older.map(({ place }) => place))].join(', ')
    const sessions = older.length === 1 ? '1 session' : `${older.length} sessions`
    throw new ConfigurationError(
      `The database must be migrated, but an older Hearback is connected to it (${sessions}, from ${places}): stop that process, then start again`,
    )
  }
}

async function olderSessions(client: pg.ClientBase): Promise<{ name: string; place: string }[]> {
  const { rows } = await client.query<{ name: string; place: string }>(
    `select application_name as name, coalesce(host(client_addr), 'a local socket') as place
     from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'hearback%'`,
  )
  return rows.filter(({ name }) => (generationOf(name) ?? schemaGeneration) < schemaGeneration)
}
