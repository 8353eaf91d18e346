import { eventTypes } from '../events/event-types'
import { showId } from '../type-id'
import type { Format } from './format'
import { shownFeedback } from './shown-feedback'
import { standardWebhooks } from './standard-webhooks'

// "Full event": the whole event, signed as Standard Webhooks.

/** Every event type and every field, signed as Standard Webhooks. */
export const standard: Format = {
  key: 'standard',
  label: 'Full event',
  purpose: 'For your own code, and for Zapier and Make.',
  summary: 'The whole event as JSON, signed as Standard Webhooks. Best for your own code.',
  offers: eventTypes.map((type) => ({ type, ticked: true })),
  conditions: ['any', 'service', 'product', 'nps', 'thermometer'],
  plainHttp: false,
  retries: 9,
  encodings: ['json'],
  eventsFixed: false,
  lacks: () => undefined,
  render(event) {
    const { feedback, decline, message } = event
    return JSON.stringify({
      type: event.type,
      timestamp: event.occurredAt,
      data: {
        id: showId('event', event.id),
        source: { key: event.source.key, name: event.source.name, kind: event.source.kind },
        feedback: feedback && shownFeedback(feedback),
        decline,
        message,
      },
    })
  },
  ...standardWebhooks,
}
