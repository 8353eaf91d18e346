import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor } from '../db/fetch-page'
import { nameKey } from '../webhooks/name-schema'
import type { DecisionReason } from './decision-words'
import { countReasons, readDecisions, type WebhookDecision } from './event-decisions'
import { type EventDelivery, readEventDeliveries } from './event-deliveries'
import type { KeptEvent } from './event-queries'

const pageSize = 50

/** A page of the decisions of an event. Its cursors are numbers of webhooks. */
export type DecisionPage = Page<WebhookDecision & { deliveries: EventDelivery[] }, number> & {
  /** Over all webhooks with a decision, whatever the search. */
  total: number
  counts: { reason: DecisionReason; count: number }[]
}

/** One page of the decisions of an event, those that fired first, with the state of their deliveries. */
export async function readDecisionPage(
  db: Queryable,
  accountId: string,
  event: KeptEvent,
  { search = '', cursor, size = pageSize }: { search?: string; cursor?: PageCursor<number>; size?: number },
): Promise<DecisionPage> {
  const decisions = await readDecisions(db, accountId, event)
  const wanted = nameKey(search)
  const found = decisions.filter(({ name }) => nameKey(name).includes(wanted))
  const page = await fetchPage<WebhookDecision, number>(
    cursor,
    size,
    ({ number }) => number,
    async ({ from, backward, limit }) => {
      const ordered = backward ? found.toReversed() : found
      const start = ordered.findIndex(({ number }) => number === from) + 1
      return { rows: ordered.slice(start, start + limit) }
    },
  )
  const deliveries = await readEventDeliveries(
    db,
    accountId,
    event,
    page.rows.map(({ webhookId }) => webhookId),
  )
  return {
    ...page,
    rows: page.rows.map((row) => ({ ...row, deliveries: deliveries.get(row.webhookId) ?? [] })),
    total: decisions.length,
    counts: countReasons(decisions),
  }
}
