import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { sources, webhookSources, webhooks, webhookVersions } from '../db/schema'
import { isInForce } from '../webhooks/version-in-force'
import { choiceColumns, type NamedSource, type SourceChoice } from './source-queries'

// The sources that a webhook is linked to, and the webhooks that a source is linked to, as screens show them.

/** The most linked sources that a list names for one webhook. */
const namedAtMost = 100

export type WebhookSources = { all: true } | { all: false; count: number; allArchived: boolean; sources: NamedSource[] }

/** The sources of these webhooks, by webhook id: their number and the first 100 by name. */
export async function sourcesOfWebhooks(
  db: Queryable,
  accountId: string,
  webhookIds: string[],
): Promise<Map<string, WebhookSources>> {
  type Row = { id: string; all: boolean; count: number; inUse: number; sources: NamedSource[] | null }
  const { rows } = await db.execute<Row>(sql`
    select w.id, w.all_sources as "all", l.count, l.in_use as "inUse", l.sources
    from webhooks w cross join lateral (
      select count(*)::int as count, (count(*) filter (where archived_at is null))::int as in_use,
        json_agg(json_build_object('id', id, 'name', name, 'kind', kind, 'archived', archived_at is not null)
          order by place) filter (where place <= ${namedAtMost}) as sources
      from (
        select s.id, s.name, s.kind, s.archived_at, row_number() over (order by lower(s.name), s.id) as place
        from webhook_sources l join sources s on s.account_id = l.account_id and s.id = l.source_id
        where l.account_id = w.account_id and l.webhook_id = w.id and not w.all_sources) linked) l
    where w.account_id = ${accountId} and w.id = any(${sql.param(webhookIds)}::uuid[])`)
  return new Map(
    rows.map(({ id, all, count, inUse, sources: named }) => [
      id,
      all ? { all } : { all, count, allArchived: inUse === 0, sources: named ?? [] },
    ]),
  )
}

/** All sources that a webhook is linked to, by name. Empty when it is called for all sources. */
export function linkedChoices(db: Queryable, accountId: string, webhookId: string): Promise<SourceChoice[]> {
  return db
    .select(choiceColumns)
    .from(webhookSources)
    .innerJoin(webhooks, ofLink)
    .innerJoin(sources, and(eq(sources.accountId, webhookSources.accountId), eq(sources.id, webhookSources.sourceId)))
    .where(
      and(
        eq(webhookSources.accountId, accountId),
        eq(webhookSources.webhookId, webhookId),
        eq(webhooks.allSources, false),
      ),
    )
    .orderBy(sql`lower(${sources.name})`, sources.id)
}

/** The webhooks that are linked to a source. `only`: none of their other sources is in use. */
export function webhooksOfSource(db: Queryable, accountId: string, sourceId: string) {
  return db
    .select({
      id: webhooks.id,
      name: webhookVersions.name,
      enabled: webhooks.enabled,
      only: sql<boolean>`not exists (
        select 1 from webhook_sources o join sources s on s.account_id = o.account_id and s.id = o.source_id
        where o.account_id = ${webhooks.accountId} and o.webhook_id = ${webhooks.id} and o.source_id <> ${sourceId}
          and s.archived_at is null)`,
    })
    .from(webhookSources)
    .innerJoin(webhooks, ofLink)
    .innerJoin(webhookVersions, isInForce)
    .where(
      and(
        eq(webhookSources.accountId, accountId),
        eq(webhookSources.sourceId, sourceId),
        eq(webhooks.allSources, false),
        isNull(webhooks.deletedAt),
      ),
    )
    .orderBy(asc(webhooks.number))
}
export type ListeningWebhook = Awaited<ReturnType<typeof webhooksOfSource>>[number]

const ofLink = and(eq(webhooks.accountId, webhookSources.accountId), eq(webhooks.id, webhookSources.webhookId))
