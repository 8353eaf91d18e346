import { and, asc, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor } from '../db/fetch-page'
import { sources } from '../db/schema'
import type { SourceKind } from '../events/event-types'
import { isStorable } from '../plain-text'
import type { SourceFilter } from './source-schema'

/** A source by name. */
export type NamedSource = { id: string; name: string; kind: SourceKind; archived: boolean }
/** A source as a picker offers it. */
export type SourceChoice = NamedSource & { key: string }

export const choiceColumns = {
  id: sources.id,
  name: sources.name,
  key: sources.key,
  kind: sources.kind,
  archived: sql<boolean>`${sources.archivedAt} is not null`,
}

const detail = {
  ...choiceColumns,
  number: sources.number,
  vendorIds: sources.vendorIds,
  createdAt: sources.createdAt,
}

// Lists are ordered by name, then by id, so that the order is total.
const byName = sql`lower(${sources.name})`
const place = sql`(${byName}, ${sources.id})`
const placeOf = (accountId: string, id: string) =>
  sql`(select lower(name), id from sources where account_id = ${accountId} and id = ${id})`

const matching = (accountId: string, { search, kind }: SourceFilter, archived: boolean): SQL | undefined =>
  and(
    eq(sources.accountId, accountId),
    archived ? isNotNull(sources.archivedAt) : isNull(sources.archivedAt),
    kind && eq(sources.kind, kind),
    search === '' ? undefined : found(search),
  )

const found = (search: string): SQL =>
  isStorable(search)
    ? sql`(strpos(lower(${sources.name}), lower(${search})) > 0 or strpos(lower(${sources.key}), lower(${search})) > 0)`
    : sql`false`

export type SourceDetail = NonNullable<Awaited<ReturnType<typeof readSource>>>
export type SourcePage = Page<SourceDetail, string>

/** A page of the account's sources whose name or key contains `search`, by name. Page keys are source ids. */
export function listSources(
  db: Queryable,
  accountId: string,
  { archived, ...filter }: SourceFilter & { archived: boolean },
  cursor?: PageCursor<string>,
  size = 50,
): Promise<SourcePage> {
  return fetchPage(
    cursor,
    size,
    ({ id }) => id,
    async ({ from, backward, limit }) => {
      const beyond = from === undefined ? undefined : placeOf(accountId, from)
      const rows = await db
        .select(detail)
        .from(sources)
        .where(
          and(
            matching(accountId, filter, archived),
            beyond && (backward ? sql`${place} < ${beyond}` : sql`${place} > ${beyond}`),
          ),
        )
        .orderBy(...(backward ? [desc(byName), desc(sources.id)] : [asc(byName), asc(sources.id)]))
        .limit(limit)
      return { rows }
    },
  )
}

/** Sources in use, by name, for a picker: up to `size` after the source `after`. */
export async function findChoices(
  db: Queryable,
  accountId: string,
  filter: SourceFilter,
  { after, size }: { after?: string; size: number },
): Promise<{ sources: SourceChoice[]; more: boolean }> {
  const rows = await db
    .select(choiceColumns)
    .from(sources)
    .where(
      and(
        matching(accountId, filter, false),
        after === undefined ? undefined : sql`${place} > ${placeOf(accountId, after)}`,
      ),
    )
    .orderBy(byName, sources.id)
    .limit(size + 1)
  return { sources: rows.slice(0, size), more: rows.length > size }
}

/** One source, archived or not; undefined when this account has none of this id. */
export async function readSource(db: Queryable, accountId: string, sourceId: string) {
  const [row] = await db
    .select(detail)
    .from(sources)
    .where(and(eq(sources.accountId, accountId), eq(sources.id, sourceId)))
  return row
}

/** The number of the account's sources, archived ones included. */
export async function countSources(db: Queryable, accountId: string): Promise<number> {
  const [row] = await db.select({ n: sql<number>`count(*)::int` }).from(sources).where(eq(sources.accountId, accountId))
  return row?.n ?? 0
}
