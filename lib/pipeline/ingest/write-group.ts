import type pg from 'pg'
import type { Claimer } from '../queue/claimed-row'
import { feedbackColumns, feedbackRow } from './feedback-versions'
import { type GroupRows, keyColumns } from './group-rows'

// The write of an ingest transaction: one statement for all rows of a group. Deliveries of held webhooks are queued as held;
// the lock on the webhook keeps a release from coming between, which would leave them behind.
//
// There are two of it. One stores a group whose keys and feedback are locked. The other is a transaction of its own: it
// stores a group that was computed as if none of its feedback and event ids had been seen, and stores nothing unless that
// is so and the accounts have the configuration that it was computed from.

const parameters = {
  feedback: '$1',
  events: '$2',
  payloads: '$3',
  deliveries: '$4',
  leaseMs: '$5',
  drainerId: '$6',
  versions: '$7',
  keys: '$8',
}

const feedbackOf = (more: string) => `json_to_recordset(${parameters.feedback}) as r(${feedbackColumns}${more})`
const keysOf = `json_to_recordset(${parameters.keys}) as r(${keyColumns})`

const lockedFeedback = `
  feedback_rows as (
    insert into feedback (account_id, id, external_id, source_id, version, data, service_rating, product_ratings,
      nps_score, created_at, updated_at, deleted_at)
    select account_id, id, external_id, source_id, version, data, service_rating, product_ratings, nps_score,
      created_at, updated_at, deleted_at
    from ${feedbackOf('')}
    on conflict (account_id, external_id) do update set source_id = excluded.source_id, version = excluded.version,
      data = excluded.data, service_rating = excluded.service_rating, product_ratings = excluded.product_ratings,
      nps_score = excluded.nps_score, created_at = excluded.created_at, updated_at = excluded.updated_at,
      deleted_at = excluded.deleted_at)`

// A key or feedback that another transaction inserts meanwhile is a unique violation. Feedback waits for the keys, because
// every group locks in this order. The laterals probe row by row: no plan may read the tables through.
const newFeedback = `
  known as materialized (
    select exists (select from json_to_recordset(${parameters.versions}) as r(id uuid, version int)
        left join accounts a on a.id = r.id where a.config_version is distinct from r.version)
      or exists (select from ${keysOf} cross join lateral (
        select from ingest_keys k where k.account_id = r.account_id and k.key = r.key offset 0) k)
      or exists (select from ${feedbackOf('')} cross join lateral (
        select from feedback f where f.account_id = r.account_id and f.external_id = r.external_id offset 0) f) as found),
  key_rows as (
    insert into ingest_keys (account_id, key, event_id, hash) select account_id, key, event_id, hash from ${keysOf}
    where not (select found from known) returning 1),
  feedback_rows as (
    insert into feedback (account_id, id, external_id, number, source_id, version, data, service_rating, product_ratings,
      nps_score, created_at, updated_at)
    select account_id, id, external_id, number, source_id, version, data, service_rating, product_ratings, nps_score,
      created_at, updated_at
    from ${feedbackOf(', number bigint')}
    where (select count(*) from key_rows) >= 0 and not (select found from known))`

/** `unless`: SQL that is true where nothing is stored. */
const textOf = (feedbackRows: string, unless: string) => `
  with ${feedbackRows},
  event_rows as (
    insert into events (account_id, id, type, external_id, source_id, feedback_id, subject_id, feedback_version, data,
      parts, decisions)
    select account_id, id, type, external_id, source_id, feedback_id, subject_id, feedback_version, data, parts, decisions
    from json_to_recordset(${parameters.events}) as r(account_id uuid, id uuid, type text, external_id text, source_id uuid,
      feedback_id uuid, subject_id text, feedback_version int, data text, parts jsonb, decisions json)
    where not ${unless}),
  payload_rows as (
    insert into payloads (account_id, id, format, body) select account_id, id, format, body
    from json_to_recordset(${parameters.payloads}) as r(account_id uuid, id uuid, format text, body text)
    where not ${unless}),
  made as materialized (
    select * from json_to_recordset(${parameters.deliveries}) as r(account_id uuid, id uuid, event_id uuid, webhook_id uuid,
      webhook_version int, payload_id uuid, feedback_version int, key_version int, preclaimed boolean, held boolean)
    where not ${unless}),
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
    select account_id, id, webhook_id, payload_id, feedback_version, key_version, claimed, claimed, ${parameters.drainerId}::int,
      case when held and webhook_id in (select id from held_webhooks) then 'infinity'
        else hub_now() + claimed * ${parameters.leaseMs}::int * interval '1 ms' end
    from (select *, (preclaimed and webhook_id not in (select webhook_id from throttled))::int as claimed from made) rows)
  select not ${unless} as stored, array(select webhook_id from throttled) as throttled`

const locked = { name: 'write-group', text: textOf(lockedFeedback, 'false') }
const asNew = { name: 'write-new-group', text: textOf(newFeedback, '(select found from known)') }

/**
 * What the statement returns, in one row. `stored`: false when a group that was taken for new is not, or was computed from
 * an old configuration. `throttled`: webhooks of which deliveries were marked as preclaimed; they are inserted unclaimed.
 */
export type Written = { stored: boolean; throttled: string[] }

/**
 * The statement that stores the rows of a group whose keys and feedback are locked; undefined when there are none. `by`: the
 * local drain, which has the preclaimed rows.
 */
export function writeGroup(rows: GroupRows, by: Claimer | undefined): pg.QueryConfig | undefined {
  return rows.events.length === 0
    ? undefined
    : { ...locked, values: valuesOf(rows, rows.feedback.map(feedbackRow), by) }
}

/** What a group that is taken for new was computed from: the versions of configurations by account, and its keys. */
type ComputedFrom = { configs: ReadonlyMap<string, { version: number }>; keys: object[] }

/** The transaction of a group that is taken for new, in one statement. Feedback has its numbers already. */
export function writeNewGroup(
  rows: GroupRows,
  by: Claimer | undefined,
  { configs, keys }: ComputedFrom,
): pg.QueryConfig {
  const feedback = rows.feedback.map((state) => ({ ...feedbackRow(state), number: state.number }))
  const versions = [...configs].map(([id, { version }]) => ({ id, version }))
  return { ...asNew, values: [...valuesOf(rows, feedback, by), JSON.stringify(versions), JSON.stringify(keys)] }
}

const valuesOf = ({ events, payloads, deliveries }: GroupRows, feedback: object[], by: Claimer | undefined) => [
  ...[feedback, events, payloads, deliveries].map((rows) => JSON.stringify(rows)),
  by?.leaseMs ?? 0,
  by?.drainerId ?? null,
]
