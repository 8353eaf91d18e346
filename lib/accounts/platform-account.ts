import { asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable, Transaction, Transactional } from '../db/client'
import { accounts } from '../db/schema'
import { done, type FormError, type FormResult, missing, refused } from '../form-result'
import type { AccountLimits, Metadata } from './account-limits'
import { type AccountSettings, identifierFrom, identifierSchema } from './account-schema'
import { accountSubject, recordAudit } from './audit'
import { raiseConfigVersion } from './config-version'
import { insertAlone } from './create-account'
import { readAccountSettings, updateAccountSettings } from './settings'

// Accounts as a platform keeps them: under its own ids, with its metadata and the operator's limits.

const record = {
  id: accounts.id,
  externalId: accounts.externalId,
  name: accounts.name,
  identifier: accounts.identifier,
  npsEnabled: accounts.npsEnabled,
  publishReviews: accounts.publishReviews,
  noticeAddresses: accounts.noticeAddresses,
  wootricToken: accounts.wootricToken,
  teamId: accounts.teamId,
  metadata: accounts.metadata,
  limits: accounts.limits,
  suspended: sql<boolean>`${accounts.suspendedAt} is not null`,
  createdAt: accounts.createdAt,
}

const read = (db: Queryable, which: SQL | undefined) => db.select(record).from(accounts).where(which)
export type AccountRecord = Awaited<ReturnType<typeof read>>[number]

/** One account; undefined: there is none of this id. */
export async function readAccountRecord(db: Queryable, accountId: string): Promise<AccountRecord | undefined> {
  const [row] = await read(db, eq(accounts.id, accountId))
  return row
}

/** The accounts of the hub in the order in which they were made, after the account `after`. */
export const listAccountRecords = (
  db: Queryable,
  { after, limit }: { after?: string; limit: number },
): Promise<AccountRecord[]> =>
  read(db, after === undefined ? undefined : gt(accounts.id, after))
    .orderBy(asc(accounts.id))
    .limit(limit)

/** What a platform or an admin says of an account. What is absent stays. */
export type AccountChange = Partial<Omit<AccountSettings, 'noticeAddresses'>> & {
  /** One a line. */
  noticeAddresses?: string
  metadata?: Metadata
  limits?: AccountLimits
}

const identifierMissing = refused('Choose an identifier: neither the id nor the name makes one.', 'identifier')

/**
 * Creates an account under the platform's own id. Nobody belongs to it: an owner is added by invitation. Without an
 * identifier, the id or the name makes it. Refuses an identifier that is taken.
 */
export async function createPlatformAccount(
  db: Database,
  externalId: string,
  { name, identifier, metadata, ...change }: AccountChange & { name: string },
): Promise<FormResult<AccountRecord>> {
  const own = identifierSchema.safeParse(externalId)
  const chosen = identifier ?? (own.success ? own.data : identifierFrom(name))
  if (chosen === '') return identifierMissing
  return db.transaction(async (tx) => {
    const made = await insertAlone(tx, { name, identifier: chosen, externalId, metadata }, null)
    return made.ok ? changePlatformAccount(tx, made.value.accountId, change) : made
  })
}

/** Changes an account, in one transaction. `check` may refuse what it finds before the change. */
export async function changePlatformAccount<R extends { ok: false; errors: FormError[] } = never>(
  db: Transactional,
  accountId: string,
  { metadata, limits, ...settings }: AccountChange,
  check?: (before: AccountRecord) => R | undefined,
): Promise<FormResult<AccountRecord> | R> {
  return db.transaction(async (tx) => {
    await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for('no key update')
    const before = await readAccountRecord(tx, accountId)
    if (!before) return missing('There is no such account.')
    const refusal = check?.(before)
    if (refusal) return refusal
    const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
    const present = await readAccountSettings(tx, accountId)
    const saved = await updateAccountSettings(tx, accountId, null, { ...present, ...given })
    if (!saved.ok) return saved
    await changeJson(tx, accountId, before, { metadata, limits })
    return done((await readAccountRecord(tx, accountId)) as AccountRecord)
  })
}

async function changeJson(
  tx: Transaction,
  accountId: string,
  before: Pick<AccountRecord, 'metadata' | 'limits'>,
  { metadata, limits }: Pick<AccountChange, 'metadata' | 'limits'>,
): Promise<void> {
  const differs = (one: unknown, other: unknown) => other !== undefined && JSON.stringify(one) !== JSON.stringify(other)
  if (differs(before.metadata, metadata)) {
    await tx.update(accounts).set({ metadata }).where(eq(accounts.id, accountId))
    await recordAudit(tx, accountId, null, 'account.updated', accountSubject(accountId), { changed: ['metadata'] })
  }
  if (!differs(before.limits, limits)) return
  await tx.update(accounts).set({ limits }).where(eq(accounts.id, accountId))
  // Ingest keeps the limit of events with the key.
  await raiseConfigVersion(tx, accountId)
  await recordAudit(tx, accountId, null, 'account.limited', accountSubject(accountId), {
    limits: { from: before.limits, to: limits },
  })
}
