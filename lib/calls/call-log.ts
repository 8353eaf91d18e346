import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor } from '../db/fetch-page'
import { endOfSearch, rangeOf } from '../db/history-scan'
import { calls } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { callConditions } from './call-conditions'
import type { CallFilter } from './call-filter'
import { type CallLine, listCalls } from './call-queries'
import { namedDeliveries } from './named-deliveries'

const pageSize = 50

/** A page of the call log. Its cursors are call ids: `next` leads to older calls, `previous` to newer ones. */
export type CallPage = Page<CallLine, string> & {
  /**
   * When the scan limit was reached before the page was full: the time of the last call searched, in
   * Unix milliseconds. Of a feedback with very many events: the time of the earliest event whose calls are listed.
   */
  searchedTo: number | null
}

type Options = { filter: CallFilter; cursor?: PageCursor<string>; size?: number; wholeUrls: boolean }

/** One page of the call log, newest first. Its cost is bounded for every filter and any length of the log. */
export async function readCallLog(
  db: Queryable,
  accountId: string,
  { filter, cursor, size = pageSize, wholeUrls }: Options,
): Promise<CallPage> {
  const named = await namedDeliveries(db, accountId, filter)
  if (named?.ids.length === 0) return { rows: [], previous: null, next: null, searchedUntil: null, searchedTo: null }
  const { indexed, scanned, scanLimit } = callConditions(filter, accountId)
  const page = await fetchPage<CallLine, string>(
    cursor,
    size,
    ({ id }) => id,
    async (range) => {
      const rows = await listCalls(db, accountId, { ...range, filter, deliveryIds: named?.ids, wholeUrls })
      // The calls of named deliveries are all read.
      if (named || !scanned || rows.length === range.limit) return { rows }
      const where = and(eq(calls.accountId, accountId), rangeOf(calls.id, { ...filter, ...range }).where, indexed)
      return {
        rows,
        searchedUntil: await endOfSearch(db, calls, where, { backward: range.backward, limit: scanLimit }),
      }
    },
  )
  const searchedTo = page.searchedUntil === null ? null : timeOfId(page.searchedUntil)
  return { ...page, searchedTo: searchedTo ?? (page.next === null ? (named?.searchedTo ?? null) : null) }
}
