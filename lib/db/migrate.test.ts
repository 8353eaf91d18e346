import fs from 'node:fs'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { ConfigurationError } from '../env'
import { openPool } from './client'
import { migrate } from './migrate'
import { schemaGeneration } from './session-name'

const patience = { patienceMs: 100 }
const anEmptyDatabase = () => createTestDatabase({ max: 2, migrated: false })

/** A session of this database under a name, as another process holds it. */
async function connect({ url }: TestDatabase, application_name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name })
  await client.connect()
  return client
}
const isMigrated = async ({ pool }: TestDatabase): Promise<boolean> =>
  (await pool.query(`select to_regclass('public.migrations') is not null as known`)).rows[0].known

test.each(['hearback', 'hearback listen', `hearback/${schemaGeneration - 1}`, 'hearback/1 listen'])(
  'a pending migration is refused in one line while a session called "%s" is connected, and made once it has ended',
  async (name) => {
    const database = await anEmptyDatabase()
    const old = await connect(database, name)
    const error = await migrate(database.pool, patience).catch((error) => error)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error.message).toMatch(
      /^The database must be migrated, but an older Hearback is connected to it \(1 session, from .+\): stop that process, then start again$/,
    )
    expect(await isMigrated(database)).toBe(false)
    await old.end()
    await migrate(database.pool)
    expect(await isMigrated(database)).toBe(true)
  },
)

test.each([
  'psql',
  '',
  'hearback owner 4711',
  `hearback/${schemaGeneration}`,
  `hearback/${schemaGeneration + 1} listen`,
])('a session called "%s" does not stop a migration', async (name) => {
  const database = await anEmptyDatabase()
  const other = await connect(database, name)
  await migrate(database.pool, patience)
  expect(await isMigrated(database)).toBe(true)
  await other.end()
})

test('a session of an older version that ends within the patience does not stop a migration', async () => {
  const database = await anEmptyDatabase()
  const old = await connect(database, 'hearback')
  setTimeout(() => void old.end(), 300)
  await migrate(database.pool, { patienceMs: 20_000 })
  expect(await isMigrated(database)).toBe(true)
})

test('sessions of an older version, or of another database, are left alone when nothing is pending', async () => {
  const [migrated, empty] = [await createTestDatabase({ max: 2 }), await anEmptyDatabase()]
  const old = await connect(migrated, 'hearback')
  await expect(migrate(migrated.pool, patience)).resolves.toBeUndefined()
  await expect(migrate(empty.pool, patience)).resolves.toBeUndefined()
  await old.end()
})

test('processes that start at the same time on an empty database all start', async () => {
  const database = await anEmptyDatabase()
  const pools = Array.from({ length: 3 }, () => openPool(database.url, { max: 2 }))
  await Promise.all(pools.map((pool) => migrate(pool, patience)))
  expect(await isMigrated(database)).toBe(true)
  await Promise.all(pools.map((pool) => pool.end()))
})

const inSchema = ({ url }: TestDatabase, schema: string) => {
  const address = new URL(url)
  address.searchParams.set('options', `-csearch_path=${schema}`)
  return openPool(String(address), { max: 1 })
}

test('the tables stand in the schema that the address names, beside those of another hub in the same database', async () => {
  const database = await anEmptyDatabase()
  for (const schema of ['quay', 'pier']) {
    await database.pool.query(`create schema ${schema}`)
    const pool = inSchema(database, schema)
    await migrate(pool)
    await pool.query(`insert into accounts (id, identifier, name) values (gen_random_uuid(), 'one', 'Quay Ltd')`)
    expect((await pool.query('select partitions_until() > current_date as ahead')).rows).toEqual([{ ahead: true }])
    await pool.end()
  }
  const { rows } = await database.pool.query(
    `select schemaname as schema, count(*) > 40 as all from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') group by 1 order by 1`,
  )
  expect(rows).toEqual([
    { schema: 'pier', all: true },
    { schema: 'quay', all: true },
  ])
})

test('a search path without a schema that exists is refused in one line', async () => {
  const database = await anEmptyDatabase()
  const pool = inSchema(database, 'nowhere')
  await expect(migrate(pool)).rejects.toThrow(/^No schema of the search path of DATABASE_URL exists: create it first$/)
  await pool.end()
})

const migrations = fs.readdirSync('drizzle/migrations').filter((name) => name.endsWith('.sql'))

// drizzle-kit writes "public" into foreign keys: to be taken out by hand. Citus adds no identity column to a table.
test.each(migrations)('%s names no schema, and adds no identity column to a table that exists', (name) => {
  const text = fs.readFileSync(`drizzle/migrations/${name}`, 'utf8')
  expect(text).not.toMatch(/\bpublic\b/i)
  expect(text).not.toMatch(/add column [^;]*generated .* as identity/i)
})
