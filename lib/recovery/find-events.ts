import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { eventDecisions } from '../db/history-schema'
import { floorId } from '../db/ids'
import type { EventFilter } from '../events/event-filter'
import type { DecisionCode, EventParts, EventRecord } from '../events/event-record'
import { hasMatched, readStoredDecisions, type StoredDecisions } from '../events/stored-decisions'
import { match } from '../pipeline/ingest/match'
import { nextSlice, sliceIsOver } from '../slices'
import type { RecoveryWebhook } from './recovery-webhook'

// Which events of a time range a webhook missed, or a person wants to replay to it. An event was missed when it matches
// what the webhook is now (rule, format, sources) and made no delivery to it: it was off, or registered or changed later.
// Events that came with "notify": false were never to be delivered.

/** A step reads no more than so many events, and the bodies of no more than so many. */
const scannedAtMost = 1_000
const readAtMost = 100

export type EventSearch = {
  kind: 'missed' | 'replay'
  sinceMs: number
  untilMs: number
  /** Of `replay`. */
  filter: EventFilter
  /** The last event that was worked off; null: none. */
  cursor: string | null
}

/** Why an event was missed: the decision of its time, or that there was none because the webhook is younger. */
export type MissedReason = 'off' | 'registered-later' | 'changed-later'

export type FoundEvent = { id: string; record: EventRecord; reason: MissedReason }
export type FoundEvents = {
  found: FoundEvent[]
  /** Events that were wanted and cannot be sent: the customer was erased, or the format sends nothing for them. */
  leftOut: number
  /** Where the next search begins. */
  cursor: string | null
  /** There is nothing beyond. */
  done: boolean
}

type Row = { id: string; data: string; parts: EventParts | null; decisions: StoredDecisions }

/** The next events, `atMost` at most, in the order in which they came in. It may find none and not be done. */
export async function findEvents(
  db: Queryable,
  webhook: RecoveryWebhook,
  search: EventSearch,
  atMost: number,
): Promise<FoundEvents> {
  const { scanned, last, rows } = await scan(db, webhook, search)
  const found: FoundEvent[] = []
  let leftOut = 0
  for (const row of rows) {
    if (sliceIsOver()) await nextSlice({ transaction: true })
    const verdict = judge(webhook, search.kind, row)
    if (verdict === 'left out') leftOut++
    if (typeof verdict === 'object') found.push(verdict)
    if (found.length === atMost) return { found, leftOut, cursor: row.id, done: false }
  }
  const readAll = rows.length < readAtMost
  const cursor = readAll ? last : (rows.at(-1)?.id ?? last)
  return { found, leftOut, cursor: cursor ?? search.cursor, done: readAll && scanned < scannedAtMost }
}

function judge(webhook: RecoveryWebhook, kind: EventSearch['kind'], row: Row): FoundEvent | 'left out' | undefined {
  const { id, data, parts, decisions } = row
  // The body of an event whose customer was erased is no JSON.
  const record = data.startsWith('{') ? (JSON.parse(data) as EventRecord) : undefined
  const { format, rule, onlyIf, sources } = webhook
  if (!record) return kind === 'replay' ? 'left out' : undefined
  const reason = reasonOf(readStoredDecisions(decisions).webhooks.find(([number]) => number === webhook.number)?.[2])
  if (kind === 'replay') return format.lacks(record) ? 'left out' : { id, record, reason }
  return match(record, parts, { enabled: true, rule, onlyIf, sources, format }) === 'matched'
    ? { id, record, reason }
    : undefined
}

const reasonOf = (code: DecisionCode | undefined): MissedReason =>
  code === undefined ? 'registered-later' : code === 'off' ? 'off' : 'changed-later'

async function scan(db: Queryable, webhook: RecoveryWebhook, search: EventSearch) {
  const { sinceMs, untilMs, cursor } = search
  const { rows } = await db.execute<Row & { scanned: number; last: string }>(sql`
    with scanned as materialized (
      select id, type, source_id, subject_id, external_id, ${eventDecisions} as decisions from events
      where account_id = ${webhook.accountId} and id > ${cursor ?? floorId(sinceMs)}::uuid
        and id < ${floorId(untilMs)}::uuid
      order by id limit ${scannedAtMost}),
    wanted as (select id, decisions from scanned where ${wanted(webhook, search)} order by id limit ${readAtMost})
    select (select count(*)::int from scanned) as scanned, (select id from scanned order by id desc limit 1) as last,
      wanted.id, wanted.decisions, e.data, e.parts
    from (select) one left join wanted on true
    left join lateral (
      select data, parts from events where account_id = ${webhook.accountId} and id = wanted.id offset 0) e on true
    order by wanted.id`)
  const { scanned = 0, last = null } = rows[0] ?? {}
  return { scanned, last, rows: rows.filter(({ id }) => id !== null) }
}

/** SQL: a first choice among the scanned events, so that few bodies are read. */
function wanted({ accountId, id, number, format, rule, sources }: RecoveryWebhook, search: EventSearch): SQL {
  const offered = format.offers.map(({ type }) => type)
  if (search.kind === 'replay') {
    const { type, sourceId, subject } = search.filter
    return sql`type = any(${sql.param(type ? offered.filter((each) => each === type) : offered)}::text[])
      ${sourceId ? sql`and source_id = ${sourceId}` : sql``}
      ${subject ? sql`and (subject_id = ${subject} or external_id = ${subject})` : sql``}`
  }
  return sql`type = any(${sql.param(offered.filter((type) => rule.events.includes(type)))}::text[])
    ${sources ? sql`and source_id = any(${sql.param([...sources])}::uuid[])` : sql``}
    and (decisions ->> 'notify')::boolean
    and not ${hasMatched(sql`decisions`, sql`${number}::int`)}
    and not exists (select from late_deliveries l
      where l.account_id = ${accountId} and l.event_id = scanned.id and l.webhook_id = ${id})`
}
