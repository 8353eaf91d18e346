import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigurationError } from '@/lib/env'
import { connectLocalPostgres, startLocalPostgres } from '@/lib/local-postgres/local-postgres'
import { runningServer } from '@/lib/local-postgres/server'
import { lacking } from '../fixtures/processes/lacking'

let dir: string
let hubs: ChildProcess[]
/** A folder that a hub has used, to copy: creating one takes a second and a half. */
let used: string

const newFolder = () => {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-local-'))
  // mkdtemp makes it 0700; the server may run as another user.
  fs.chmodSync(parent, 0o755)
  return path.join(parent, '.hearback')
}

beforeAll(async () => {
  used = newFolder()
  await (await startLocalPostgres({ dir: used })).stop()
})

afterAll(() => fs.rmSync(path.dirname(used), { recursive: true, force: true }))

beforeEach(() => {
  dir = newFolder()
  // Where the socket goes: a killed hub leaves that folder behind.
  vi.stubEnv('TMPDIR', path.dirname(dir))
  hubs = []
})

afterEach(async () => {
  const pids = hubs.filter((hub) => hub.exitCode === null && hub.signalCode === null)
  for (const hub of pids) hub.kill('SIGKILL')
  await until(() => !runningServer(path.join(dir, 'pg')))
  vi.unstubAllEnvs()
  fs.rmSync(path.dirname(dir), { recursive: true, force: true })
})

describe('a local PostgreSQL', { timeout: 40_000 }, () => {
  test('of two hubs that start at once, one gets the folder and the other one clear error', async () => {
    const outcomes = await Promise.all([startHub(), startHub()])
    const [won, lost] = outcomes.sort((a) => (a.startsWith('READY') ? -1 : 1))
    expect(won).toMatch(/^READY postgresql:\/\/\/hearback\?host=/)
    expect(lost).toMatch(
      /^FolderInUseError The data folder .*\.hearback is in use by another Hearback \(process \d+\): stop it first, or set DATABASE_URL$/,
    )
  })

  test('keeps what was committed when the hub is killed, and belongs to the next one', async () => {
    useFolder()
    const url = readyUrl(await startHub())
    await query(url, 'create table kept as select 42 as answer')
    hubs[0]?.kill('SIGKILL')
    const again = readyUrl(await startHub())
    expect(await query(again, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('stops with a hub that is killed', async () => {
    useFolder()
    readyUrl(await startHub())
    hubs[0]?.kill('SIGKILL')
    await until(() => !runningServer(path.join(dir, 'pg')))
  })

  const noProc = lacking('a PostgreSQL without hub and watchdog', 'needs /proc', process.platform !== 'linux')
  test.skipIf(noProc)('stops a server that lost both its hub and its watchdog, and starts its own', async () => {
    useFolder()
    readyUrl(await startHub())
    const orphan = runningServer(path.join(dir, 'pg'))?.pid ?? 0
    // The watchdog is the only other child of the hub that waits in `cat`.
    for (const pid of childrenOf(hubs[0]?.pid)) if (commandOf(pid).startsWith('/bin/sh')) process.kill(pid, 'SIGKILL')
    hubs[0]?.kill('SIGKILL')
    await sleep(300)
    expect(runningServer(path.join(dir, 'pg'))?.pid).toBe(orphan)
    readyUrl(await startHub())
    expect(runningServer(path.join(dir, 'pg'))?.pid).not.toBe(orphan)
  })

  test('is started again by its hub when it is killed itself, with its data', async () => {
    useFolder()
    const local = await startLocalPostgres({ dir })
    try {
      await query(local.url, 'create table kept as select 42 as answer')
      const before = runningServer(local.dataDir)?.pid ?? 0
      process.kill(before, 'SIGKILL')
      await until(
        async () => (await connectLocalPostgres({ dir })) !== undefined && runningServer(local.dataDir)?.pid !== before,
      )
      expect(await query(local.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    } finally {
      await local.stop()
    }
  })

  test('that crashes again while it recovers is started again until it is up, with its data', async () => {
    useFolder()
    const lost = vi.fn()
    const local = await startLocalPostgres({ dir, onLost: lost })
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      await query(local.url, 'create table kept as select 42 as answer')
      // PostgreSQL reads it at its start and ends.
      fs.appendFileSync(path.join(local.dataDir, 'postgresql.auto.conf'), "shared_preload_libraries = 'crashes'\n")
      process.kill(runningServer(local.dataDir)?.pid ?? 0, 'SIGKILL')
      const tries = () => said.mock.calls.filter(([line]) => /could not access file "crashes"/.test(line)).length
      await until(() => tries() >= 2)
      fs.writeFileSync(path.join(local.dataDir, 'postgresql.auto.conf'), '')
      await until(async () => (await connectLocalPostgres({ dir })) !== undefined)
      expect(await query(local.url, 'select answer from kept')).toEqual([{ answer: 42 }])
      const pauses = said.mock.calls.map(([line]) => Number(/again in (\d+) ms/.exec(line)?.[1]))
      expect(pauses.slice(0, 3)).toEqual([500, 1000, 2000])
      expect(lost).not.toHaveBeenCalled()
    } finally {
      said.mockRestore()
      await local.stop()
    }
  })

  test('is found by other processes only while its hub runs', async () => {
    expect(await connectLocalPostgres({ dir })).toBeUndefined()
    useFolder()
    const local = await startLocalPostgres({ dir })
    const found = await connectLocalPostgres({ dir })
    await local.stop()
    expect(found).toBe(local.url)
    expect(await connectLocalPostgres({ dir })).toBeUndefined()
  })

  test('refuses data that another PostgreSQL major made, and names both', async () => {
    fs.mkdirSync(path.join(dir, 'pg'), { recursive: true })
    fs.writeFileSync(path.join(dir, 'pg', 'PG_VERSION'), '13\n')
    const error = await startLocalPostgres({ dir }).catch((error) => error)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error.message).toMatch(/was made by PostgreSQL 13, but this Hearback runs PostgreSQL \d\d: /)
  })

  test('starts in spite of a stale pid file whose process id something else has now', async () => {
    useFolder()
    fs.writeFileSync(path.join(dir, 'pg', 'postmaster.pid'), `${process.pid}\n${dir}/pg\n1\n5432\n/tmp\n`)
    const server = await startLocalPostgres({ dir })
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
  })

  test('starts after a kill in the middle of making the database', async () => {
    const hub = spawnHub()
    await until(() => fs.existsSync(dir) && fs.readdirSync(dir).some((name) => name.startsWith('pg.half-made-')))
    hub.kill('SIGKILL')
    await once(hub, 'exit')
    expect(fs.existsSync(path.join(dir, 'pg'))).toBe(false)
    await (await startLocalPostgres({ dir })).stop()
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('pg.half-made-'))).toEqual([])
  })
})

function useFolder(): void {
  spawnSync('cp', ['-a', used, dir])
}

/** A process that owns the folder until it is killed. */
function spawnHub(): ChildProcess {
  const module = path.resolve('lib/local-postgres/local-postgres.ts')
  const script = `import { startLocalPostgres } from ${JSON.stringify(module)}
    startLocalPostgres({ dir: ${JSON.stringify(dir)} })
      .then(({ url }) => console.log('READY ' + url), (error) => console.log(error.constructor.name + ' ' + error.message))
    setInterval(() => {}, 1000)`
  const hub = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  hubs.push(hub)
  return hub
}

/** Its first line: READY and the address, or the error. */
async function startHub(): Promise<string> {
  const [line] = await once(spawnHub().stdout as NodeJS.ReadableStream, 'data')
  return String(line).trim()
}

function readyUrl(line: string): string {
  expect(line).toMatch(/^READY /)
  return line.slice('READY '.length)
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !(await done()); await sleep(20))
    if (Date.now() > end) throw new Error('it did not happen within 15 s')
}

const childrenOf = (pid: number | undefined): number[] =>
  fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

const commandOf = (pid: number): string => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
