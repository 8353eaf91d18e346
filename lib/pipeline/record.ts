import type pg from 'pg'
import type { CallResult } from './deliver'
import { heldRows } from './queue'
import type { NextStep } from './retry'

// Step "record": calls appended and queue rows settled, one statement a batch, fenced on the lease. A record whose
// lease has moved on writes nothing: another drainer owns that delivery now. But a call that was under way when its
// webhook was switched off or deleted is still a call that was made: it is appended, and the delivery stays cancelled.

export type CallRecord = {
  callId: string
  accountId: string
  deliveryId: string
  webhookId: string
  webhookVersion: number
  lease: number
  attempt: number
  signedAt: number | null
  signature: string | null
  keyVersion: number | null
  secretVersion: number | null
  result: CallResult
  next: NextStep
}

const columns = `account_id uuid, delivery_id uuid, lease int, delay_ms bigint, exhausted text, call_id uuid,
  webhook_id uuid, webhook_version int, attempt smallint, status smallint, failure text, detail text, duration_ms real,
  connect_ms real, first_byte_ms real, signed_at int, signature text, key_version int, secret_version int,
  response_headers text, response_body text, response_bytes int, retry_after_seconds int`

const text = `
  with r as materialized (select * from json_to_recordset($1) as r(${columns})),
    mine as materialized (${heldRows}),
    retried as (update queue q set attempts = q.attempts + 1, lost = 0, lease = q.lease + 1,
        run_at = hub_now() + ($2::jsonb ->> q.delivery_id::text)::bigint * interval '1 ms'
      where q.ctid = any(array(select at from mine where delay_ms is not null)) returning q.delivery_id),
    ended as (delete from queue where ctid = any(array(select at from mine where delay_ms is null))
      returning delivery_id),
    fenced as (select * from r
      where delivery_id in (select delivery_id from retried union all select delivery_id from ended)),
    late as (select r.* from r cross join lateral (
        select from outcomes o
        where o.account_id = r.account_id and o.delivery_id = r.delivery_id and o.kind = 'cancelled' offset 0) cancelled
      where r.delivery_id not in (select delivery_id from fenced)),
    outcome as (insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
      select account_id, delivery_id, webhook_id, 'exhausted', exhausted from fenced where exhausted is not null)
  insert into calls (account_id, id, delivery_id, webhook_id, webhook_version, attempt, test, status, failure, detail,
    duration_ms, connect_ms, first_byte_ms, signed_at, signature, key_version, secret_version, response_headers,
    response_body, response_bytes, retry_after_seconds)
  select account_id, call_id, delivery_id, webhook_id, webhook_version, attempt, false, status, failure, detail,
    duration_ms, connect_ms, first_byte_ms, signed_at, signature, key_version, secret_version, response_headers,
    response_body, response_bytes, retry_after_seconds
  from (select * from fenced union all select * from late) made
  on conflict do nothing`

const row = ({ result, next, ...call }: CallRecord) => ({
  account_id: call.accountId,
  delivery_id: call.deliveryId,
  lease: call.lease,
  delay_ms: next.kind === 'retry' ? Math.round(next.delayMs) : null,
  exhausted: next.kind === 'exhausted' ? next.reason : null,
  call_id: call.callId,
  webhook_id: call.webhookId,
  webhook_version: call.webhookVersion,
  attempt: call.attempt,
  status: result.status,
  failure: result.failure,
  detail: result.detail,
  duration_ms: result.durationMs,
  connect_ms: result.connectMs,
  first_byte_ms: result.firstByteMs,
  signed_at: call.signedAt,
  signature: call.signature,
  key_version: call.keyVersion,
  secret_version: call.secretVersion,
  response_headers: JSON.stringify(result.responseHeaders),
  response_body: result.responseBody,
  response_bytes: result.responseBytes,
  retry_after_seconds: result.retryAfterSeconds,
})

/** Writes the calls of a batch and settles their queue rows. Answers how many calls it wrote. */
export async function recordCalls(db: pg.Pool, calls: CallRecord[]): Promise<number> {
  const rows = calls.map(row)
  const delays = Object.fromEntries(
    rows.flatMap(({ delivery_id, delay_ms }) => (delay_ms === null ? [] : [[delivery_id, delay_ms]])),
  )
  const { rowCount } = await db.query({ name: 'record', text, values: [JSON.stringify(rows), JSON.stringify(delays)] })
  return rowCount ?? 0
}
