import type pg from 'pg'
import { inMs } from '../../db/sql-time'
import { erasedText } from '../../erasure/erased'
import { appendCalls, callColumns, callRow } from './append-calls'
import type { CallRecord } from './call-record'
import { leasedRows } from './leased-rows'

// Step "record": appends calls and updates or deletes their queue rows, one statement per batch, fenced on the lease. A
// record whose lease is no longer the latest writes nothing: another drainer owns that delivery now.
//
// One exception: a call that was in flight when its webhook was switched off or deleted was still made. It is appended,
// and the delivery stays ended. That takes a statement of its own, because only a later statement sees an outcome that
// was committed while the first one ran.

const columns = `lease int, delay_ms bigint, ended_as text, reason text, ${callColumns}`

const text = `
  with r as materialized (select * from json_to_recordset($1) as r(${columns})),
    mine as materialized (${leasedRows}),
    retried as (update queue q set attempts = q.attempts + 1, abandoned_claims = 0, lease = q.lease + 1, probe = false,
        earlier_attempts = q.earlier_attempts + (q.delivery_id = any($3::uuid[]))::int,
        run_at = ${inMs('$2::jsonb ->> q.delivery_id::text')}
      where q.ctid = any(array(select at from mine where delay_ms is not null)) returning q.delivery_id),
    ended as (delete from queue where ctid = any(array(select at from mine where delay_ms is null))
      returning delivery_id),
    fenced as (select * from mine
      where delivery_id in (select delivery_id from retried union all select delivery_id from ended)),
    outcome as (insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
      select account_id, delivery_id, webhook_id, ended_as, reason from fenced where ended_as is not null)
  ${appendCalls('fenced')}`

// Whoever erases the customer overwrites the payload before the calls: the lock makes this statement come before that, and be
// overwritten, or after it, and keep no answer.
//
// A call is left out when the same attempt or a later one is recorded: its lease ran out before the delivery ended, and
// another drainer called.
const lateText = `
  with r as materialized (select * from json_to_recordset($1) as r(${columns})),
    late as (select distinct on (r.account_id, r.delivery_id) r.* from r cross join lateral (
        select from outcomes o
        where o.account_id = r.account_id and o.delivery_id = r.delivery_id
          and (o.kind = 'cancelled' or o.reason like 'turned-off-%')
          and not exists (select from calls c where c.account_id = r.account_id and c.delivery_id = r.delivery_id
            and c.attempt >= r.attempt) offset 0) ended_by_others
      order by r.account_id, r.delivery_id, r.lease desc),
    noted as materialized (select late.*, coalesce(payload.erased, false) as erased from late
      left join lateral (select payload_id from deliveries d
        where d.account_id = late.account_id and d.id = late.delivery_id offset 0) delivery on true
      left join lateral (select p.body = '${erasedText}' as erased from payloads p
        where p.account_id = late.account_id and p.id = delivery.payload_id offset 0 for share) payload on true)
  ${appendCalls('noted', { erased: 'erased' })}`

type Row = ReturnType<typeof callRow> & { lease: number; delay_ms: number | null; ended_as?: string; reason?: string }

function rowOf(call: CallRecord): Row {
  const { next } = call
  const row = callRow(call) as Row
  row.lease = call.lease
  row.delay_ms = next.kind === 'retry' ? Math.round(next.delayMs) : null
  // What stays undefined is not in the JSON, and is null to PostgreSQL.
  row.ended_as = 'reason' in next ? next.kind : undefined
  row.reason = 'reason' in next ? next.reason : undefined
  return row
}

/** Writes the calls of a batch, updates or deletes their queue rows, and returns how many calls it wrote. */
export async function recordCalls(db: pg.Pool, calls: CallRecord[]): Promise<number> {
  const rows = calls.map(rowOf)
  const delays = Object.fromEntries(
    rows.flatMap(({ delivery_id, delay_ms }) => (delay_ms === null ? [] : [[delivery_id, delay_ms]])),
  )
  // A probe has an attempt number but uses up no attempt of the delivery's round of the schedule.
  const probes = calls.flatMap(({ probe, deliveryId }) => (probe ? [deliveryId] : []))
  const values = [JSON.stringify(rows), JSON.stringify(delays), probes]
  const { rowCount } = await db.query({ name: 'record', text, values })
  return rowCount ?? 0
}

/** Writes those calls of a batch that were in flight when their delivery was ended. Returns how many it wrote. */
export async function recordLate(db: pg.Pool, calls: CallRecord[]): Promise<number> {
  const { rowCount } = await db.query({
    name: 'record-late',
    text: lateText,
    values: [JSON.stringify(calls.map(rowOf))],
  })
  return rowCount ?? 0
}
