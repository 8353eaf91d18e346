import type { IncomingEvent } from './event-schema'
import type { EventType } from './event-types'

// One invented event of each type, as the platform would post it: what a test fire starts from.

const customer = {
  name: 'Priya Shah',
  displayName: 'Priya',
  email: 'priya@example.net',
  location: 'Leeds',
  country: 'GB',
  locale: 'en-GB',
}

const feedback = {
  id: 'sample-feedback',
  service: { rating: 2, title: 'Slow', text: 'Took nine days to arrive.' },
  products: [{ sku: 'LMP-7', title: 'Brass desk lamp', rating: 5, text: 'Lovely light.' }],
  nps: { score: 6, reason: 'Delivery' },
  customer,
  order: { ref: 'A-1001' },
  tags: ['sample'],
}

const message = { id: 'sample-message', channel: 'email' as const, status: 'delivered', customer }

/** The sample of a type. */
export function sampleEvent(type: EventType): IncomingEvent {
  switch (type) {
    case 'feedback.created':
      return { type, feedback }
    case 'feedback.updated':
      return {
        type,
        feedback: { ...feedback, service: { rating: 4, title: 'Put right', text: 'They sent it again.' } },
      }
    case 'feedback.deleted':
      return { type, feedback: { id: feedback.id } }
    case 'survey.declined':
      return { type, decline: { id: 'sample-decline', customer } }
    case 'message.created':
    case 'message.deleted':
      return { type, message }
    case 'message.updated':
      return { type, message: { ...message, status: 'opened' } }
  }
}
