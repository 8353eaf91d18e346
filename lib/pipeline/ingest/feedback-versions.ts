import type { FeedbackRecord } from '../../events/event-record'
import type { Feedback } from '../../events/event-schema'
import { isBefore, toUtc } from '../../events/event-time'

// The versions of feedback, in memory. Pure.

/** A feedback as a group found it, and as it changes while the group is rows. */
export type FeedbackState = {
  accountId: string
  externalId: string
  publicId: string
  /** The number of its row; 0 until it has one. */
  number: number
  /** 0: never stored. */
  version: number
  /** The last stored version; undefined when there is none, or it was deleted. */
  current: (Feedback & { createdAt: string; updatedAt: string }) | undefined
  sourceId: string | null
  deletedAt: string | null
  /** The version in its row. */
  storedVersion: number
}

export const feedbackMark = (accountId: string, externalId: string): string => `${accountId} ${externalId}`

/** The state of a feedback that was never seen. */
export const unseenFeedback = (accountId: string, externalId: string, publicId: string): FeedbackState => ({
  accountId,
  externalId,
  publicId,
  number: 0,
  version: 0,
  current: undefined,
  sourceId: null,
  deletedAt: null,
  storedVersion: 0,
})

/**
 * The feedback that an event carries, as its next version. The state moves on to it, unless it is older than the stored
 * version: such an event is delivered with a version number below the stored one, and overwrites nothing.
 */
export function changeFeedback(
  state: FeedbackState,
  feedback: Feedback,
  sourceId: string,
  occurredAt: string,
): FeedbackRecord {
  const before = state.current
  const updatedAt = feedback.updatedAt === undefined ? occurredAt : toUtc(feedback.updatedAt)
  const createdAt = feedback.createdAt === undefined ? (before?.createdAt ?? updatedAt) : toUtc(feedback.createdAt)
  // A deletion counts as the stored version too: a late update must not bring the feedback back.
  const storedAt = before?.updatedAt ?? state.deletedAt
  const stale = storedAt !== null && feedback.updatedAt !== undefined && isBefore(updatedAt, storedAt)
  const now = { ...feedback, createdAt, updatedAt }
  if (stale) return { ...now, publicId: state.publicId, number: state.number, version: state.version - 1 }
  state.version += 1
  state.current = now
  state.sourceId = sourceId
  state.deletedAt = null
  return { ...now, publicId: state.publicId, number: state.number, version: state.version }
}

/** Deletes a feedback and returns its last stored version; undefined when there is none. */
export function removeFeedback(state: FeedbackState | undefined, deletedAt: string): FeedbackRecord | undefined {
  if (!state?.current) return undefined
  const last = state.current
  state.version += 1
  state.current = undefined
  state.deletedAt = deletedAt
  return { ...last, publicId: state.publicId, number: state.number, version: state.version, deletedAt }
}

/** SQL: the columns of `feedbackRow`, for json_to_recordset. */
export const feedbackColumns = `account_id uuid, id uuid, external_id text, source_id uuid, version int, data text,
  service_rating smallint, product_ratings smallint[], nps_score smallint, created_at timestamptz,
  updated_at timestamptz, deleted_at timestamptz`

/** A state as its row. */
export const feedbackRow = ({ current, ...state }: FeedbackState) => ({
  account_id: state.accountId,
  id: state.publicId,
  external_id: state.externalId,
  source_id: state.sourceId,
  version: state.version,
  data: current ? JSON.stringify(current) : '',
  service_rating: current?.service?.rating ?? null,
  product_ratings: current?.products?.flatMap(({ rating }) => rating ?? []) ?? null,
  nps_score: current?.nps?.score ?? null,
  created_at: current?.createdAt ?? state.deletedAt,
  updated_at: current?.updatedAt ?? state.deletedAt,
  deleted_at: state.deletedAt,
})
