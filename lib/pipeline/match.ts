import type { DecisionCode, EventRecord } from '../events/event-record'
import type { Format } from '../formats/format'
import type { Rule } from '../webhooks/webhook-schema'

// Step "match": does this event concern this webhook, and why (not). Pure. It reads the ratings the event itself
// carries; for a deletion the record carries the last stored version.

export type RuledWebhook = { enabled: boolean; rule: Rule }

/** Whether a webhook of this format can be told of this event at all; if not, no decision is kept. */
export const offersEvent = (format: Format, event: EventRecord): boolean =>
  format.offers.some(({ type }) => type === event.type)

/** Why an event does (`matched`) or does not match a webhook whose format offers its type. */
export function match(event: EventRecord, { enabled, rule }: RuledWebhook): DecisionCode {
  if (!enabled) return 'off'
  if (!rule.events.includes(event.type)) return 'event-not-chosen'
  if (event.type === 'feedback.deleted' && !event.feedback) return 'unknown-feedback'
  if (rule.condition.kind === 'any') return 'matched'
  if (!event.feedback) return 'regardless-only'
  switch (rule.condition.kind) {
    case 'service': {
      const rating = event.feedback.service?.rating
      if (rating === undefined) return 'no-service-rating'
      return rule.condition.ratings.includes(rating) ? 'matched' : 'service-rating-not-chosen'
    }
    case 'product': {
      const ratings = (event.feedback.products ?? []).flatMap(({ rating }) => rating ?? [])
      if (ratings.length === 0) return 'no-product-rating'
      const chosen = rule.condition.ratings
      return ratings.some((rating) => chosen.includes(rating)) ? 'matched' : 'product-rating-not-chosen'
    }
    case 'nps': {
      const score = event.feedback.nps?.score
      if (score === undefined) return 'no-nps-score'
      return rule.condition.scores.includes(score) ? 'matched' : 'nps-score-not-chosen'
    }
  }
}
