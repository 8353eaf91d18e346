import { type EventType, eventTypes } from '../events/event-types'
import type { Format } from './format'
import { shownFeedback } from './shown-feedback'
import { standardWebhooks } from './standard-webhooks'

// “Reviews and messages”, as in MoreGoodReviews' “Webhooks”: the event's name and the whole review or message.

const names: Partial<Record<EventType, string>> = {
  'feedback.created': 'review-created',
  'feedback.updated': 'review-updated',
  'feedback.deleted': 'review-deleted',
  'message.created': 'message-created',
  'message.updated': 'message-updated',
  'message.deleted': 'message-deleted',
}

/** Whole reviews and messages, signed as Standard Webhooks. */
export const reviews: Format = {
  key: 'reviews',
  label: 'Reviews and messages',
  purpose: 'For help desks and inboxes that show reviews and messages.',
  summary: 'The whole review or message as JSON under a short event name, signed as Standard Webhooks.',
  offers: eventTypes.filter((type) => names[type]).map((type) => ({ type, ticked: true, name: names[type] })),
  conditions: ['any', 'service', 'product', 'nps'],
  plainHttp: false,
  retries: 9,
  encodings: ['json'],
  eventsFixed: false,
  lacks: () => undefined,
  render({ type, feedback, message, occurredAt }) {
    // A deleted feedback has its deletedAt. Messages are not stored, so theirs is the time of the event.
    const deletion = type === 'message.deleted' ? { deletedAt: occurredAt } : {}
    return JSON.stringify({
      event: names[type],
      data: feedback ? shownFeedback(feedback) : { ...message, ...deletion },
    })
  },
  ...standardWebhooks,
}
