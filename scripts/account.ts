import nextEnv from '@next/env'
import { openDatabase, openPool } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { ConfigurationError } from '@/lib/env'
import { connectLocalPostgres } from '@/lib/local-postgres/local-postgres'
import { dataFolder, startLocal } from '@/lib/local-postgres/prepare-local'
import { understand } from './account/arguments'
import { commands } from './account/commands'
import { Refusal } from './account/refusal'

// npm run account: what whoever runs the hub does with accounts and people. A password is the first line of the standard
// input, or is prompted for on a terminal, so that it stands neither in the shell's history nor in the list of processes.
// Exits with 0 when it was done, 1 when it was not, 2 when the command was not understood. What scripts read stands alone on
// a line of the standard output: `api key: hbk_…`, a link.

/** The database of DATABASE_URL, else that of the hub running here. When none runs, starts the local one for this command. */
async function withDatabase(use: (url: string) => Promise<void>): Promise<void> {
  if (process.env.DATABASE_URL) return use(process.env.DATABASE_URL)
  const running = await connectLocalPostgres({ dir: dataFolder(process.env) })
  if (running) return use(running)
  const local = await startLocal(process.env, () => {})
  try {
    await use(process.env.DATABASE_URL as string)
  } finally {
    await local?.stop()
  }
}

async function main(): Promise<void> {
  nextEnv.loadEnvConfig(process.cwd(), false, { info() {}, error: console.error })
  const { command, values } = understand()
  await withDatabase(async (url) => {
    const pool = openPool(url, { max: 2 })
    try {
      await migrate(pool)
      await commands[command](openDatabase(pool), values)
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
