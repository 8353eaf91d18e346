import type { FeedbackRecord } from '../events/event-record'
import { eventTypes } from '../events/event-types'
import { showId } from '../type-id'
import type { Format } from './format'
import { whsec, whsecKey } from './whsec'

// "Full event": the whole event, signed as Standard Webhooks 1.0 (https://www.standardwebhooks.com).

export const standard: Format = {
  key: 'standard',
  label: 'Full event',
  summary: 'The whole event as JSON, signed as Standard Webhooks. Best for your own code.',
  offers: eventTypes.map((type) => ({ type, ticked: true })),
  conditions: ['any', 'service', 'product', 'nps'],
  plainHttp: false,
  retries: 9,
  secret: whsec,
  contentType: 'application/json',
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
  sign({ deliveryId, timestamp, body, secrets }) {
    const content = `${deliveryId}.${timestamp}.${body}`
    return secrets.map((secret) => `v1,${secret.hmac('sha256', whsecKey, content)}`).join(' ')
  },
  headers: ({ timestamp, signature }) =>
    signature === null ? [] : ['webhook-timestamp', String(timestamp), 'webhook-signature', signature],
}

function shownFeedback({ publicId, ...feedback }: FeedbackRecord) {
  return { ...feedback, reviewId: showId('feedback', publicId) }
}
