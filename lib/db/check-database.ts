import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { ConfigurationError } from '../env'
import { OLDEST_MAJOR } from '../local-postgres/binaries'
import { describeAddress } from './connection'
import { hasOwnSessions } from './own-sessions'

// What a start asks of the database. What can never work is refused in one line, without the password.

type Options = {
  /** How long to wait for a database that is not up yet, in milliseconds. */
  patienceMs?: number
  /** Is told once that the start waits. */
  say?: (words: string) => void
  /** Ends the waiting. */
  signal?: AbortSignal
}

/**
 * Resolves when the database can be used. Waits for one that is not up yet. Throws ConfigurationError when it stays away, is
 * too old, does not store UTF-8, takes no writes, or shares its sessions with other clients.
 */
export async function checkDatabase(pool: pg.Pool, address: string, options: Options = {}): Promise<void> {
  const place = `The database ${describeAddress(address)}`
  const wrong = tooOld(await readVersion(pool, place, options)) ?? wrongWith(await readFacts(pool))
  if (wrong) throw new ConfigurationError(`${place} ${wrong}`)
  if (await hasOwnSessions(pool)) return
  throw new ConfigurationError(
    `${place} is behind a pooler such as PgBouncer that lends sessions for a transaction or a statement; Hearback listens and locks in sessions of its own: give the address of PostgreSQL itself, or of a pool in session mode`,
  )
}

/** The major version, once the database answers. */
async function readVersion(pool: pg.Pool, place: string, options: Options): Promise<number> {
  const { patienceMs = 60_000, say = console.error, signal } = options
  const until = Date.now() + patienceMs
  for (let said = false; ; said = true) {
    try {
      const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num')
      return Math.floor(Number(rows[0]?.server_version_num) / 10_000)
    } catch (error) {
      const why = reason(error)
      if (!mayPass(error) || Date.now() >= until) throw new ConfigurationError(`${place} cannot be used: ${why}`)
      if (!said) say(`${place} does not answer yet (${why}): waiting for it, at most ${patienceMs / 1000} s`)
      await sleep(Math.min(500, patienceMs / 10), undefined, { signal })
    }
  }
}

const tooOld = (version: number): string | undefined =>
  version < OLDEST_MAJOR ? `is PostgreSQL ${version}; Hearback needs ${OLDEST_MAJOR} or later` : undefined

type Facts = { encoding: string; standby: boolean; read_only: boolean }

async function readFacts(pool: pg.Pool): Promise<Facts> {
  const { rows } = await pool.query<Facts>(
    `select current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby,
       current_setting('default_transaction_read_only') = 'on' as read_only`,
  )
  return rows[0] as Facts
}

function wrongWith({ encoding, standby, read_only }: Facts): string | undefined {
  if (encoding !== 'UTF8')
    return `has the encoding ${encoding}; Hearback needs UTF8: make another one (create database … encoding 'UTF8' template template0)`
  if (standby) return 'is a standby, which takes no writes: give the address of its primary'
  if (read_only) return 'is read-only (default_transaction_read_only is on): Hearback writes to it'
}

/** Nobody listens there yet, or PostgreSQL is starting, stopping or full of connections. */
const passing = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['ENOENT', '57P01', '57P02', '57P03', '53300'],
])

/** node-postgres gives errors of its own no code; PgBouncer says "server login has been failing" of a PostgreSQL that is down. */
const passingWords = /^(timeout e|Connection terminated|connect failed|server login has been failing)/

const mayPass = (error: unknown): boolean => {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return passing.has(code) || passingWords.test(message)
}

/** PostgreSQL's message, or the error code: a failure on several addresses (localhost) has an empty message. */
function reason(error: unknown): string {
  const { errors, message, code } = error as { errors?: Error[]; message?: string; code?: string }
  return ((errors?.[0]?.message ?? message) || code || String(error)).replaceAll(/\s+/g, ' ')
}
