import { and, eq, ne, sql } from 'drizzle-orm'
import type { Queryable, Transactional } from '../db/client'
import { accounts } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'
import { type AccountSettings, splitAddresses } from './account-schema'
import { accountSubject, recordAudit } from './audit'
import { raiseConfigVersion } from './config-version'

const columns = {
  name: accounts.name,
  identifier: accounts.identifier,
  npsEnabled: accounts.npsEnabled,
  publishReviews: accounts.publishReviews,
  noticeAddresses: sql<string>`array_to_string(${accounts.noticeAddresses}, e'\\n')`,
  wootricToken: sql<string>`coalesce(${accounts.wootricToken}, '')`,
  teamId: sql<string>`coalesce(${accounts.teamId}, '')`,
}

/** The values of the settings form. */
export async function readAccountSettings(db: Queryable, accountId: string): Promise<AccountSettings> {
  const [settings] = await db.select(columns).from(accounts).where(eq(accounts.id, accountId))
  if (!settings) throw new Error(`there is no account ${accountId}`)
  return settings
}

/** Saves the settings form and records the old and new value of each change. Refuses an identifier that is taken. */
export async function updateAccountSettings(
  db: Transactional,
  accountId: string,
  userId: string | null,
  settings: AccountSettings,
): Promise<FormResult> {
  return db
    .transaction(async (tx) => {
      const [before] = await tx.select(columns).from(accounts).where(eq(accounts.id, accountId)).for('update')
      if (!before) throw new Error(`there is no account ${accountId}`)
      const changes = changesBetween(before, settings)
      if (Object.keys(changes).length === 0) return done(undefined)
      const taken = await tx
        .select({ id: accounts.id })
        .from(accounts)
        .where(and(eq(accounts.identifier, settings.identifier), ne(accounts.id, accountId)))
      if (taken.length > 0) return identifierTaken
      const { wootricToken, teamId, noticeAddresses, ...own } = settings
      await tx
        .update(accounts)
        .set({
          ...own,
          wootricToken: wootricToken || null,
          teamId: teamId || null,
          noticeAddresses: splitAddresses(noticeAddresses),
        })
        .where(eq(accounts.id, accountId))
      await raiseConfigVersion(tx, accountId)
      await recordAudit(tx, accountId, userId, 'account.updated', accountSubject(accountId), changes)
      return done(undefined)
    })
    .catch((error) => {
      // Another account took the identifier after the check above.
      if (isUniqueViolation(error)) return identifierTaken
      throw error
    })
}

const identifierTaken = refused('Another account has this identifier. Choose another.', 'identifier')

const isUniqueViolation = (error: unknown) =>
  error instanceof Error && (error.cause as { code?: string } | undefined)?.code === '23505'

function changesBetween(before: AccountSettings, after: AccountSettings) {
  const names = Object.keys(before) as (keyof AccountSettings)[]
  return Object.fromEntries(
    names.filter((name) => before[name] !== after[name]).map((name) => [name, { from: before[name], to: after[name] }]),
  )
}
