import { and, asc, count, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor } from '../db/fetch-page'
import { webhookSources, webhooks, webhookVersions } from '../db/schema'
import type { FormatKey } from '../formats/format'
import { isStorable } from '../plain-text'
import { nameKey } from './name-schema'
import { shownUrl } from './shown-url'
import { isInForce } from './version-in-force'

const webhooksOnPage = 50

const summary = {
  id: webhooks.id,
  number: webhooks.number,
  format: sql<FormatKey>`${webhooks.format}`,
  encoding: webhooks.encoding,
  allSources: webhooks.allSources,
  enabled: webhooks.enabled,
  version: webhooks.version,
  name: webhookVersions.name,
  url: webhookVersions.url,
  rule: webhookVersions.rule,
  onlyIf: webhookVersions.onlyIf,
}

type Options = {
  /** Part of a name, or of a URL where whole ones may be seen. */
  search?: string
  /** Numbers of webhooks: only those after it; with `backward` those before it, nearest first. */
  from?: number
  backward?: boolean
  limit?: number
  /** False: only hosts, as a viewer sees them. */
  wholeUrls: boolean
}

/** The account's webhooks in the order they were registered. */
export async function listWebhooks(
  db: Queryable,
  accountId: string,
  { search = '', from, backward = false, limit = webhooksOnPage, wholeUrls }: Options,
) {
  const rows = await db
    .select(summary)
    .from(webhooks)
    .innerJoin(webhookVersions, isInForce)
    .where(
      and(
        eq(webhooks.accountId, accountId),
        isNull(webhooks.deletedAt),
        from === undefined ? undefined : (backward ? lt : gt)(webhooks.number, from),
        found(search, wholeUrls),
      ),
    )
    .orderBy((backward ? desc : asc)(webhooks.number))
    .limit(limit)
  return rows.map((row) => ({ ...row, url: shownUrl(row.url, wholeUrls) }))
}
export type WebhookSummary = Awaited<ReturnType<typeof listWebhooks>>[number]

/** A page of webhooks. Its keys are their numbers. */
export type WebhookPage = Page<WebhookSummary, number>

export const readWebhookPage = (
  db: Queryable,
  accountId: string,
  {
    cursor,
    size = webhooksOnPage,
    ...options
  }: Pick<Options, 'search' | 'wholeUrls'> & { cursor?: PageCursor<number>; size?: number },
): Promise<WebhookPage> =>
  fetchPage(
    cursor,
    size,
    ({ number }) => number,
    async (range) => ({ rows: await listWebhooks(db, accountId, { ...range, ...options }) }),
  )

/** The page on which a webhook is: the first one, or one that begins with it. Undefined: the first one. */
export async function pageWith(
  db: Queryable,
  accountId: string,
  webhookId: string,
  size = webhooksOnPage,
): Promise<PageCursor<number> | undefined> {
  const own = and(eq(webhooks.accountId, accountId), isNull(webhooks.deletedAt))
  const [found] = await db
    .select({ number: webhooks.number })
    .from(webhooks)
    .where(and(own, eq(webhooks.id, webhookId)))
  if (!found) return undefined
  const [row] = await db
    .select({ before: count() })
    .from(webhooks)
    .where(and(own, lt(webhooks.number, found.number)))
  return (row?.before ?? 0) < size ? undefined : { from: found.number - 1, backward: false }
}

/** How many webhooks the account has. */
export async function countWebhooks(db: Queryable, accountId: string): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(webhooks)
    .where(and(eq(webhooks.accountId, accountId), isNull(webhooks.deletedAt)))
  return row?.count ?? 0
}

/** A search finds only what its reader may see: a viewer sees no whole URLs. */
function found(search: string, wholeUrls: boolean) {
  if (search.trim() === '') return undefined
  if (!isStorable(search)) return sql`false`
  const named = sql`strpos(${webhooks.nameKey}, ${nameKey(search)}) > 0`
  return wholeUrls ? or(named, sql`strpos(lower(${webhookVersions.url}), ${search.trim().toLowerCase()}) > 0`) : named
}

/** Everything of a version but its secrets: of a password and header values only that they are stored. */
export const wholeVersion = {
  ...summary,
  authentication: webhookVersions.authentication,
  basicUser: webhookVersions.basicUser,
  basicPasswordStored: sql<boolean>`${webhookVersions.sealedBasicPassword} is not null`,
  headerNames: sql<string[]>`array(select jsonb_array_elements(${webhookVersions.headers}) ->> 'name')`,
  retries: webhookVersions.retries,
  ratePerMinute: webhookVersions.ratePerMinute,
  timeoutSeconds: webhookVersions.timeoutSeconds,
  success: webhookVersions.success,
}

/** One webhook as its form shows it. */
export async function readWebhookForEdit(db: Queryable, accountId: string, webhookId: string) {
  const [row] = await db
    .select(wholeVersion)
    .from(webhooks)
    .innerJoin(webhookVersions, isInForce)
    .where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId), isNull(webhooks.deletedAt)))
  if (!row) return undefined
  return { ...row, sourceIds: row.allSources ? null : await linkedSources(db, accountId, webhookId) }
}
export type WebhookForEdit = NonNullable<Awaited<ReturnType<typeof readWebhookForEdit>>>

async function linkedSources(db: Queryable, accountId: string, webhookId: string): Promise<string[]> {
  const rows = await db
    .select({ id: webhookSources.sourceId })
    .from(webhookSources)
    .where(and(eq(webhookSources.accountId, accountId), eq(webhookSources.webhookId, webhookId)))
  return rows.map(({ id }) => id)
}
