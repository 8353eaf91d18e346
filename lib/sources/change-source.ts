import { and, eq, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Queryable, Transactional } from '../db/client'
import { newId } from '../db/ids'
import { sources } from '../db/schema'
import { done, type FormResult, missing, refused } from '../form-result'
import { sourcesAtMost } from '../pipeline/ingest/register-sources'
import { showId } from '../type-id'
import { lockAccount } from '../webhooks/account-lock'
import { countSources, readSource } from './source-queries'
import type { NewSourceForm, SourceForm } from './source-schema'

// Each change raises config_version, because ingest caches sources.

const sourceSubject = (sourceId: string) => `source ${showId('source', sourceId)}`
const gone = missing('There is no such source. Go back to the list.')

/** Registers a source before its first event. Refuses a key that another source has, archived or not. */
export async function createSource(
  db: Transactional,
  {
    accountId,
    userId,
    source: { key, name, kind },
  }: { accountId: string; userId: string | null; source: NewSourceForm },
): Promise<FormResult<{ sourceId: string }>> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if ((await countSources(tx, accountId)) >= sourcesAtMost)
      return refused(`This account has ${sourcesAtMost.toLocaleString('en')} sources, which is the most there can be.`)
    const id = newId()
    // Ingest may register the same key at the same moment; the unique key decides.
    const [made] = await tx
      .insert(sources)
      .values({ accountId, id, key, name, kind })
      .onConflictDoNothing({ target: [sources.accountId, sources.key] })
      .returning({ id: sources.id })
    if (!made) return refused(await takenWords(tx, accountId, key), 'key')
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'source.created', sourceSubject(id), { key, name, kind })
    return done({ sourceId: id })
  })
}

async function takenWords(db: Queryable, accountId: string, key: string): Promise<string> {
  const [other] = await db
    .select({ name: sources.name, archivedAt: sources.archivedAt })
    .from(sources)
    .where(and(eq(sources.accountId, accountId), eq(sources.key, key)))
  const archived = other?.archivedAt ? ', which is archived' : ''
  return `The key "${key}" is taken by the source "${other?.name ?? key}"${archived}. Choose another key.`
}

export type SourceEdit = { accountId: string; userId: string | null; sourceId: string; source: SourceForm }

/** Saves name, kind and vendor ids. The audit entry names each change, from and to. The key never changes. */
export async function updateSource(
  db: Transactional,
  { accountId, userId, sourceId, source }: SourceEdit,
): Promise<FormResult> {
  const { name, kind, vendorIds } = source
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const before = await readSource(tx, accountId, sourceId)
    if (!before) return gone
    const after = { name, kind, ...flat(vendorIds) }
    const changed = changesBetween({ name: before.name, kind: before.kind, ...flat(before.vendorIds) }, after)
    if (Object.keys(changed).length === 0) return done(undefined)
    await tx.update(sources).set({ name, kind, vendorIds }).where(own(accountId, sourceId))
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'source.updated', sourceSubject(sourceId), changed)
    return done(undefined)
  })
}

/**
 * Archives a source or restores it. An archived source keeps its links and its history. An event that names it restores it
 * (lib/pipeline/ingest/register-sources.ts).
 */
export async function archiveSource(
  db: Transactional,
  accountId: string,
  userId: string | null,
  sourceId: string,
  archived: boolean,
): Promise<FormResult> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const before = await readSource(tx, accountId, sourceId)
    if (!before) return gone
    if (before.archived === archived) return done(undefined)
    await tx
      .update(sources)
      .set({ archivedAt: archived ? sql`hub_now()` : null })
      .where(own(accountId, sourceId))
    await raiseConfigVersion(tx, accountId)
    const action = archived ? 'source.archived' : 'source.restored'
    await recordAudit(tx, accountId, userId, action, sourceSubject(sourceId), { key: before.key, name: before.name })
    return done(undefined)
  })
}

const own = (accountId: string, sourceId: string) => and(eq(sources.accountId, accountId), eq(sources.id, sourceId))

const flat = ({ thermometerId, wootricSurveyId, rateupSurveyId }: SourceForm['vendorIds']) => ({
  thermometerId,
  wootricSurveyId,
  rateupSurveyId,
})

function changesBetween<T extends Record<string, unknown>>(before: T, after: T) {
  const names = Object.keys(after).filter((name) => before[name] !== after[name])
  return Object.fromEntries(names.map((name) => [name, { from: before[name] ?? null, to: after[name] ?? null }]))
}
