import { parseArgs } from 'node:util'
import nextEnv from '@next/env'
import { identifierFrom, newAccountSchema } from '@/lib/accounts/account-schema'
import { createApiKey } from '@/lib/accounts/api-keys'
import { createAccount } from '@/lib/accounts/create-account'
import { openDatabase, openPool } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { ConfigurationError } from '@/lib/env'
import { connectLocalPostgres, startLocalPostgres } from '@/lib/local-postgres/local-postgres'
import { dataFolder } from '@/lib/local-postgres/prepare-local'

// npm run account -- create …: makes an account and its owner. Exits with 0 when made, 1 when not, 2 when it was not
// understood. With --api-key it also makes a key that may post events: `api key: hb_…` stands alone on its line of the
// standard output, so that scripts can take it.

const usage = 'npm run account -- create --name … --email … --password … [--identifier …] [--api-key]'

/** What the person who ran the command can put right; one line. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message)
  }
}

function readArguments() {
  const { values, positionals } = understand()
  if (positionals.length !== 1 || positionals[0] !== 'create') throw new Refusal(`Say what to do: ${usage}`, 2)
  for (const name of ['name', 'email', 'password'] as const)
    if (values[name] === undefined) throw new Refusal(`--${name} is missing: ${usage}`, 2)
  const identifier = values.identifier ?? identifierFrom(values.name ?? '')
  if (!identifier) throw new Refusal('No identifier can be made from this name: give one with --identifier', 2)
  const parsed = newAccountSchema.safeParse({ ...values, identifier })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Refusal(`--${String(issue?.path[0])}: ${issue?.message}`, 2)
  }
  return { account: parsed.data, withKey: values['api-key'] }
}

function understand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        email: { type: 'string' },
        password: { type: 'string' },
        identifier: { type: 'string' },
        'api-key': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Refusal(`${(error as Error).message.split('. ')[0]}: ${usage}`, 2)
  }
}

/** The database of DATABASE_URL, of the hub that runs here, or of the one that is stopped. */
async function withDatabase(use: (url: string) => Promise<void>): Promise<void> {
  if (process.env.DATABASE_URL) return use(process.env.DATABASE_URL)
  const dir = dataFolder(process.env)
  const running = await connectLocalPostgres({ dir })
  if (running) return use(running)
  const local = await startLocalPostgres({ dir })
  try {
    await use(local.url)
  } finally {
    await local.stop()
  }
}

async function main(): Promise<void> {
  nextEnv.loadEnvConfig(process.cwd(), false, { info() {}, error: console.error })
  const { account, withKey } = readArguments()
  await withDatabase(async (url) => {
    const pool = openPool(url, { max: 2 })
    try {
      await migrate(pool)
      const db = openDatabase(pool)
      const made = await createAccount(db, account)
      if (!made.ok) throw new Refusal(made.errors.map(({ message }) => message).join(' '), 1)
      console.log(`Account ${made.value.identifier} is made; ${account.email} owns it.`)
      if (!withKey) return
      const form = { name: 'Made with the account', scopes: ['ingest' as const] }
      const { key } = await createApiKey(db, made.value.accountId, null, form)
      console.log(`api key: ${key}`)
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
  console.error(unreachable ? `The account was not made: ${error.cause?.message ?? error.message}` : error)
  process.exitCode = 1
})
