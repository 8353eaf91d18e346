import {
  accountNameSchema,
  emailSchema,
  identifierFrom,
  identifierSchema,
  passwordSchema,
} from '@/lib/accounts/account-schema'
import { createApiKey } from '@/lib/accounts/api-keys'
import { makeAuth } from '@/lib/accounts/auth'
import { type CreatedAccount, createAccount, createAccountFor } from '@/lib/accounts/create-account'
import type { Database } from '@/lib/db/client'
import type { FormResult } from '@/lib/form-result'
import { addOwner, findAccount, listAccounts, removeTwoFactor, suspendAccount } from '@/lib/people/operator'
import { findPerson, makeResetPath } from '@/lib/people/reset-password'
import { readPassword } from '../read-password'
import { type Command, optionBy, type understand, usageOf } from './arguments'
import { Refusal } from './refusal'

type Values = ReturnType<typeof understand>['values']
type Run = (db: Database, values: Values) => Promise<void>

/** The address of the hub, as start-up knows it. */
const hubUrl = () => (process.env.HEARBACK_URL || `http://localhost:${process.env.PORT || 3000}`).replace(/\/$/, '')

async function create(db: Database, values: Values): Promise<void> {
  const identifier = values.identifier ?? identifierFrom(values.name ?? '')
  if (!identifier) throw new Refusal('No identifier can be made from this name: give one with --identifier', 2)
  const email = optionBy(emailSchema, 'email', values.email)
  const account = {
    name: optionBy(accountNameSchema, 'name', values.name),
    identifier: optionBy(identifierSchema, 'identifier', identifier),
  }
  const person = await findPerson(db, email)
  const made = person
    ? await createAccountFor(db, account, person.id)
    : await createAccount(db, { ...account, email, password: await newPassword() })
  const { accountId } = unlessRefused(made)
  console.log(`Account ${account.identifier} was created; ${email} owns it${person ? ' and signs in as before' : ''}.`)
  if (!values['api-key']) return
  const form = { name: 'Created with the account', scopes: ['ingest' as const] }
  const { key } = await createApiKey(db, accountId, null, form)
  console.log(`api key: ${key}`)
}

function unlessRefused(made: FormResult<CreatedAccount>): CreatedAccount {
  if (!made.ok) throw new Refusal(made.errors.map(({ message }) => message).join(' '), 1)
  return made.value
}

async function newPassword(): Promise<string> {
  const given = await readPassword(process.stdin, process.stderr)
  if (given === '') throw new Refusal(`There is no password on the standard input: ${usageOf('create')}`, 2)
  const password = passwordSchema.safeParse(given)
  if (!password.success) throw new Refusal(`Password: ${password.error.issues[0]?.message}`, 2)
  return password.data
}

async function list(db: Database): Promise<void> {
  const found = await listAccounts(db)
  for (const { identifier, name, owners, members, suspended } of found)
    console.log(
      [identifier, name, `${members} members`, owners.join(' '), ...(suspended ? ['suspended'] : [])].join('\t'),
    )
  if (found.length === 0) console.log('There is no account yet.')
}

async function resetLink(db: Database, values: Values): Promise<void> {
  const email = optionBy(emailSchema, 'email', values.email)
  const person = await findPerson(db, email)
  if (!person) throw new Refusal('There is no person with this e-mail address.', 1)
  if (values['two-factor-off']) await removeTwoFactor(db, person.id)
  // The link needs no secret: its token is stored as a plain hash. The library asks for one.
  const auth = makeAuth(db, {
    url: hubUrl(),
    secret: process.env.HEARBACK_SESSION_SECRET || 'not used for links of this command',
  })
  console.log(`${hubUrl()}${await makeResetPath(auth, person.id)}`)
  console.error(`This link lets ${email} choose a new password, once, within 30 minutes.`)
}

const suspend =
  (suspended: boolean): Run =>
  async (db, values) => {
    const identifier = values.account ?? ''
    const changed = await suspendAccount(db, await accountOf(db, identifier), suspended)
    const state = suspended ? 'suspended' : 'open'
    console.log(`Account ${identifier} ${changed ? 'is' : 'was already'} ${state}.`)
  }

async function add(db: Database, values: Values): Promise<void> {
  const email = optionBy(emailSchema, 'email', values.email)
  const { path } = await addOwner(db, await accountOf(db, values.account ?? ''), email)
  if (!path) return console.log(`${email} owns ${values.account} now.`)
  console.log(`${hubUrl()}${path}`)
  console.error(`${email} has no sign-in yet. This link makes one, once, within seven days.`)
}

async function accountOf(db: Database, identifier: string): Promise<string> {
  const id = await findAccount(db, identifier)
  if (!id) throw new Refusal(`There is no account with the identifier ${identifier}: list names them all.`, 1)
  return id
}

export const commands: Record<Command, Run> = {
  create,
  list,
  'reset-link': resetLink,
  suspend: suspend(true),
  resume: suspend(false),
  'add-owner': add,
}
