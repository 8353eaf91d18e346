import path from 'node:path'
import { ConfigurationError } from '../env'
import { connectLocalPostgres, type LocalPostgres, startLocalPostgres } from './local-postgres'
import { localSecrets } from './local-secrets'

// What a process without DATABASE_URL needs before env() can be parsed. Values that are set are left as they are.

type Environment = Record<string, string | undefined>

/** Where the local database and secrets are: `.hearback/` where Hearback was started, or HEARBACK_DATA_DIR. */
export const dataFolder = (environment: Environment): string =>
  path.resolve(environment.HEARBACK_DATA_DIR || '.hearback')

/** For the hub: starts and owns the local database. Undefined when DATABASE_URL names another one. */
export async function startLocal(
  environment: Environment,
  onLost: (error: Error) => void,
): Promise<LocalPostgres | undefined> {
  if (environment.DATABASE_URL) return undefined
  const dir = dataFolder(environment)
  const local = await startLocalPostgres({ dir, onLost })
  try {
    complete(environment, dir, local.url)
  } catch (error) {
    await local.stop()
    throw error
  }
  return local
}

/** For what works beside a running hub (`npm run worker`, `npm run account`): uses the database that hub owns. */
export async function joinLocal(environment: Environment, command: string): Promise<void> {
  if (environment.DATABASE_URL) return
  const dir = dataFolder(environment)
  const url = await connectLocalPostgres({ dir })
  if (!url)
    throw new ConfigurationError(
      `${command} found no running hub in ${dir}: start it first (npm start), or set DATABASE_URL`,
    )
  complete(environment, dir, url)
}

function complete(environment: Environment, dir: string, url: string): void {
  const values = {
    ...localSecrets(dir),
    DATABASE_URL: url,
    HEARBACK_URL: `http://localhost:${environment.PORT || 3000}`,
  }
  for (const [name, value] of Object.entries(values)) environment[name] ||= value
}
