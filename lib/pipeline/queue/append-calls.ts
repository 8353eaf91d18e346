import type { Database } from '../../db/client'
import { erasedText } from '../../erasure/erased'
import type { MadeCall } from './call-record'

// Appends calls to history: those of deliveries inside record.ts's statement, those of test fires alone.

/** SQL: the columns of callRow, for json_to_recordset. */
export const callColumns = `account_id uuid, call_id uuid, delivery_id uuid, webhook_id uuid, webhook_version int,
  attempt smallint, status smallint, failure text, detail text, duration_ms real, connect_ms real, first_byte_ms real,
  signed_at int, signature text, key_version int, secret_version int, response_headers text, response_body text,
  response_bytes int, retry_after_seconds int, replay boolean, reconnected boolean, address inet, dns_ms real, tcp_ms real,
  tls_ms real, tls_version text, certificate_ends_at timestamptz`

/**
 * SQL: appends the calls of the relation `made`, which has `callColumns`. `erased`: a condition on it that the customer was
 * erased meanwhile, so that nothing of the answer is kept.
 */
export const appendCalls = (made: string, { test = false, erased = 'false' } = {}) => `
  insert into calls (account_id, id, delivery_id, webhook_id, webhook_version, attempt, test, status, failure, detail,
    duration_ms, connect_ms, first_byte_ms, signed_at, signature, key_version, secret_version, response_headers,
    response_body, response_bytes, retry_after_seconds, replay, reconnected, address, dns_ms, tcp_ms, tls_ms, tls_version,
    certificate_ends_at)
  select account_id, call_id, delivery_id, webhook_id, webhook_version, attempt, ${test}, status, failure,
    case when not (${erased} and failure = 'redirect') then detail end,
    duration_ms, connect_ms, first_byte_ms, signed_at, signature, key_version, secret_version,
    case when ${erased} then '[]' else response_headers end, case when ${erased} then '${erasedText}' else response_body end,
    response_bytes, retry_after_seconds, coalesce(replay, false), reconnected,
    address, dns_ms, tcp_ms, tls_ms, tls_version, certificate_ends_at
  from ${made}
  on conflict do nothing`

/** A call as PostgreSQL names its columns. Each is named: to spread a call takes longer than to write its row. */
export function callRow(call: MadeCall) {
  const { result } = call
  const { opened } = result
  return {
    account_id: call.accountId,
    call_id: call.callId,
    delivery_id: call.deliveryId,
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
    // Absent where false, as for nearly all: each row is JSON.
    replay: call.replay || undefined,
    reconnected: result.reconnected || undefined,
    address: opened?.address,
    tls_version: opened?.tlsVersion,
    certificate_ends_at: opened?.certificateEnds,
    dns_ms: opened?.dnsMs,
    tcp_ms: opened?.tcpMs,
    tls_ms: opened?.tlsMs,
  }
}

/** Stores the call of a test fire. It touches no queue row and no webhook's health. */
export async function storeTestCall({ $client }: Pick<Database, '$client'>, call: MadeCall): Promise<void> {
  const text = `with r as (select * from json_to_recordset($1) as r(${callColumns})) ${appendCalls('r', { test: true })}`
  await $client.query(text, [JSON.stringify([callRow(call)])])
}
