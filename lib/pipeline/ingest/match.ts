import type { DecisionCode, EventParts, EventRecord } from '../../events/event-record'
import type { OnlyIfJudge } from '../../events/only-if'
import type { Format } from '../../formats/format'
import { type Temperature, type ThermometerBox, thermometerParts } from '../../webhooks/thermometer'
import type { Rule } from '../../webhooks/webhook-schema'

// Step "match": does an event match a webhook, and why or why not. Pure. It judges the ratings that the event itself
// carries; the record of a deletion carries the last stored version.

export type RuledWebhook = {
  enabled: boolean
  format: Pick<Format, 'lacks'>
  rule: Rule
  /** Its further conditions, compiled (compileOnlyIf); null: it has none. */
  onlyIf: OnlyIfJudge | null
  /** Ids of the sources it is linked to; null: all sources. */
  sources: ReadonlySet<string> | null
}

/** Whether a format offers the type of this event. If not, no decision is kept. */
export const offersEvent = (format: Format, event: EventRecord): boolean =>
  format.offers.some(({ type }) => type === event.type)

/**
 * The reason why an event matches (`matched`) or does not match a webhook whose format offers its type. `parts`: which
 * parts of the feedback were given, added or changed; null for a deletion and for events that carry no feedback.
 */
export function match(event: EventRecord, parts: EventParts | null, webhook: RuledWebhook): DecisionCode {
  const code = judge(event, parts, webhook)
  return code === 'matched' ? (webhook.onlyIf?.(event) ?? webhook.format.lacks(event) ?? code) : code
}

function judge(event: EventRecord, parts: EventParts | null, { enabled, rule, sources }: RuledWebhook): DecisionCode {
  if (!enabled) return 'off'
  if (sources && !sources.has(event.source.id)) return 'source-not-chosen'
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
    case 'thermometer':
      return judgeThermometer(event.feedback.temperature, parts, rule.condition.boxes)
  }
}

const partOfBox = { response: 'temperature', comment: 'comment', driver: 'drivers' } as const

/** A removed part is not among `parts`, so removing matches nothing. */
function judgeThermometer(
  temperature: Temperature | undefined,
  parts: EventParts | null,
  boxes: readonly ThermometerBox[],
): DecisionCode {
  if (temperature === undefined) return 'no-temperature'
  const chosen = thermometerParts.filter((part) => boxes.includes(`${temperature}.${part}`))
  if (chosen.length === 0) return 'temperature-not-chosen'
  const isNew = (part: keyof typeof partOfBox) => ['added', 'changed'].includes(parts?.[partOfBox[part]] ?? 'same')
  return chosen.some(isNew) ? 'matched' : 'part-not-new'
}
