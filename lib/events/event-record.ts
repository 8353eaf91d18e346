import type { Decline, Feedback, Message } from './event-schema'
import type { EventType, SourceKind } from './event-types'

/** A feedback after an event: the platform's fields, our ids and the version. */
export type FeedbackRecord = Feedback & {
  /** Our random id (UUID v4), which payloads carry. */
  publicId: string
  /** Our integer id, for formats whose ids are integers. It is the same for every version. */
  number: number
  version: number
  createdAt: string
  updatedAt: string
  deletedAt?: string
}

/** The ids that a source has at the vendors. When entered, payloads carry them instead of our ids. */
export type VendorIds = { thermometerId?: number; wootricSurveyId?: number; rateupSurveyId?: string }

/** The source of an event when the event came in. */
export type SourceRecord = {
  id: string
  key: string
  name: string
  kind: SourceKind
  /** Our integer id, for formats whose ids are integers. */
  number: number
  vendorIds: VendorIds
}

/** An event as it is stored, matched and rendered. Times are ISO 8601 in UTC. */
export type EventRecord = {
  /** Our id (UUID v7). */
  id: string
  /** Our integer id, for formats whose ids are integers. */
  number: number
  type: EventType
  occurredAt: string
  /** The moment of the transaction that accepted the event. */
  triggeredAt: string
  source: SourceRecord
  /** For a deletion, the last stored version; absent when the feedback was unknown. */
  feedback?: FeedbackRecord
  decline?: Decline
  message?: Message
}

export type FeedbackPart = 'service' | 'products' | 'nps' | 'temperature' | 'comment' | 'drivers' | 'answers'

/** Each part that the event carries, compared with the version before. */
export type EventParts = Partial<Record<FeedbackPart, 'added' | 'changed' | 'same'>>

/** Why an event did or did not match a webhook. Events keep the place in this list: append to it, never reorder it. */
export const decisionCodes = [
  'matched',
  'off',
  'source-not-chosen',
  'event-not-chosen',
  'regardless-only',
  'unknown-feedback',
  'no-service-rating',
  'service-rating-not-chosen',
  'no-product-rating',
  'product-rating-not-chosen',
  'no-nps-score',
  'nps-score-not-chosen',
  'no-temperature',
  'temperature-not-chosen',
  'part-not-new',
  'no-score',
  'no-answers',
  'no-comment',
  'no-tag',
  'tag-not-chosen',
  'no-country',
  'country-not-chosen',
  'no-language',
  'language-not-chosen',
  'question-not-answered',
  'answer-not-chosen',
  'no-property',
  'property-not-equal',
] as const
export type DecisionCode = (typeof decisionCodes)[number]

/**
 * The decisions stored with an event. `notify` is false when history was being loaded; then no webhook was judged.
 * `webhooks` lists [number, version, code] of the webhooks whose format offers the event type. Beyond 200 of them it
 * lists only those that matched, and `others` counts the rest by code.
 */
export type DecisionRow = {
  notify: boolean
  webhooks: [number: number, version: number, code: DecisionCode][]
  others?: Partial<Record<DecisionCode, number>>
}
