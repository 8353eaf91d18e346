import { createHash } from 'node:crypto'
import { and, count, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { sources, webhookSources, webhooks } from '../db/schema'
import { refused } from '../form-result'
import { linkWords, testFirst } from '../sources/source-words'
import type { Difference } from './save-result'
import type { WebhookForm } from './webhook-schema'

// The sources whose events a webhook is called for: all of the account's, or the linked ones.

/** The linked sources by name; null: all sources. */
export type Links = { id: string; name: string }[] | null

/** The links when an edit was opened: a hash that shows whether somebody changed them since, and their names. */
export type OpenedLinks = { mark: string; words: string }

/** The ids that a form chooses, each once; null: all sources. */
export const wantedSources = (sources: WebhookForm['sources']): string[] | null =>
  sources.kind === 'all' ? null : [...new Set(sources.ids)]

/** The present links of a webhook. */
export async function readLinks(db: Queryable, accountId: string, webhookId: string): Promise<Links> {
  const [webhook] = await db
    .select({ allSources: webhooks.allSources })
    .from(webhooks)
    .where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId)))
  if (webhook?.allSources !== false) return null
  return db
    .select({ id: sources.id, name: sources.name })
    .from(webhookSources)
    .innerJoin(sources, and(eq(sources.accountId, webhookSources.accountId), eq(sources.id, webhookSources.sourceId)))
    .where(ofWebhook(accountId, webhookId))
    .orderBy(sql`lower(${sources.name})`, sources.id)
}

/** Which of the wanted sources are not linked yet. */
export function addedSources(links: Links, wanted: string[] | null): string[] {
  const linked = new Set(links?.map(({ id }) => id))
  return wanted?.filter((id) => !linked.has(id)) ?? []
}

/**
 * Returns why these sources can't be added, or undefined. A source must be this account's and in use, and `passed` must
 * say that a test fire of the call has passed. Existing links are not checked again.
 */
export async function refuseAdded(
  db: Queryable,
  accountId: string,
  added: string[],
  passed: () => Promise<boolean>,
): Promise<ReturnType<typeof refused> | undefined> {
  if (added.length === 0) return undefined
  const [open] = await db
    .select({ n: count() })
    .from(sources)
    .where(and(eq(sources.accountId, accountId), among(sources.id, added), isNull(sources.archivedAt)))
  if (open?.n !== added.length)
    return refused(
      'One of the chosen sources was archived in the meantime. Take it out, or bring it back first.',
      'sources',
    )
  return (await passed()) ? undefined : refused(testFirst, 'sources')
}

/** Adds and removes links until they are the wanted ones; null: all sources. Existing links keep their `tested`. */
export async function writeLinks(
  db: Queryable,
  accountId: string,
  webhookId: string,
  wanted: string[] | null,
  { tested }: { tested: boolean },
): Promise<void> {
  const kept = wanted ?? []
  await db
    .delete(webhookSources)
    .where(and(ofWebhook(accountId, webhookId), sql`not ${among(webhookSources.sourceId, kept)}`))
  if (kept.length > 0)
    await db.execute(sql`
      insert into webhook_sources (account_id, webhook_id, source_id, tested)
      select ${accountId}, ${webhookId}, id, ${tested} from unnest(${sql.param(kept)}::uuid[]) as id
      on conflict do nothing`)
  await db
    .update(webhooks)
    .set({ allSources: wanted === null })
    .where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId)))
}

/** The links as an edit keeps them. */
export const openedLinks = (links: Links): OpenedLinks => ({
  mark: markOf(links?.map(({ id }) => id) ?? null),
  words: linkWords(links?.map(({ name }) => name) ?? null),
})

/** The change that somebody else made to the links since they were opened, if saving `wanted` would undo it. */
export async function linkConflict(
  db: Queryable,
  accountId: string,
  opened: OpenedLinks,
  theirs: Links,
  wanted: string[] | null,
): Promise<Difference[]> {
  const current = openedLinks(theirs)
  if (current.mark === opened.mark || current.mark === markOf(wanted)) return []
  const yours = linkWords(wanted && (await namesOf(db, accountId, wanted)))
  return [{ label: 'Sources', before: opened.words, theirs: current.words, yours }]
}

/** Whether the links are the wanted ones already. */
export const sameSources = (links: Links, wanted: string[] | null): boolean =>
  openedLinks(links).mark === markOf(wanted)

const markOf = (ids: string[] | null): string =>
  ids === null ? 'all' : createHash('sha256').update(ids.toSorted().join()).digest('base64url')

async function namesOf(db: Queryable, accountId: string, ids: string[]): Promise<string[]> {
  const rows = await db
    .select({ name: sources.name })
    .from(sources)
    .where(and(eq(sources.accountId, accountId), among(sources.id, ids)))
    .orderBy(sql`lower(${sources.name})`, sources.id)
  return rows.map(({ name }) => name)
}

const ofWebhook = (accountId: string, webhookId: string) =>
  and(eq(webhookSources.accountId, accountId), eq(webhookSources.webhookId, webhookId))

/** One array parameter, however many ids: an account may have 10,000 sources. */
const among = (column: SQL | typeof sources.id | typeof webhookSources.sourceId, ids: string[]) =>
  sql`${column} = any(${sql.param(ids)}::uuid[])`
