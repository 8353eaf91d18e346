import nextEnv from '@next/env'
import { type Database, openDatabase, openPool } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { ConfigurationError } from '@/lib/env'
import { connectLocalPostgres } from '@/lib/local-postgres/local-postgres'
import { dataFolder, joinLocal, startLocal } from '@/lib/local-postgres/prepare-local'
import { Refusal } from './account/refusal'

// What the commands of whoever runs the hub share: the database and its secrets, and how a command ends. It exits with 0 when
// it was done, 1 when it was not, 2 when it was not understood.

/**
 * Runs a command on the database of DATABASE_URL, else on that of the hub running here. When none runs, it starts the local one
 * for this command.
 */
export function operatorCommand(run: (db: Database) => Promise<void>, understand: () => void = () => {}): void {
  const main = async () => {
    nextEnv.loadEnvConfig(process.cwd(), false, { info() {}, error: console.error })
    understand()
    await withDatabase(async (url) => {
      const pool = openPool(url, { max: 2 })
      try {
        await migrate(pool)
        await run(openDatabase(pool))
      } finally {
        await pool.end()
      }
    })
  }
  main().catch((error) => {
    if (error instanceof Refusal) {
      console.error(error.message)
      process.exitCode = error.exitCode
      return
    }
    const unreachable = error instanceof ConfigurationError || 'code' in error || error.cause?.code
    console.error(unreachable ? `Nothing was done: ${error.cause?.message ?? error.message}` : error)
    process.exitCode = 1
  })
}

async function withDatabase(use: (url: string) => Promise<void>): Promise<void> {
  if (process.env.DATABASE_URL) return use(process.env.DATABASE_URL)
  if (await connectLocalPostgres({ dir: dataFolder(process.env) })) {
    await joinLocal(process.env, 'this command')
    return use(process.env.DATABASE_URL as string)
  }
  const local = await startLocal(process.env, () => {})
  try {
    await use(process.env.DATABASE_URL as string)
  } finally {
    await local?.stop()
  }
}
