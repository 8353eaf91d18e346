import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { ConfigurationError } from '../env'
import type { ServerPlace } from './place'

// One PostgreSQL server process and its files. local-postgres.ts decides which hub owns the folder.

export const LOCAL_USER = 'hearback'

/** The `postgresql://` address of a database behind a Unix socket. (`postgresql://user@/…` is no valid URL in Node.) */
export const socketUrl = (socketDir: string, database: string): string =>
  `postgresql:///${database}?host=${encodeURIComponent(socketDir)}&user=${LOCAL_USER}`

/** The server that runs on `dataDir`, read from its pid file. Undefined when none runs, or the file is stale. */
export function runningServer(dataDir: string): { pid: number; socketDir: string } | undefined {
  // Line 1 is the process id. Line 5 is the socket's folder, which may differ from ours (TMPDIR) and is written later.
  const lines = readLines(path.join(dataDir, 'postmaster.pid'))
  const pid = Number(lines[0])
  return pid > 0 && isPostgres(pid) ? { pid, socketDir: lines[4]?.trim() ?? '' } : undefined
}

function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux')
    return /postgres/.test(spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '')
  try {
    return path.basename(fs.readlinkSync(`/proc/${pid}/exe`)).startsWith('postgres')
  } catch (error) {
    // ENOENT: the process is a zombie, or has ended. Without permission to read the link, the pid file is trusted.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

/** Whether the process is alive and may be this hub's. False on EPERM: this hub runs no server as that user. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/**
 * Removes lock files whose process id now belongs to something else. A container that is killed and started again uses
 * the same small ids again; PostgreSQL takes such a process for a running server and refuses to start.
 */
export function removeStaleLocks({ dataDir, socketDir }: ServerPlace): void {
  for (const file of [path.join(dataDir, 'postmaster.pid'), path.join(socketDir, '.s.PGSQL.5432.lock')]) {
    const pid = Number(readLines(file)[0])
    // PostgreSQL itself replaces files of ended processes, also when two servers start at the same time.
    if (pid > 0 && isAlive(pid) && !isPostgres(pid)) fs.rmSync(file, { force: true })
  }
}

function readLines(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Creates an empty database cluster if there is none. A kill part-way leaves nothing that looks like a cluster. */
export async function initializeCluster({ dir, dataDir, user, binaries }: ServerPlace): Promise<void> {
  if (fs.existsSync(path.join(dataDir, 'PG_VERSION'))) return
  await removeHalfMadeClusters(dir)
  const half = path.join(dir, `pg.half-made-${process.pid}`)
  fs.rmSync(half, { recursive: true, force: true })
  fs.mkdirSync(half, { mode: 0o700 })
  if (user) fs.chownSync(half, user.uid, user.gid)
  const locale =
    binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C']
  const initdb = spawn(
    binaries.initdb,
    ['-D', half, '-U', LOCAL_USER, '-A', 'trust', '-E', 'UTF8', ...locale, '--no-instructions'],
    { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let complaint = ''
  initdb.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const [status] = await once(initdb, 'close')
  try {
    if (status !== 0)
      throw new ConfigurationError(`PostgreSQL cannot make a database in ${dir}: ${lastLine(complaint)}`)
    fs.renameSync(half, dataDir)
  } catch (error) {
    fs.rmSync(half, { recursive: true, force: true })
    if (error instanceof ConfigurationError) throw error
    // Another process was first, and its cluster is used.
    if (fs.existsSync(path.join(dataDir, 'PG_VERSION'))) return
    throw new ConfigurationError(`${dataDir} is there but holds no PostgreSQL data: move it away`)
  }
}

/** Removes the folders of starts that were killed during initdb. Such an initdb may still be writing, hence the retries. */
async function removeHalfMadeClusters(dir: string): Promise<void> {
  for (const name of fs.readdirSync(dir)) {
    const pid = Number(/^pg\.half-made-(\d+)$/.exec(name)?.[1])
    if (!pid || isAlive(pid)) continue
    await fs.promises.rm(path.join(dir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  }
}

/**
 * glibc returns memory to the system after each statement and requests it again, page by page, for the next. Keeping it
 * makes hot statements cheaper; other C libraries ignore these names.
 */
const keepMemory = { MALLOC_TRIM_THRESHOLD_: String(64 * 1024 * 1024), MALLOC_TOP_PAD_: String(4 * 1024 * 1024) }

/** A PostgreSQL server process that is a child of this process: starting, ready or ended. */
export class Postmaster {
  readonly exited: Promise<void>
  #child: ChildProcess

  /** Starts a server on `place`. It exits at once when the folder is in use. Extra `settings` are `name=value`. */
  constructor(place: ServerPlace, settings: string[] = []) {
    const log = fs.openSync(place.logFile, 'a', 0o600)
    const options = [
      'listen_addresses=',
      'unix_socket_permissions=0700',
      'timezone=UTC',
      'log_timezone=UTC',
      ...settings,
    ]
    this.#child = spawn(
      place.binaries.postgres,
      ['-D', place.dataDir, '-k', place.socketDir, '-p', '5432', ...options.flatMap((option) => ['-c', option])],
      // Detached, so that Ctrl-C in the terminal reaches only the hub, which must finish its work first.
      {
        ...place.user,
        cwd: '/',
        env: { ...keepMemory, ...process.env },
        detached: true,
        stdio: ['ignore', log, log],
      },
    )
    fs.closeSync(log)
    const watchdog = this.#child.pid ? watch(this.#child.pid) : undefined
    this.exited = new Promise((resolve) => {
      const done = () => {
        watchdog?.kill('SIGKILL')
        resolve()
      }
      this.#child.once('exit', done).once('error', done)
    })
    this.#child.unref()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** `fast` ends sessions and writes a checkpoint. `immediate` stops it as a crash does. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    if (!this.running) return
    this.#child.ref()
    this.#child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await this.exited
  }
}

/** Starts a watchdog that shuts the server down when its pipe closes, which also a SIGKILL of this process does. */
function watch(pid: number): ChildProcess {
  const watchdog = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -INT "$0" 2>/dev/null', String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watchdog.unref()
  // Its type is Writable, but it is a socket. Referenced, it keeps this process alive.
  const pipe = watchdog.stdin as (typeof watchdog)['stdin'] & { unref(): void }
  pipe.on('error', () => {})
  pipe.unref()
  return watchdog
}

/** Why the server with this process id ended: the last FATAL or PANIC line of its log, else the last line. */
export function lastComplaint(logFile: string, pid: number | undefined): string {
  const lines = readLines(logFile).filter(Boolean).slice(-200)
  const own = lines.filter((line) => line.includes(`[${pid}]`) && /FATAL|PANIC/.test(line))
  return (own.at(-1) ?? lines.at(-1) ?? 'it says nothing').replace(/^.*?(FATAL|PANIC): +/, '').trim()
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? ''
