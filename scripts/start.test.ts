import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import { startOldPostgres } from '@/e2e/fixtures/postgres/old-postgres'
import { type LocalPostgres, startLocalPostgres } from '@/lib/local-postgres/local-postgres'

// When server.ts cannot start, it writes one line to standard error and exits with a code other than 0.

const root = path.resolve(import.meta.dirname, '..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-start-'))
fs.chmodSync(folder, 0o755)
const complete = {
  HEARBACK_URL: 'http://localhost:3000',
  HEARBACK_SECRET_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  HEARBACK_SESSION_SECRET: 's'.repeat(32),
}

let taken: LocalPostgres
beforeAll(async () => {
  taken = await startLocalPostgres({ dir: path.join(folder, 'taken') })
})
afterAll(async () => {
  await taken.stop()
  fs.rmSync(folder, { recursive: true })
})

/** Starts the compiled server.ts with only `environment` set. */
const launch = (environment: Record<string, string>) =>
  spawn(process.execPath, ['dist/server.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HEARBACK_DATA_DIR: path.join(folder, 'unused'),
      ...environment,
    } as NodeJS.ProcessEnv,
  })

/** Resolves when it has ended. */
function start(environment: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const child = launch(environment)
  let text = ''
  child.stderr.on('data', (chunk) => {
    text += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, lines: text.trimEnd().split('\n') })))
}

async function complaint(environment: Record<string, string>): Promise<string> {
  const { code, lines } = await start(environment)
  expect(lines).toHaveLength(1)
  expect(code).not.toBe(0)
  return lines[0] ?? ''
}

describe.concurrent('a start says in one line', { timeout: 30_000 }, () => {
  test('that certificate checks are off', async () => {
    expect(await complaint({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatch(/^NODE_TLS_REJECT_UNAUTHORIZED=0 /)
  })

  test('which variables are missing beside DATABASE_URL', async () => {
    expect(await complaint({ DATABASE_URL: 'postgresql://localhost/x' })).toBe(
      'HEARBACK_URL is not set; HEARBACK_SECRET_KEYS is not set; HEARBACK_SESSION_SECRET is not set',
    )
  })

  test('which variable is wrong', async () => {
    expect(await complaint({ ...complete, DATABASE_URL: 'postgresql://localhost/x', PORT: 'ninety' })).toMatch(/^PORT /)
  })

  test('that the database does not answer yet, without its password, and stops when it is told to', async () => {
    const url = 'postgresql://hub:hunter2@localhost:1/hub'
    const child = launch({ ...complete, DATABASE_URL: url })
    const [said] = await once(child.stderr, 'data')
    expect(String(said)).toMatch(
      /^The database "hub" at localhost:1 does not answer yet \(connect ECONNREFUSED [^)]*\): waiting for it, at most 60 s\n$/,
    )
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  test('that HEARBACK_URL is more than an origin', async () => {
    expect(
      await complaint({ ...complete, DATABASE_URL: 'postgresql:///x', HEARBACK_URL: 'https://a.example/hub' }),
    ).toBe(
      'HEARBACK_URL is more than an origin such as https://hub.example: leave out what follows or precedes the host',
    )
  })

  test('that the database is too old', async () => {
    const old = await startOldPostgres(140_012)
    const url = `postgresql://hub@127.0.0.1:${old.port}/hub`
    expect(await complaint({ ...complete, DATABASE_URL: url })).toBe(
      `The database "hub" at 127.0.0.1:${old.port} is PostgreSQL 14; Hearback needs 15 or later`,
    )
    old.close()
  })

  test('that the port is taken', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    const database = await createTestDatabase({ max: 1 })
    expect(await complaint({ ...complete, DATABASE_URL: database.url, PORT: String(port) })).toBe(
      `Port ${port} on 127.0.0.1 is taken: stop what uses it, or set PORT`,
    )
    other.close()
  })

  test('that another hub has the data folder', async () => {
    expect(await complaint({ HEARBACK_DATA_DIR: path.join(folder, 'taken') })).toBe(
      `The data folder ${folder}/taken is in use by another Hearback (process ${process.pid}): stop it first, or set DATABASE_URL`,
    )
  })

  test('that another PostgreSQL major made the data', async () => {
    fs.mkdirSync(path.join(folder, 'old', 'pg'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'old', 'pg', 'PG_VERSION'), '9\n')
    expect(await complaint({ HEARBACK_DATA_DIR: path.join(folder, 'old') })).toMatch(
      /^The data in .*\/old\/pg was made by PostgreSQL 9, but this Hearback runs PostgreSQL \d\d: /,
    )
  })

  test('that a worker found no hub', async () => {
    expect(await complaint({ HEARBACK_ROLE: 'worker' })).toBe(
      `npm run worker found no running hub in ${folder}/unused: start it first (npm start), or set DATABASE_URL`,
    )
  })

  test('that the local secrets are damaged', async () => {
    fs.mkdirSync(path.join(folder, 'damaged'))
    fs.writeFileSync(path.join(folder, 'damaged', 'secrets.json'), '{')
    expect(await complaint({ HEARBACK_DATA_DIR: path.join(folder, 'damaged') })).toMatch(
      /damaged\/secrets\.json cannot be read \(not the secrets that Hearback wrote\): restore it from a backup/,
    )
  })
})
