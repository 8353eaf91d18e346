import path from 'node:path'
import { ConfigurationError } from '../env'
import { connectLocalPostgres, type LocalPostgres, startLocalPostgres } from './local-postgres'
import { localSecrets } from './local-secrets'

// Completes the environment of a process without DATABASE_URL before env() parses it. Values that are set are kept.

type Environment = Record<string, string | undefined>

/** The folder of the local database and its secrets: HEARBACK_DATA_DIR, or `.hearback/` in the working directory. */
export const dataFolder = (environment: Environment): string =>
  path.resolve(environment.HEARBACK_DATA_DIR || '.hearback')

/** For the hub: starts and owns the local database. Undefined when DATABASE_URL is set. */
export async function startLocal(
  environment: Environment,
  onLost: (error: Error) => void,
): Promise<LocalPostgres | undefined> {
  if (environment.DATABASE_URL) return undefined
  const dir = dataFolder(environment)
  const local = await startLocalPostgres({ dir, onLost })
  try {
    await complete(environment, dir, local.url)
  } catch (error) {
    await local.stop()
    throw error
  }
  return local
}

/** For a process beside a running hub (`npm run worker`, `npm run demo`): uses the database that the hub owns. */
export async function joinLocal(environment: Environment, command: string): Promise<void> {
  if (environment.DATABASE_URL) return
  const dir = dataFolder(environment)
  const url = await connectLocalPostgres({ dir })
  if (!url)
    throw new ConfigurationError(
      `${command} found no running hub in ${dir}: start it first (npm start), or set DATABASE_URL`,
    )
  await complete(environment, dir, url)
}

async function complete(environment: Environment, dir: string, url: string): Promise<void> {
  const hasSecrets = environment.HEARBACK_SECRET_KEYS && environment.HEARBACK_SESSION_SECRET
  const values = {
    ...(hasSecrets ? {} : await localSecrets(dir, url)),
    DATABASE_URL: url,
    HEARBACK_URL: `http://localhost:${environment.PORT || 3000}`,
  }
  for (const [name, value] of Object.entries(values)) environment[name] ||= value
}
