import type { Queryable } from '../db/client'
import { showId } from '../type-id'
import type { EventFilter } from './event-filter'
import { type EventLine, type KeptEvent, readEventLog, readEvents } from './event-queries'

/** An event may have 256 KiB, and a page of them is held at a time. */
const pageSize = 100

/** The columns of the export of events. NDJSON has `event` besides: the whole event as it is stored. */
export const eventColumns = [
  'id',
  'at',
  'type',
  'external_id',
  'source',
  'subject',
  'version',
  'notify',
  'judged',
  'fired',
  'service_rating',
  'service_title',
  'service_text',
  'product_ratings',
  'nps_score',
  'nps_reason',
  'temperature',
  'comment',
  'drivers',
  'tags',
  'customer_name',
  'customer_email',
] as const

/** All events of the filter in pages, newest first: one page is read after the other. */
export async function* exportEvents(db: Queryable, accountId: string, filter: EventFilter) {
  for (let from: string | null | undefined; from !== null; ) {
    const cursor = from === undefined ? undefined : { from, backward: false }
    const page = await readEventLog(db, accountId, { filter, cursor, size: pageSize })
    const kept = await readEvents(
      db,
      accountId,
      page.rows.map(({ id }) => id),
    )
    const byId = new Map(kept.map((event) => [event.id, event]))
    yield page.rows.map((line) => eventRow(line, byId.get(line.id)?.record ?? null))
    from = page.next
  }
}

type Row = Record<(typeof eventColumns)[number] | 'event', unknown>

function eventRow(line: EventLine, record: KeptEvent['record']): Row {
  const { feedback, decline, message } = record ?? {}
  const customer = (feedback ?? decline ?? message)?.customer
  return {
    id: showId('event', line.id),
    at: new Date(line.at).toISOString(),
    type: line.type,
    external_id: line.externalId,
    source: record?.source.key ?? line.sourceName,
    subject: line.subjectId,
    version: line.feedbackVersion,
    notify: line.notify,
    judged: line.judged,
    fired: line.matched,
    service_rating: feedback?.service?.rating,
    service_title: feedback?.service?.title,
    service_text: feedback?.service?.text,
    product_ratings: feedback?.products?.flatMap(({ rating }) => rating ?? []).join(' '),
    nps_score: feedback?.nps?.score,
    nps_reason: feedback?.nps?.reason,
    temperature: feedback?.temperature,
    comment: feedback?.comment ?? message?.text,
    drivers: feedback?.drivers?.join(', '),
    tags: feedback?.tags?.join(', '),
    customer_name: customer?.name ?? customer?.displayName,
    customer_email: customer?.email,
    event: record,
  }
}
