import type { Queryable } from '../db/client'
import { type FoundEvent, readEventsOfDeliveries } from '../events/event-deliveries'
import { showId } from '../type-id'
import type { CallFilter } from './call-filter'
import { readCallLog } from './call-log'
import type { CallLine } from './call-queries'

const pageSize = 500

/** The columns of the export of calls. */
export const callColumns = [
  'id',
  'at',
  'webhook_id',
  'rule_name',
  'url',
  'delivery',
  'attempt',
  'result',
  'status',
  'failure',
  'detail',
  'duration_ms',
  'test',
  'event_id',
  'event_type',
  'feedback',
] as const

/** All calls of the filter in pages, newest first: one page is read after the other. URLs are whole. */
export async function* exportCalls(db: Queryable, accountId: string, filter: CallFilter) {
  for (let from: string | null | undefined; from !== null; ) {
    const cursor = from === undefined ? undefined : { from, backward: false }
    const page = await readCallLog(db, accountId, { filter, cursor, size: pageSize, wholeUrls: true })
    const events = await readEventsOfDeliveries(
      db,
      accountId,
      page.rows.filter(({ test }) => !test).map(({ deliveryId }) => deliveryId),
    )
    yield page.rows.map((call) => callRow(call, events.get(call.deliveryId)))
    from = page.next
  }
}

function callRow(call: CallLine, event: FoundEvent | undefined): Record<(typeof callColumns)[number], unknown> {
  return {
    id: showId('call', call.id),
    at: new Date(call.at).toISOString(),
    webhook_id: call.webhookId && showId('webhook', call.webhookId),
    rule_name: call.ruleName,
    url: call.url,
    delivery: showId('delivery', call.deliveryId),
    attempt: call.attempt,
    result: call.failure === null ? 'delivered' : 'failed',
    status: call.status,
    failure: call.failure,
    detail: call.detail,
    duration_ms: Math.round(call.durationMs),
    test: call.test,
    event_id: event ? showId('event', event.eventId) : null,
    event_type: event?.type ?? null,
    feedback: event?.subjectId ?? null,
  }
}
