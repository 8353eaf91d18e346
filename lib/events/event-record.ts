import type { Decline, Feedback, Message } from './event-schema'
import type { EventType, SourceKind } from './event-types'

/** A feedback as it stands after an event: the platform's fields, our public id and the version it became. */
export type FeedbackRecord = Feedback & {
  /** Our random id (UUID v4), the one payloads carry. */
  publicId: string
  /** Ours, for formats whose ids are integers: made once, the same for every version. */
  number: number
  version: number
  createdAt: string
  updatedAt: string
  deletedAt?: string
}

/** What a source is called at the vendors whose place the hub takes; entered once, sent instead of our ids. */
export type VendorIds = { thermometerId?: number; wootricSurveyId?: number; rateupSurveyId?: string }

/** The source of an event, as it was when the event came in. */
export type SourceRecord = {
  id: string
  key: string
  name: string
  kind: SourceKind
  /** Ours, for formats whose ids are integers. */
  number: number
  vendorIds: VendorIds
}

/** An event as it is kept, matched and rendered. Times are ISO 8601 in UTC. */
export type EventRecord = {
  /** Our id (UUID v7). */
  id: string
  /** The same as an integer, for formats whose ids are. */
  number: number
  type: EventType
  occurredAt: string
  /** The moment of the transaction that accepted the event. */
  triggeredAt: string
  source: SourceRecord
  /** For a deletion the last stored version; absent when the feedback was unknown. */
  feedback?: FeedbackRecord
  decline?: Decline
  message?: Message
}

export type FeedbackPart = 'service' | 'products' | 'nps' | 'temperature' | 'comment' | 'drivers' | 'answers'

/** What each part that the event carries was, compared with the version before. */
export type EventParts = Partial<Record<FeedbackPart, 'added' | 'changed' | 'same'>>

/** Why an event did or did not match a webhook. */
export type DecisionCode =
  | 'matched'
  | 'off'
  | 'source-not-chosen'
  | 'event-not-chosen'
  | 'regardless-only'
  | 'unknown-feedback'
  | 'no-service-rating'
  | 'service-rating-not-chosen'
  | 'no-product-rating'
  | 'product-rating-not-chosen'
  | 'no-nps-score'
  | 'nps-score-not-chosen'
  | 'no-temperature'
  | 'temperature-not-chosen'
  | 'part-not-new'
  | 'no-score'
  | 'no-answers'

/**
 * The decisions of an event, as kept with it. `notify: false`: history being loaded, nothing was judged.
 * Webhooks: [number, version, code], only those whose format offers the event type. Beyond 200 of them only the
 * matched are listed and `others` counts the rest by code.
 */
export type DecisionRow = {
  notify: boolean
  webhooks: [number: number, version: number, code: DecisionCode][]
  others?: Partial<Record<DecisionCode, number>>
}
