import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor } from '../db/fetch-page'
import { endOfSearch, rangeOf } from '../db/history-scan'
import { calls } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import type { CallFilter } from './call-filter'
import { type CallLine, conditions, listCalls } from './call-queries'

const pageSize = 50

/** A page of the call log. Its cursors are call ids: `next` leads to older calls, `previous` to newer ones. */
export type CallPage = Page<CallLine, string> & {
  /** When the scan limit was reached before the page was full: the time of the last call searched, in Unix milliseconds. */
  searchedTo: number | null
}

type Options = { filter: CallFilter; cursor?: PageCursor<string>; size?: number; wholeUrls: boolean }

/** One page of the call log, newest first. Its cost is bounded for every filter and any length of the log. */
export async function readCallLog(
  db: Queryable,
  accountId: string,
  { filter, cursor, size = pageSize, wholeUrls }: Options,
): Promise<CallPage> {
  const { indexed, scanned } = conditions(filter)
  const page = await fetchPage<CallLine, string>(
    cursor,
    size,
    ({ id }) => id,
    async (range) => {
      const rows = await listCalls(db, accountId, { ...range, filter, wholeUrls })
      if (!scanned || rows.length === range.limit) return { rows }
      const where = and(eq(calls.accountId, accountId), rangeOf(calls.id, range).where, indexed)
      return { rows, searchedUntil: await endOfSearch(db, calls, where, range.backward) }
    },
  )
  return { ...page, searchedTo: page.searchedUntil === null ? null : timeOfId(page.searchedUntil) }
}
