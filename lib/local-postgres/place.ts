import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ConfigurationError } from '../env'
import { type Binaries, findPostgres, reachableBinaries } from './binaries'
import { canReach, type ServerUser, serverUser } from './user'

// The folders of a local PostgreSQL, and the user it runs as.

/** The folders of one local server. `dataDir` is PostgreSQL's own folder inside `dir`. */
export type ServerPlace = {
  dir: string
  dataDir: string
  socketDir: string
  logFile: string
  user: ServerUser | undefined
  binaries: Binaries
}

type Layout = Pick<ServerPlace, 'dir' | 'dataDir' | 'user'> & { shelf: string; identity: string }

/** `dir` itself, or a folder in /var/lib/hearback when started as root in a folder that only root can enter. */
export function locate(dir: string): Layout {
  const identity = createHash('sha256').update(dir).digest('hex').slice(0, 12)
  const shelf = '/var/lib/hearback'
  const user = serverUser(path.join(dir, 'pg'))
  const home = user && !canReach(dir, user) ? path.join(shelf, identity) : dir
  return { dir: home, dataDir: path.join(home, 'pg'), user, shelf, identity }
}

/** Creates missing folders and finds the binaries. Throws ConfigurationError when that fails. */
export async function preparePlace(given: string): Promise<ServerPlace> {
  if (process.platform === 'win32')
    throw new ConfigurationError('A local PostgreSQL is not available on Windows: set DATABASE_URL (or use WSL)')
  try {
    makeFolder(given)
    const { dir, dataDir, user, shelf, identity } = locate(fs.realpathSync(given))
    if (user) makeFolder(shelf)
    makeFolder(dir)
    fs.accessSync(fs.existsSync(dataDir) ? dataDir : dir, fs.constants.R_OK | fs.constants.W_OK)
    const binaries = reachableBinaries(await findPostgres(), user, shelf)
    // In the temporary folder, because the path of a socket has at most 107 bytes.
    const temporary = user && !canReach(os.tmpdir(), user) ? '/tmp' : os.tmpdir()
    const socketDir = path.join(temporary, `hearback-${identity}`)
    return { dir, dataDir, socketDir, logFile: path.join(dir, 'postgres.log'), user, binaries }
  } catch (error) {
    const { code, path: file } = error as NodeJS.ErrnoException
    if (!code || error instanceof ConfigurationError) throw error
    throw new ConfigurationError(`The data folder ${given} cannot be used: ${code} at ${file}; or set DATABASE_URL`)
  }
}

/** Makes a folder that only its owner may read. As root, others may enter it, because the server runs as another user. */
function makeFolder(dir: string): void {
  const before = process.umask(process.getuid?.() === 0 ? 0o066 : 0o077)
  try {
    fs.mkdirSync(dir, { recursive: true })
  } finally {
    process.umask(before)
  }
}

/** Creates the socket folder. Checks its owner, because anyone can create a folder in the temporary folder. */
export function prepareSocketDir({ socketDir, user }: ServerPlace): void {
  fs.mkdirSync(socketDir, { recursive: true, mode: 0o700 })
  const stat = fs.lstatSync(socketDir)
  if (!stat.isDirectory() || ![process.getuid?.(), user?.uid].includes(stat.uid))
    throw new ConfigurationError(`${socketDir} belongs to someone else: remove it, or set DATABASE_URL`)
  fs.chmodSync(socketDir, 0o700)
  if (user) fs.chownSync(socketDir, user.uid, user.gid)
}
