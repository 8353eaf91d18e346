import type { OnlyIf } from '../webhooks/only-if-schema'
import { onlyIfClause } from '../webhooks/only-if-words'
import type { DecisionCode } from './event-record'

/** Why a webhook did or did not fire: the code of its decision, or why there was no decision. */
export type DecisionReason = DecisionCode | 'history' | 'not-offered' | 'registered-later' | 'counted-only'

const words: Record<DecisionReason, string> = {
  matched: 'The event matches its rule, so a delivery was made.',
  off: 'It was switched off when the event came in, so no delivery was made.',
  'source-not-chosen': 'It listens to chosen sources, and the source of this event is not among them.',
  'event-not-chosen': 'It is not called for this kind of event.',
  'regardless-only':
    'It asks for a rating. Declined surveys and messages carry none: they reach only WebHooks that fire regardless of rating.',
  'unknown-feedback': 'The deleted feedback was never stored here, so there is nothing to judge or to send.',
  'no-service-rating': 'It asks for a service rating, and the event carries none.',
  'service-rating-not-chosen': 'The service rating is not among those it asks for.',
  'no-product-rating': 'It asks for a product rating, and the event carries none.',
  'product-rating-not-chosen': 'No product has a rating that it asks for.',
  'no-nps-score': 'It asks for an NPS score, and the event carries none.',
  'nps-score-not-chosen': 'The NPS score is not among those it asks for.',
  'no-temperature': 'It fires by temperature, and the feedback has none.',
  'temperature-not-chosen': 'No box is ticked for this temperature.',
  'part-not-new': 'This event neither added nor changed any part that is ticked for this temperature.',
  'no-score': 'The feedback has neither an NPS score nor a service rating, and its format sends nothing without one.',
  'no-answers': 'The feedback has no answers, and its format sends nothing without them.',
  'no-comment': 'It fires only if there is a comment, and there is none.',
  'no-tag': 'It fires only for certain tags, and the event has no tag.',
  'tag-not-chosen': 'It fires only for certain tags, and the event has others.',
  'no-country': 'It fires only for certain countries, and the customer’s is not known.',
  'country-not-chosen': 'It fires only for certain countries, and the customer’s is another.',
  'no-language': 'It fires only for certain languages, and the customer’s is not known.',
  'language-not-chosen': 'It fires only for certain languages, and the customer’s is another.',
  'question-not-answered': 'It fires only for certain answers to a question, and that question was not answered.',
  'answer-not-chosen': 'It fires only for certain answers to a question, and the answer is another.',
  'no-property': 'It fires only for a certain value of a property, and the event has no value there.',
  'property-not-equal': 'It fires only for a certain value of a property, and the event has another.',
  history: 'The event came with “notify”: false, because history was being loaded. No WebHook was judged.',
  'not-offered': 'Its format does not send this kind of event.',
  'registered-later': 'It was registered after the event came in.',
  'counted-only':
    'It did not fire. With more than 200 WebHooks, only the number for each reason is kept, and the reason of this one can no longer be worked out.',
}

/** The reason as a sentence about the webhook, for merchants. */
export const decisionWords = (reason: DecisionReason): string => words[reason]

/** The reason of a further condition that an event does not meet, with what is asked for and what the event has. */
export function unmetWords({ condition, carried }: { condition: OnlyIf; carried: readonly string[] }): string {
  const asked = `It fires only if ${onlyIfClause(condition)}`
  const values = carried.filter((value) => value.trim() !== '')
  if (values.length === 0) return `${asked}, and ${missing[condition.kind]}.`
  const shown = values.slice(0, 5).map((value) => `“${cut(value)}”`)
  const more = values.length > 5 ? ` and ${values.length - 5} more` : ''
  return `${asked}; here it is ${shown.join(', ')}${more}.`
}

const missing: Record<OnlyIf['kind'], string> = {
  comment: 'there is none',
  tag: 'the event has no tag',
  country: 'the country is not known',
  language: 'the language is not known',
  answer: 'that question was not answered',
  property: 'the event has no value there',
}

const cut = (text: string) => (text.length > 100 ? `${[...text].slice(0, 100).join('')}…` : text)
