import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { calls } from '../db/history-schema'
import { endOfSearch, stretchOf } from '../db/history-stretch'
import { timeOfId } from '../db/ids'
import { type Page, type Turn, turnPage } from '../db/turn-page'
import type { CallFilter } from './call-filter'
import { type CallLine, conditions, listCalls } from './call-queries'

const pageSize = 50

/** A page of the log. Its keys are ids of calls: `next` leads to older ones, `previous` to newer ones. */
export type CallPage = Page<CallLine, string> & {
  /** The moment, in milliseconds, at which the search for calls ended before the page was full. */
  lookedTo: number | null
}

type Options = { filter: CallFilter; turn?: Turn<string>; wholeUrls: boolean }

/** One page of the whole log of calls, newest first, whatever the filter and however long the log. */
export async function readCallLog(
  db: Queryable,
  accountId: string,
  { filter, turn, wholeUrls }: Options,
): Promise<CallPage> {
  const { indexed, looked } = conditions(filter)
  const page = await turnPage<CallLine, string>(
    turn,
    pageSize,
    ({ id }) => id,
    async (stretch) => {
      const rows = await listCalls(db, accountId, { ...stretch, filter, wholeUrls })
      if (!looked || rows.length === stretch.limit) return { rows }
      const where = and(eq(calls.accountId, accountId), stretchOf(calls.id, stretch).where, indexed)
      return { rows, lookedUntil: await endOfSearch(db, calls, where, stretch.backward) }
    },
  )
  return { ...page, lookedTo: page.lookedUntil === null ? null : timeOfId(page.lookedUntil) }
}
