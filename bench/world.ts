import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { startTestPostgres, type TestPostgres } from '@/e2e/fixtures/postgres/postgres'
import { openPool } from '@/lib/db/client'
import { type HubDatabase, makeHubDatabase } from './hub-database'

// What every measurement uses: a private, durable PostgreSQL with the database of one hub. Parts make more databases in it:
// a hub's with a history, a peer's.

export type World = HubDatabase & {
  postmaster: number
  version: string
  /** The settings that bear on the figures, as PostgreSQL reports them. */
  settings: Record<string, string>
  /** What PostgreSQL has logged. */
  logFile: string
  /** Makes the database of another hub, with accounts and webhooks as this one's. */
  createHub(name: string): Promise<HubDatabase>
  /** Brings the hub's database at this address up to date, and makes the same accounts in it. */
  fillHub(databaseUrl: string): Promise<HubDatabase>
  /** Makes an empty database for a peer, in place of one of this name. */
  createDatabase(name: string): Promise<string>
  close(): Promise<void>
}

export async function openWorld(origins: string[]): Promise<World> {
  // PostgreSQL's default settings, as a local hub has them, with fsync. Commit times are kept for the latency.
  const postgres = await startTestPostgres({ durable: true, settings: ['track_commit_timestamp=on'] })
  try {
    return await fill(postgres, origins)
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

async function fill(postgres: TestPostgres, origins: string[]): Promise<World> {
  const pools: pg.Pool[] = []
  const createDatabase = async (name: string) => {
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name}`)
    await client.end()
    return postgres.databaseUrl(name)
  }
  const fillHub = (url: string) => {
    const pool = openPool(url, { max: 4 })
    pools.push(pool)
    return makeHubDatabase(url, pool, origins)
  }
  const createHub = async (name: string) => fillHub(await createDatabase(name))
  const hub = await createHub('hearback_bench')
  const settings = await readSettings(hub.pool)
  return {
    ...hub,
    postmaster: Number(fs.readFileSync(path.join(postgres.folder, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]),
    version: settings.server_version ?? '',
    settings,
    logFile: path.join(postgres.folder, 'postgres.log'),
    createHub,
    fillHub,
    createDatabase,
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
      await postgres.stop()
    },
  }
}

const settingNames = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_level',
  'wal_compression',
  'shared_buffers',
  'effective_cache_size',
  'work_mem',
  'max_wal_size',
  'checkpoint_timeout',
  'max_connections',
  'autovacuum',
  'jit',
  'track_commit_timestamp',
]

async function readSettings(pool: pg.Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from pg_settings where name = any($1)`,
    [settingNames],
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}
