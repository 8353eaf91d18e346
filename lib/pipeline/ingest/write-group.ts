import type pg from 'pg'
import type { Claimer } from '../queue/claimed-row'
import { feedbackColumns, feedbackRow } from './feedback-versions'
import type { GroupRows } from './group-rows'

// The write of an ingest transaction: one statement for all rows of a group. Deliveries of held webhooks are queued as held;
// the lock on the webhook keeps a release from coming between, which would leave them behind.

const text = `
  with feedback_rows as (
    insert into feedback (account_id, id, external_id, source_id, version, data, service_rating, product_ratings,
      nps_score, created_at, updated_at, deleted_at)
    select account_id, id, external_id, source_id, version, data, service_rating, product_ratings, nps_score,
      created_at, updated_at, deleted_at
    from json_to_recordset($1) as r(${feedbackColumns})
    on conflict (account_id, external_id) do update set source_id = excluded.source_id, version = excluded.version,
      data = excluded.data, service_rating = excluded.service_rating, product_ratings = excluded.product_ratings,
      nps_score = excluded.nps_score, created_at = excluded.created_at, updated_at = excluded.updated_at,
      deleted_at = excluded.deleted_at),
  event_rows as (
    insert into events (account_id, id, type, external_id, source_id, feedback_id, subject_id, feedback_version, data,
      parts, decisions)
    select account_id, id, type, external_id, source_id, feedback_id, subject_id, feedback_version, data, parts, decisions
    from json_to_recordset($2) as r(account_id uuid, id uuid, type text, external_id text, source_id uuid,
      feedback_id uuid, subject_id text, feedback_version int, data text, parts jsonb, decisions jsonb)),
  payload_rows as (
    insert into payloads (account_id, id, format, body) select account_id, id, format, body
    from json_to_recordset($3) as r(account_id uuid, id uuid, format text, body text)),
  made as materialized (
    select * from json_to_recordset($4) as r(account_id uuid, id uuid, event_id uuid, webhook_id uuid,
      webhook_version int, payload_id uuid, feedback_version int, key_version int, preclaimed boolean, held boolean)),
  held_webhooks as materialized (
    select id from webhooks where (account_id, id) in (select account_id, webhook_id from made where held)
      and held_at is not null for share),
  throttled as materialized (
    select webhook_id from webhook_health
    where (account_id, webhook_id) in (select account_id, webhook_id from made where preclaimed)
      and (state <> 'healthy' or failing_since is not null or per_minute is not null or paused_until > hub_now())),
  delivery_rows as (
    insert into deliveries (account_id, id, event_id, webhook_id, webhook_version, payload_id, feedback_version)
    select account_id, id, event_id, webhook_id, webhook_version, payload_id, feedback_version from made),
  queue_rows as (
    insert into queue (account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, lease, abandoned_claims,
      drainer_id, run_at)
    select account_id, id, webhook_id, payload_id, feedback_version, key_version, claimed, claimed, $6::int,
      case when held and webhook_id in (select id from held_webhooks) then 'infinity'
        else hub_now() + claimed * $5::int * interval '1 ms' end
    from (select *, (preclaimed and webhook_id not in (select webhook_id from throttled))::int as claimed from made) rows)
  select webhook_id from throttled`

/** A throttled webhook, of which deliveries were marked as preclaimed. They are inserted unclaimed instead. */
export type ThrottledWebhook = { webhook_id: string }

/**
 * The statement that stores the rows of a group; undefined when there are none. It returns ThrottledWebhook rows.
 * `by`: the local drain, which has the preclaimed rows.
 */
export function writeGroup(
  { feedback, events, payloads, deliveries }: GroupRows,
  by: Claimer | undefined,
): pg.QueryConfig | undefined {
  if (events.length === 0) return undefined
  const values = [feedback.map(feedbackRow), events, payloads, deliveries].map((rows) => JSON.stringify(rows))
  return { name: 'write-group', text, values: [...values, by?.leaseMs ?? 0, by?.drainerId ?? null] }
}
