import { hashPassword } from 'better-auth/crypto'
import { eq, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../db/client'
import { newId } from '../db/ids'
import { credentials, members, users } from '../db/people-schema'
import { accounts } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'
import type { NewAccount } from './account-schema'
import { recordAudit } from './audit'
import { refuseCommon } from './common-password'

export type CreatedAccount = { accountId: string; userId: string; identifier: string }

/** Whether this hub has no account yet. */
export async function hasNoAccount(db: Queryable): Promise<boolean> {
  const found = await db.select({ id: accounts.id }).from(accounts).limit(1)
  return found.length === 0
}

/**
 * Creates an account and its owner for the operator, in one transaction. Refuses, beside its field, an identifier or e-mail
 * address that is taken and a password that is among the most common ones.
 */
export async function createAccount(db: Database, input: NewAccount): Promise<FormResult<CreatedAccount>> {
  const weak = refuseCommon(input.password, 'password')
  if (weak) return weak
  const password = await hashPassword(input.password)
  return db.transaction((tx) => insertAccount(tx, input, password, 'operator'))
}

/**
 * Creates the first account for its owner, with the refusals of createAccount. Undefined when an account exists by now: of
 * concurrent calls, exactly one creates an account.
 */
export async function createFirstAccount(
  db: Database,
  input: NewAccount,
): Promise<FormResult<CreatedAccount> | undefined> {
  const weak = refuseCommon(input.password, 'password')
  if (weak) return weak
  const password = await hashPassword(input.password)
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('hearback first account'))`)
    return (await hasNoAccount(tx)) ? insertAccount(tx, input, password, 'owner') : undefined
  })
}

async function insertAccount(
  tx: Queryable,
  { name, identifier, email }: NewAccount,
  password: string,
  by: 'operator' | 'owner',
): Promise<FormResult<CreatedAccount>> {
  const [person] = await tx.select({ id: users.id }).from(users).where(eq(users.email, email))
  if (person) return refused('There is already a person with this e-mail address.', 'email')
  const [account] = await tx
    .insert(accounts)
    .values({ id: newId(), name, identifier })
    .onConflictDoNothing({ target: accounts.identifier })
    .returning({ id: accounts.id })
  if (!account) return refused('Another account has this identifier. Choose another.', 'identifier')
  const userId = newId()
  await tx.insert(users).values({ id: userId, email, name: email.slice(0, email.indexOf('@')) })
  await tx.insert(credentials).values({ id: newId(), userId, accountId: userId, providerId: 'credential', password })
  await tx.insert(members).values({ accountId: account.id, userId, role: 'owner' })
  await recordAudit(tx, account.id, by === 'owner' ? userId : null, 'account.created', account.id, { name, identifier })
  return done({ accountId: account.id, userId, identifier })
}
