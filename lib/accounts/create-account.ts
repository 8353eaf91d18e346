import { hashPassword } from 'better-auth/crypto'
import { eq, sql } from 'drizzle-orm'
import type { Database, Queryable, Transaction } from '../db/client'
import { newId } from '../db/ids'
import { members, users } from '../db/people-schema'
import { accounts } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'
import { insertPerson } from '../people/join'
import type { NewAccount } from './account-schema'
import { accountSubject, recordAudit } from './audit'
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
  return db.transaction((tx) => insertAccountAndPerson(tx, input, password, 'operator'))
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
    return (await hasNoAccount(tx)) ? insertAccountAndPerson(tx, input, password, 'owner') : undefined
  })
}

/** Creates another account for a person who has a sign-in, for the operator. Refuses an identifier that is taken. */
export function createAccountFor(
  db: Database,
  account: Pick<NewAccount, 'name' | 'identifier'>,
  userId: string,
): Promise<FormResult<CreatedAccount>> {
  return db.transaction((tx) => insertAccount(tx, account, userId, null))
}

async function insertAccountAndPerson(
  tx: Transaction,
  { email, ...account }: NewAccount,
  password: string,
  by: 'operator' | 'owner',
): Promise<FormResult<CreatedAccount>> {
  const userId = await insertPerson(tx, email, password)
  if (!userId) return refused('There is already a person with this e-mail address.', 'email')
  const made = await insertAccount(tx, account, userId, by === 'owner' ? userId : null)
  // No person without an account is left behind.
  if (!made.ok) await tx.delete(users).where(eq(users.id, userId))
  return made
}

async function insertAccount(
  tx: Transaction,
  account: Pick<NewAccount, 'name' | 'identifier'>,
  userId: string,
  by: string | null,
): Promise<FormResult<CreatedAccount>> {
  const made = await insertAlone(tx, account, by)
  if (!made.ok) return made
  const { accountId } = made.value
  await tx.insert(members).values({ accountId, userId, role: 'owner' })
  return done({ accountId, userId, identifier: account.identifier })
}

/** Inserts an account that nobody belongs to, as the platform makes them. Refuses an identifier that is taken. */
export async function insertAlone(
  tx: Transaction,
  { name, identifier, ...set }: Pick<typeof accounts.$inferInsert, 'name' | 'identifier' | 'externalId' | 'metadata'>,
  by: string | null,
): Promise<FormResult<{ accountId: string }>> {
  const [account] = await tx
    .insert(accounts)
    .values({ id: newId(), name, identifier, ...set })
    .onConflictDoNothing({ target: accounts.identifier })
    .returning({ id: accounts.id })
  if (!account) return refused('Another account has this identifier. Choose another.', 'identifier')
  await recordAudit(tx, account.id, by, 'account.created', accountSubject(account.id), { name, identifier })
  return done({ accountId: account.id })
}
