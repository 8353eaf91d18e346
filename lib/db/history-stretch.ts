import { and, asc, desc, gt, lt, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from './client'
import { keptHistory } from './history-range'
import type { calls, events } from './history-schema'
import type { Stretch } from './turn-page'

/**
 * How many rows a search looks at for one page, when no index leads to what it wants. The page then says how far it
 * looked and goes on from there, so that no filter ever reads a whole log.
 */
export const lookedAtMost = 5_000

/** The rows of a history table beyond an id within the days that are kept: newest first, or backward. */
export const stretchOf = (id: PgColumn, { from, backward }: Pick<Stretch<string>, 'from' | 'backward'>) => ({
  where: and(keptHistory(id), from === undefined ? undefined : (backward ? gt : lt)(id, from)) as SQL,
  order: (backward ? asc : desc)(id),
})

/** The last id that a search of `lookedAtMost` rows looked at; undefined: there were no more than that. */
export async function endOfSearch(
  db: Queryable,
  table: typeof calls | typeof events,
  where: SQL | undefined,
  backward: boolean,
): Promise<string | undefined> {
  const looked = db
    .select({ id: table.id })
    .from(table)
    .where(where)
    .orderBy((backward ? asc : desc)(table.id))
    .limit(lookedAtMost)
    .as('looked')
  const [last] = await db
    .select({ id: looked.id, rows: sql<number>`count(*) over ()::int` })
    .from(looked)
    .orderBy((backward ? desc : asc)(looked.id))
    .limit(1)
  return last?.rows === lookedAtMost ? last.id : undefined
}
