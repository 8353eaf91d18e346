import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { connection } from '../db/connection'
import { sessionName } from '../db/session-name'
import { ConfigurationError } from '../env'
import * as z from '../zod'

// The secrets of a hub without DATABASE_URL, made once and kept beside its data. Without them every sealed value is lost.

const schema = z.object({ HEARBACK_SECRET_KEYS: z.string().min(1), HEARBACK_SESSION_SECRET: z.string().min(32) })

export type LocalSecrets = z.infer<typeof schema>

/**
 * Reads `<dir>/secrets.json`, or makes it (mode 0600, complete or not at all) when there is none and the local database at
 * `url` is new. Throws ConfigurationError, one line, when the file is damaged, or missing beside a database that was in
 * use: new secrets would open none of the sealed values in it.
 */
export async function localSecrets(dir: string, url: string): Promise<LocalSecrets> {
  const file = path.join(dir, 'secrets.json')
  const found = readSecrets(file)
  if (found) return found
  if (await wasMigrated(url))
    throw new ConfigurationError(
      `${file} is missing, but the database beside it is in use: restore it from a backup, or set HEARBACK_SECRET_KEYS and HEARBACK_SESSION_SECRET to what it held; without them the sealed secrets cannot be opened`,
    )
  return makeSecrets(file)
}

async function wasMigrated(url: string): Promise<boolean> {
  const client = new pg.Client(connection(url, sessionName()))
  await client.connect()
  try {
    const { rows } = await client.query<{ known: boolean }>(`select to_regclass('migrations') is not null as known`)
    return rows[0]?.known === true
  } finally {
    await client.end()
  }
}

function readSecrets(file: string): LocalSecrets | undefined {
  if (!fs.existsSync(file)) return undefined
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, 'utf8')))
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'not the secrets that Hearback wrote'
    throw new ConfigurationError(
      `${file} cannot be read (${why}): restore it from a backup; without it the sealed secrets cannot be opened`,
    )
  }
}

function makeSecrets(file: string): LocalSecrets {
  const secrets = {
    // Each file has a key id of its own, so that a value sealed with a lost file names a key that the ring lacks.
    HEARBACK_SECRET_KEYS: `local-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`,
    HEARBACK_SESSION_SECRET: randomBytes(32).toString('base64url'),
  }
  const half = `${file}.${process.pid}`
  const descriptor = fs.openSync(half, 'w', 0o600)
  fs.writeSync(descriptor, `${JSON.stringify(secrets, null, 2)}\n`)
  fs.fsyncSync(descriptor)
  fs.closeSync(descriptor)
  try {
    // Unlike a rename, a link never replaces the secrets that another process made at the same time.
    fs.linkSync(half, file)
    return secrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readSecrets(file) as LocalSecrets
  } finally {
    fs.rmSync(half)
  }
}
