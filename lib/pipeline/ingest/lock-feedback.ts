import type pg from 'pg'
import { newRandomId } from '../../db/ids'
import type { SourceRecord } from '../../events/event-record'
import { toUtc } from '../../events/event-time'
import type { Arrival } from './arrival'
import {
  changeFeedback,
  type FeedbackState,
  feedbackColumns,
  feedbackMark,
  feedbackRow,
  unseenFeedback,
} from './feedback-versions'

// Finds or inserts the rows of the feedback that a group is about. Most feedback is new and has one event in its group:
// its row is inserted with its final content and not written again.

const insertSql = `
  insert into feedback (account_id, id, external_id, source_id, version, data, service_rating, product_ratings,
    nps_score, created_at, updated_at)
  select account_id, id, external_id, source_id, version, data, service_rating, product_ratings, nps_score,
    created_at, updated_at
  from json_to_recordset($1) as r(${feedbackColumns})
  on conflict (account_id, external_id) do nothing returning id, number`

// The lateral probes the key row by row in the given order, so rows are locked in that order. A row with the proposed id
// is one that the insert of this transaction made.
const lockSql = `
  select r.account_id, r.external_id, f.id, f.number, f.version, f.data, f.source_id,
    to_char(f.deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as deleted_at
  from json_to_recordset($1) as r(account_id uuid, external_id text, id uuid)
  cross join lateral (select id, number, version, data, source_id, deleted_at from feedback f
    where f.account_id = r.account_id and f.external_id = r.external_id and f.id <> r.id offset 0 for update) f`

/**
 * Locks the feedback of these events, inserts what is new, and returns the states by `feedbackMark`. A state is as it was
 * before the group; the row of new feedback already holds what its first event makes of it. `triggeredAt`: the time of
 * events that carry none. Both statements are sent before this function first waits.
 */
export async function lockFeedback(
  db: pg.ClientBase,
  arrivals: (Pick<Arrival, 'accountId' | 'event'> & { source: SourceRecord })[],
  triggeredAt: string,
): Promise<Map<string, FeedbackState>> {
  const wanted = firstVersions(arrivals, triggeredAt)
  const found = new Map<string, FeedbackState>()
  if (wanted.length === 0) return found
  const [inserted, locked] = await Promise.all([
    insert(
      db,
      wanted.flatMap(({ first }) => first ?? []),
    ),
    lock(
      db,
      wanted.map(({ state }) => state),
    ),
  ])
  for (const { state } of wanted) {
    const number = inserted.get(state.publicId)
    if (number !== undefined)
      found.set(feedbackMark(state.accountId, state.externalId), { ...state, number, storedVersion: 1 })
  }
  for (const state of locked) found.set(feedbackMark(state.accountId, state.externalId), state)
  return found
}

/** The feedback of these events in key order, each as if it were new, with the row that its first event makes of it. */
function firstVersions(arrivals: Parameters<typeof lockFeedback>[1], triggeredAt: string) {
  const wanted = new Map<string, { state: FeedbackState; first: object | undefined }>()
  for (const { accountId, event, source } of arrivals) {
    if (!('feedback' in event)) continue
    const mark = feedbackMark(accountId, event.feedback.id)
    let entry = wanted.get(mark)
    if (!entry) {
      entry = { state: unseenFeedback(accountId, event.feedback.id, newRandomId()), first: undefined }
      wanted.set(mark, entry)
    }
    if (entry.first || event.type === 'feedback.deleted') continue
    const first = { ...entry.state }
    const occurredAt = event.occurredAt === undefined ? triggeredAt : toUtc(event.occurredAt)
    changeFeedback(first, event.feedback, source.id, occurredAt)
    entry.first = feedbackRow(first)
  }
  return [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

/** Inserts feedback that is not there yet, and returns the numbers of the new rows by their ids. */
async function insert(db: pg.ClientBase, rows: object[]): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map()
  const values = [JSON.stringify(rows)]
  const made = await db.query<{ id: string; number: number }>({ name: 'insert-feedback', text: insertSql, values })
  return new Map(made.rows.map(({ id, number }) => [id, number]))
}

/** Locks the feedback that was there before, and returns its states. */
async function lock(db: pg.ClientBase, states: FeedbackState[]): Promise<FeedbackState[]> {
  const keys = states.map((state) => ({
    account_id: state.accountId,
    external_id: state.externalId,
    id: state.publicId,
  }))
  const { rows } = await db.query({ name: 'lock-feedback', text: lockSql, values: [JSON.stringify(keys)] })
  return rows.map((row) => ({
    accountId: row.account_id,
    externalId: row.external_id,
    publicId: row.id,
    number: row.number,
    version: row.version,
    current: row.data === '' ? undefined : JSON.parse(row.data),
    sourceId: row.source_id,
    deletedAt: row.deleted_at && toUtc(row.deleted_at),
    storedVersion: row.version,
  }))
}
