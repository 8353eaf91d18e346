import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startTestPostgres, type TestPostgres } from '@/e2e/fixtures/postgres/postgres'
import { checkDatabase } from './check-database'
import { openPool } from './client'
import { sessionName } from './session-name'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres.stop())

/** What a start says of the database at an address; 'usable' when nothing is wrong. */
async function check(address: string, options: Parameters<typeof checkDatabase>[2] = {}): Promise<string> {
  const pool = openPool(address, { max: 2 })
  try {
    return await checkDatabase(pool, address, options).then(
      () => 'usable',
      (error: Error) => error.message,
    )
  } finally {
    await pool.end()
  }
}

async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

const socketFolder = () => new URL(postgres.url).searchParams.get('host') ?? ''

test.each(['LATIN1', 'SQL_ASCII'])('a database with the encoding %s is refused', async (encoding) => {
  await administer(
    `create database "${encoding}" encoding '${encoding}' locale_provider libc locale 'C' template template0`,
  )
  expect(await check(postgres.databaseUrl(encoding))).toMatch(
    new RegExp(
      `^The database "${encoding}" at /\\S+ has the encoding ${encoding}; Hearback needs UTF8: make another one `,
    ),
  )
})

test('a read-only database is refused', async () => {
  await administer('create database still', 'alter database still set default_transaction_read_only = on')
  expect(await check(postgres.databaseUrl('still'))).toMatch(/ is read-only \(default_transaction_read_only is on\)/)
})

test('a standby is refused', async () => {
  const signal = path.join(postgres.folder, 'pg', 'standby.signal')
  fs.writeFileSync(signal, '')
  await postgres.restart()
  expect(await check(postgres.url)).toMatch(/ is a standby, which takes no writes: give the address of its primary$/)
  fs.rmSync(signal)
  await postgres.restart()
})

test('a database that is not up yet is waited for, and the start says so once', async () => {
  const say = vi.fn()
  const [said] = await Promise.all([check(postgres.url, { say }), postgres.restart({ downMs: 800 })])
  expect(said).toBe('usable')
  expect(say.mock.calls.flat()).toEqual([
    expect.stringMatching(/^The database "postgres" at \S+ does not answer yet \(.+\): waiting for it, at most 60 s$/),
  ])
})

test('a database that stays away is refused when the time is over, one that does not exist at once', async () => {
  const say = vi.fn()
  expect(await check('postgres://hub:hunter2@127.0.0.1:1/hub', { patienceMs: 200, say })).toMatch(
    /^The database "hub" at 127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED /,
  )
  expect(say).toHaveBeenCalledTimes(1)
  expect(await check(postgres.databaseUrl('nowhere'), { say })).toMatch(
    / cannot be used: database "nowhere" does not exist$/,
  )
  expect(say).toHaveBeenCalledTimes(1)
})

test.each([
  ['postgresql:///postgres?host=%F&user=hearback'],
  ['postgres://hearback@/postgres?host=%F'],
  ['postgres://hearback@%2F%F/postgres'],
  ['socket:%F?db=postgres&user=hearback'],
  ['%F postgres'],
  ['postgresql:///postgres?host=%F&user=hearback&application_name=mine&options=-c%20work_mem%3D5MB'],
])('a hub uses the database of %s under its own session name', async (form) => {
  const folder = form.includes('%2F') ? encodeURIComponent(socketFolder()).slice(3) : socketFolder()
  const address = form.replace('%F', folder)
  vi.stubEnv('PGUSER', 'hearback')
  expect(await check(address)).toBe('usable')
  const pool = openPool(address, { max: 1 })
  const { rows } = await pool.query(
    `select current_database() as at, current_setting('application_name') as name, current_setting('work_mem') as mem,
       current_setting('idle_in_transaction_session_timeout') as idle`,
  )
  await pool.end()
  vi.unstubAllEnvs()
  const mem = form.includes('work_mem') ? '5MB' : '4MB'
  expect(rows).toEqual([{ at: 'postgres', name: sessionName(), mem, idle: '10s' }])
})
