import type { DecisionCode } from './event-record'

/** Why a webhook did or did not fire. Beside the codes of the judge, why there was nothing to judge. */
export type DecisionReason = DecisionCode | 'history' | 'not-offered' | 'registered-later' | 'counted-only'

const words: Record<DecisionReason, string> = {
  matched: 'The event is what it asks for, so a delivery was made.',
  off: 'It was switched off when the event came in, so no delivery was made.',
  'source-not-chosen': 'It listens to chosen sources, and the source of this event is not among them.',
  'event-not-chosen': 'It is not called for this kind of event.',
  'regardless-only':
    'It asks for a rating. Declined surveys and messages carry none: they reach only WebHooks that fire regardless of rating.',
  'unknown-feedback': 'The feedback that was deleted was never known here, so there is nothing to judge or to send.',
  'no-service-rating': 'It asks for a service rating, and the event carries none.',
  'service-rating-not-chosen': 'The service rating is not among those it asks for.',
  'no-product-rating': 'It asks for a product rating, and the event carries none.',
  'product-rating-not-chosen': 'No product has a rating that it asks for.',
  'no-nps-score': 'It asks for an NPS score, and the event carries none.',
  'nps-score-not-chosen': 'The NPS score is not among those it asks for.',
  'no-temperature': 'The feedback has no temperature, and without one its thermometer can’t fire.',
  'temperature-not-chosen': 'No box is ticked for this temperature.',
  'part-not-new': 'None of what it waits for on this temperature was given, added or changed by this event.',
  'no-score': 'The feedback has neither an NPS score nor a service rating, and its format sends nothing without one.',
  'no-answers': 'The feedback has no answers, and its format sends nothing without them.',
  history: 'History was being loaded: the event came with “notify”: false, so no WebHook was judged.',
  'not-offered': 'Its format does not send this kind of event.',
  'registered-later': 'It was registered after the event came in.',
  'counted-only':
    'It did not fire. With more than 200 WebHooks only the reasons are counted, and which of them was this one’s can’t be told any more.',
}

/** Why, as a sentence about the webhook, for merchants. */
export const decisionWords = (reason: DecisionReason): string => words[reason]
