import { and, asc, desc, gt, lt, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from './client'
import type { PageRange } from './fetch-page'
import { keptHistory } from './history-range'
import type { calls, deliveries, events } from './history-schema'
import { floorId } from './ids'

/**
 * How many rows a search without a matching index reads for one page. The page then says where the search ended, and the
 * next one begins there, so that no filter reads a whole log.
 */
export const scanLimit = 5_000

/** The moments from `since` to before `until`, in Unix milliseconds. */
export type TimeRange = { since?: number; until?: number }

/**
 * The range of a history table beyond `from`, within a time range and the days that are kept, and its order: newest first,
 * or backward.
 */
export const rangeOf = (
  id: PgColumn,
  { from, backward, since, until }: Pick<PageRange<string>, 'from' | 'backward'> & TimeRange,
) => ({
  where: and(
    keptHistory(id, since),
    until === undefined ? undefined : lt(id, floorId(Math.max(0, until))),
    from === undefined ? undefined : (backward ? gt : lt)(id, from),
  ) as SQL,
  order: (backward ? asc : desc)(id),
})

/** The last id that a search of `limit` rows reads; undefined when there are fewer rows. */
export async function endOfSearch(
  db: Queryable,
  table: typeof calls | typeof events | typeof deliveries,
  where: SQL | undefined,
  { backward, limit }: { backward: boolean; limit: number },
): Promise<string | undefined> {
  const looked = db
    .select({ id: table.id })
    .from(table)
    .where(where)
    .orderBy((backward ? asc : desc)(table.id))
    .limit(limit)
    .as('looked')
  const [last] = await db
    .select({ id: looked.id, rows: sql<number>`count(*) over ()::int` })
    .from(looked)
    .orderBy((backward ? desc : asc)(looked.id))
    .limit(1)
  return last?.rows === limit ? last.id : undefined
}
