import { parseArgs } from 'node:util'
import nextEnv from '@next/env'
import { identifierFrom, type NewAccount, newAccountSchema, passwordSchema } from '@/lib/accounts/account-schema'
import { createApiKey } from '@/lib/accounts/api-keys'
import { createAccount } from '@/lib/accounts/create-account'
import { openDatabase, openPool } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { ConfigurationError } from '@/lib/env'
import { connectLocalPostgres } from '@/lib/local-postgres/local-postgres'
import { dataFolder, startLocal } from '@/lib/local-postgres/prepare-local'
import { readPassword } from './read-password'

// npm run account -- create …: creates an account and its owner. The password is the first line of the standard input, or
// is prompted for on a terminal, so that it stands neither in the shell's history nor in the list of processes. Exits with
// 0 when the account was created, 1 when it was not, 2 when the command was not understood. With --api-key it also creates
// a key that may post events and prints it alone on a line of the standard output, `api key: hb_…`, for scripts to read.

const usage =
  'npm run account -- create --name … --email … [--identifier …] [--api-key], with the password on standard input'

/** A fault that the person at the shell can correct, in one line. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message)
  }
}

async function readInput(): Promise<{ account: NewAccount; withKey: boolean }> {
  const { values, positionals } = understand()
  if (positionals.length !== 1 || positionals[0] !== 'create') throw new Refusal(`Say what to do: ${usage}`, 2)
  for (const name of ['name', 'email'] as const)
    if (values[name] === undefined) throw new Refusal(`--${name} is missing: ${usage}`, 2)
  const identifier = values.identifier ?? identifierFrom(values.name ?? '')
  if (!identifier) throw new Refusal('No identifier can be made from this name: give one with --identifier', 2)
  const parsed = newAccountSchema.omit({ password: true }).safeParse({ ...values, identifier })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Refusal(`--${String(issue?.path[0])}: ${issue?.message}`, 2)
  }
  const given = await readPassword(process.stdin, process.stderr)
  if (given === '') throw new Refusal(`There is no password on the standard input: ${usage}`, 2)
  const password = passwordSchema.safeParse(given)
  if (!password.success) throw new Refusal(`Password: ${password.error.issues[0]?.message}`, 2)
  return { account: { ...parsed.data, password: password.data }, withKey: values['api-key'] }
}

function understand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        email: { type: 'string' },
        identifier: { type: 'string' },
        'api-key': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Refusal(`${(error as Error).message.split('. ')[0]}: ${usage}`, 2)
  }
}

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
  const { account, withKey } = await readInput()
  await withDatabase(async (url) => {
    const pool = openPool(url, { max: 2 })
    try {
      await migrate(pool)
      const db = openDatabase(pool)
      const made = await createAccount(db, account)
      if (!made.ok) throw new Refusal(made.errors.map(({ message }) => message).join(' '), 1)
      console.log(`Account ${made.value.identifier} was created; ${account.email} owns it.`)
      if (!withKey) return
      const form = { name: 'Created with the account', scopes: ['ingest' as const] }
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
  console.error(unreachable ? `The account was not created: ${error.cause?.message ?? error.message}` : error)
  process.exitCode = 1
})
