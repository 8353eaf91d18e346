import type { EventType } from '../events/event-types'
import type { FormatKey } from '../formats/format'

// When an event is sent and when it is not, in words. docs/formats.md and lib/pipeline/ingest/match.ts have the rules.

const fires: Record<EventType, string> = {
  'feedback.created':
    'A customer has given feedback. It also fires for feedback that is known already, as its next version.',
  'feedback.updated': 'Feedback has changed. The event carries the whole feedback as it now stands.',
  'feedback.deleted': 'Feedback was deleted. What is sent is the version that was stored last.',
  'survey.declined': 'A customer was asked and declined to answer.',
  'message.created': 'A message to or from a customer came to be.',
  'message.updated': 'A message changed, such as its status.',
  'message.deleted': 'A message was deleted.',
}

const doesNot: Record<EventType, string> = {
  'feedback.created':
    'Not for history that is loaded with “notify”: false, and not a second time for an event id that is known.',
  'feedback.updated':
    'Not for history that is loaded with “notify”: false, and not a second time for an event id that is known.',
  'feedback.deleted': 'Not for feedback that was never stored here, because there is nothing to judge or to send.',
  'survey.declined': 'Not to WebHooks that ask for a rating: it has none.',
  'message.created': 'Not to WebHooks that ask for a rating: it has none.',
  'message.updated': 'Not to WebHooks that ask for a rating: it has none.',
  'message.deleted': 'Not to WebHooks that ask for a rating: it has none.',
}

const lacks: Partial<Record<FormatKey, string>> = {
  'customer-thermometer': 'Nothing is sent when the feedback has no temperature, or when no ticked part is new.',
  wootric: 'Nothing is sent for feedback that has neither an NPS score nor a service rating.',
  rateup: 'Nothing is sent when there are no answers.',
}

/** When an event fires. */
export const firesWhen = (type: EventType): string => fires[type]

/** When it does not, in this format. */
export const firesNot = (type: EventType, format: FormatKey): string =>
  [doesNot[type], type.startsWith('feedback.') ? lacks[format] : undefined].filter(Boolean).join(' ')
