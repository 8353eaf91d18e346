import type pg from 'pg'
import { newRandomId } from '../db/ids'
import type { Feedback } from '../events/event-schema'
import type { Arrival } from './accept'

/** A feedback as this group found it, and as it changes while the group is folded. */
export type FeedbackState = {
  accountId: string
  externalId: string
  publicId: string
  /** 0: never stored. */
  version: number
  /** The last stored version; undefined when there is none, or it was deleted. */
  current: (Feedback & { createdAt: string; updatedAt: string }) | undefined
  sourceId: string | null
  deletedAt: string | null
  changed: boolean
}

export const feedbackMark = (accountId: string, externalId: string): string => `${accountId} ${externalId}`

const placeholderSql = `
  insert into feedback (account_id, id, external_id, created_at, updated_at)
  select account_id, id, external_id, hub_now(), '-infinity'
  from json_to_recordset($1) as r(account_id uuid, id uuid, external_id text)
  on conflict (account_id, external_id) do nothing`

// The lateral probes the key row by row in the order given, which is the order the rows are locked in.
const lockSql = `
  select r.account_id, r.external_id, f.id, f.version, f.data, f.source_id, f.deleted_at
  from json_to_recordset($1) as r(account_id uuid, external_id text)
  cross join lateral (select id, version, data, source_id, deleted_at from feedback f
    where f.account_id = r.account_id and f.external_id = r.external_id offset 0 for update) f`

/** Locks the feedback that these events are about, making rows for what is new; by `feedbackMark`. */
export async function lockFeedback(db: pg.ClientBase, arrivals: Arrival[]): Promise<Map<string, FeedbackState>> {
  const wanted = new Map<string, { account_id: string; external_id: string; id: string; create: boolean }>()
  for (const { accountId, event } of arrivals) {
    if (!('feedback' in event)) continue
    const mark = feedbackMark(accountId, event.feedback.id)
    const create = event.type !== 'feedback.deleted'
    const entry = wanted.get(mark)
    if (entry) entry.create ||= create
    else wanted.set(mark, { account_id: accountId, external_id: event.feedback.id, id: newRandomId(), create })
  }
  const found = new Map<string, FeedbackState>()
  if (wanted.size === 0) return found
  const sorted = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
  const create = sorted.filter((entry) => entry.create)
  if (create.length > 0)
    await db.query({ name: 'feedback-placeholders', text: placeholderSql, values: [JSON.stringify(create)] })
  const { rows } = await db.query({ name: 'lock-feedback', text: lockSql, values: [JSON.stringify(sorted)] })
  for (const row of rows)
    found.set(feedbackMark(row.account_id, row.external_id), {
      accountId: row.account_id,
      externalId: row.external_id,
      publicId: row.id,
      version: row.version,
      current: row.data === '' ? undefined : JSON.parse(row.data),
      sourceId: row.source_id,
      deletedAt: row.deleted_at?.toISOString() ?? null,
      changed: false,
    })
  return found
}
