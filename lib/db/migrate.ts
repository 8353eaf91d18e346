import path from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import type pg from 'pg'
import { partitionDaysAhead } from './partitions'

// Every command runs in the repository; where a compiled file stands says nothing.
const migrationsFolder = path.resolve('drizzle/migrations')

/**
 * Brings the database to this version's schema and makes the partitions of the coming days. Any number of processes
 * may call it at once: an advisory lock lets one work while the others wait.
 */
export async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('hearback migrations'))`)
    await applyMigrations(drizzle(client), {
      migrationsFolder,
      migrationsSchema: 'public',
      migrationsTable: 'migrations',
    })
    await client.query('select make_partitions($1)', [partitionDaysAhead])
  } finally {
    // The lock belongs to the session: a client that failed half-way must not go back to the pool with it.
    await client.query('select pg_advisory_unlock_all()').catch(() => {})
    client.release()
  }
}
