import type pg from 'pg'
import { ConfigurationError } from '../env'
import { OLDEST_MAJOR } from '../local-postgres/binaries'

/** Throws ConfigurationError, one plain line without the password, when the database cannot be used. */
export async function checkDatabase(pool: pg.Pool, databaseUrl: string): Promise<void> {
  const place = describe(databaseUrl)
  let version: number
  try {
    const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num')
    version = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  } catch (error) {
    throw new ConfigurationError(`The database ${place} cannot be used: ${reason(error)}`)
  }
  if (version >= OLDEST_MAJOR) return
  throw new ConfigurationError(
    `The database ${place} is PostgreSQL ${version}; Hearback needs ${OLDEST_MAJOR} or later`,
  )
}

/** `name at host:port`, never user or password. */
function describe(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  const name = decodeURIComponent(url.pathname.slice(1))
  return `${name ? `"${name}" ` : ''}at ${url.searchParams.get('host') ?? (url.host || 'localhost')}`
}

/** PostgreSQL's message, or the error code: a failure on several addresses (localhost) has an empty message. */
function reason(error: unknown): string {
  const { errors, message, code } = error as { errors?: Error[]; message?: string; code?: string }
  return ((errors?.[0]?.message ?? message) || code || String(error)).replaceAll(/\s+/g, ' ')
}
