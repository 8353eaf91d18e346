import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ConfigurationError } from '../env'
import { holdOwnership, ownerOf } from './owner'
import { locate, preparePlace, prepareSocketDir, type ServerPlace } from './place'
import {
  initializeCluster,
  LOCAL_USER,
  lastComplaint,
  Postmaster,
  removeStaleLocks,
  runningServer,
  socketUrl,
} from './server'

// The database of a hub without DATABASE_URL: a real PostgreSQL on a Unix socket, its data in `<dir>/pg`. Exactly one
// hub owns a folder. PostgreSQL allows one server per data folder, so the owner is the process that started that server.
// The session it keeps open (owner.ts) shows other processes that the owner is alive.

export type LocalPostgres = {
  url: string
  dataDir: string
  logFile: string
  /** Shuts the server down and waits for it. */
  stop(): Promise<void>
}

type Options = {
  /** The data folder; created when missing. */
  dir: string
  database?: string
  /** Called when the server ended and another hub took the folder before it was started again. */
  onLost?: (error: Error) => void
}

const PATIENCE_MS = 60_000
const ORPHAN_GRACE_MS = 3_000
const OWNED_MS = 500
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
/** A server that ran this long did not crash at its start. */
const LIVED_MS = 10_000

/**
 * Starts the local server and creates `database` in it. The server ends with this process, however that ends, and is
 * started again, however often it ends by itself: after 500 ms, and after twice the pause each time that it ends within
 * 10 s or does not come up, at most 10 s. Throws ConfigurationError, one plain line, when the folder belongs to another
 * running Hearback or another PostgreSQL major, cannot be used, or the server does not start.
 */
export async function startLocalPostgres({ dir, database = LOCAL_USER, onLost }: Options): Promise<LocalPostgres> {
  const place = await preparePlace(dir)
  await initializeCluster(place)
  refuseOtherMajor(place)
  let server = await own(place)
  const stopping = new AbortController()
  const { signal } = stopping

  const supervise = async () => {
    let pauseMs = FIRST_PAUSE_MS
    while (!signal.aborted) {
      const since = performance.now()
      await server.postmaster.exited
      await server.ownership.release()
      if (performance.now() - since > LIVED_MS) pauseMs = FIRST_PAUSE_MS
      let complaint = 'The local PostgreSQL ended by itself'
      for (let up = false; !up && !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        console.error(`${complaint} and is started again in ${pauseMs} ms (${place.logFile} says more)`)
        await sleep(pauseMs, undefined, { signal }).catch(() => {})
        if (signal.aborted) return
        try {
          server = await own(place)
          up = true
        } catch (error) {
          if (error instanceof FolderInUseError) throw error
          complaint = (error as Error).message
        }
      }
    }
  }
  const supervision = supervise().catch((error) => onLost?.(error))

  const stop = async () => {
    stopping.abort()
    await server.postmaster.stop()
    await supervision
    // The server may just have been started again.
    await server.postmaster.stop()
    await server.ownership.release()
    removeEmptyFolder(place.socketDir)
  }
  try {
    await createDatabase(place.socketDir, database)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: socketUrl(place.socketDir, database), dataDir: place.dataDir, logFile: place.logFile, stop }
}

/** The address of the local server that a running hub owns in `dir`, or undefined when none answers there. */
export async function connectLocalPostgres({
  dir,
  database = LOCAL_USER,
}: Omit<Options, 'onLost'>): Promise<string | undefined> {
  if (!fs.existsSync(dir)) return undefined
  const { dataDir } = locate(fs.realpathSync(dir))
  for (const until = Date.now() + 5_000; Date.now() < until; await sleep(100)) {
    const server = runningServer(dataDir)
    if (!server) return undefined
    if (typeof (await ownerOf(server.socketDir)) === 'number') return socketUrl(server.socketDir, database)
  }
  return undefined
}

async function own(place: ServerPlace) {
  const postmaster = await becomeOwner(place)
  try {
    return { postmaster, ownership: await holdOwnership(place.socketDir) }
  } catch (error) {
    await postmaster.stop()
    throw error
  }
}

/** Returns a server of this process that answers, or throws. */
async function becomeOwner(place: ServerPlace): Promise<Postmaster> {
  let postmaster: Postmaster | undefined
  let other: { pid: number; since: number; ownedSince?: number } | undefined
  for (let until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(50)) {
    const running = runningServer(place.dataDir)
    if (postmaster?.running) {
      // This process's server: it may be recovering from a crash, or about to find that another server has the folder.
      if (running?.pid === postmaster.pid) {
        if ((await ownerOf(place.socketDir)) !== 'silent') return postmaster
        until = Date.now() + PATIENCE_MS
      }
      continue
    }
    if (!running) {
      if (postmaster) refuseIfHopeless(place, postmaster)
      removeStaleLocks(place)
      prepareSocketDir(place)
      postmaster = new Postmaster(place)
      other = undefined
      continue
    }
    if (other?.pid !== running.pid) other = { pid: running.pid, since: Date.now() }
    const owner = await ownerOf(running.socketDir)
    if (typeof owner === 'number') {
      // A hub that was killed a moment ago may still look alive.
      other.ownedSince ??= Date.now()
      if (Date.now() - other.ownedSince >= OWNED_MS) throw inUse(place.dir, owner)
    } else {
      other.ownedSince = undefined
      // The hub and the watchdog that should have stopped the server are gone, or the server has just been started.
      if (owner === 'none' && Date.now() - other.since > ORPHAN_GRACE_MS) stopOrphan(running.pid)
    }
  }
  await postmaster?.stop()
  if (other) throw inUse(place.dir)
  throw notStarting(place, postmaster)
}

function stopOrphan(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Another hub owns the folder. Trying again would take nothing from it. */
class FolderInUseError extends ConfigurationError {}

const inUse = (dir: string, pid?: number) =>
  new FolderInUseError(
    `The data folder ${dir} is in use by another Hearback${pid ? ` (process ${pid})` : ''}: stop it first, or set DATABASE_URL`,
  )

const notStarting = ({ logFile }: ServerPlace, postmaster: Postmaster | undefined) =>
  new ConfigurationError(`The local PostgreSQL does not start: ${lastComplaint(logFile, postmaster?.pid)} (${logFile})`)

/** Another try makes sense only if the server found the folder in use, or processes of a killed server in it. */
function refuseIfHopeless(place: ServerPlace, postmaster: Postmaster): void {
  const complaint = lastComplaint(place.logFile, postmaster.pid)
  if (!/lock file|shared memory block/.test(complaint)) throw notStarting(place, postmaster)
}

function refuseOtherMajor({ dataDir, binaries }: ServerPlace): void {
  const made = fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim()
  if (made === String(binaries.major)) return
  throw new ConfigurationError(
    `The data in ${dataDir} was made by PostgreSQL ${made}, but this Hearback runs PostgreSQL ${binaries.major}: dump it with PostgreSQL ${made} and load it into an empty folder, or set DATABASE_URL`,
  )
}

/** A hub that is just starting is not harmed: it creates its folder again. */
function removeEmptyFolder(dir: string): void {
  try {
    fs.rmdirSync(dir)
  } catch (error) {
    if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

async function createDatabase(socketDir: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: socketUrl(socketDir, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
