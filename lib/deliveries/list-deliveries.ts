import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor } from '../db/fetch-page'
import { endOfSearch, rangeOf, scanLimit } from '../db/history-scan'
import { deliveries } from '../db/history-schema'
import { timeOfId } from '../db/ids'

/** A delivery, without its state. `at`: when it was made, in Unix milliseconds. */
export type DeliveryLine = {
  id: string
  at: number
  eventId: string
  webhookId: string
  feedbackVersion: number | null
}

/** No test fire: those are calls, not deliveries. */
const isDelivery = and(isNull(deliveries.test), isNotNull(deliveries.eventId), isNotNull(deliveries.webhookId))

const columns = {
  id: deliveries.id,
  eventId: sql<string>`${deliveries.eventId}`,
  webhookId: sql<string>`${deliveries.webhookId}`,
  feedbackVersion: deliveries.feedbackVersion,
}

const withTime = <Row extends { id: string }>(row: Row) => ({ ...row, at: timeOfId(row.id) })

/** One page of the account's deliveries, newest first. Of one webhook, a page reads at most `scanLimit` of them. */
export function listDeliveries(
  db: Queryable,
  accountId: string,
  { webhookId, cursor, size }: { webhookId?: string; cursor?: PageCursor<string>; size: number },
): Promise<Page<DeliveryLine, string>> {
  return fetchPage<DeliveryLine, string>(
    cursor,
    size,
    ({ id }) => id,
    async (range) => {
      const { where, order } = rangeOf(deliveries.id, range)
      const within = and(eq(deliveries.accountId, accountId), where)
      const scanned = db
        .select({
          id: deliveries.id,
          eventId: deliveries.eventId,
          webhookId: deliveries.webhookId,
          feedbackVersion: deliveries.feedbackVersion,
        })
        .from(deliveries)
        .where(and(within, isDelivery))
        .orderBy(order)
        .limit(webhookId === undefined ? range.limit : scanLimit)
        .as('scanned')
      const rows = await db
        .select({
          id: scanned.id,
          eventId: sql<string>`${scanned.eventId}`,
          webhookId: sql<string>`${scanned.webhookId}`,
          feedbackVersion: scanned.feedbackVersion,
        })
        .from(scanned)
        .where(webhookId === undefined ? undefined : sql`${scanned.webhookId} = ${webhookId}`)
        .orderBy(range.backward ? sql`${scanned.id}` : sql`${scanned.id} desc`)
        .limit(range.limit)
      const whole = webhookId === undefined || rows.length === range.limit
      const searchedUntil = whole
        ? undefined
        : await endOfSearch(db, deliveries, and(within, isDelivery), { backward: range.backward, limit: scanLimit })
      return { rows: rows.map(withTime), searchedUntil }
    },
  )
}

/** One delivery; undefined: the account has none of this id, or it is a test fire. */
export async function readDelivery(
  db: Queryable,
  accountId: string,
  deliveryId: string,
): Promise<DeliveryLine | undefined> {
  const [row] = await db
    .select(columns)
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), eq(deliveries.id, deliveryId), isDelivery))
  return row && withTime(row)
}
