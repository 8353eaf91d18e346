import type { IncomingEvent } from './event-schema'
import type { EventType } from './event-types'

// A sample event of each type, as the platform would post it. Test fires start from it. The feedback has every part, so
// that every format has something to send.

const customer = {
  name: 'Priya Shah',
  firstName: 'Priya',
  lastName: 'Shah',
  displayName: 'Priya',
  email: 'priya@example.net',
  phone: '14155552671',
  externalId: 'C-55',
  company: 'Quay Ltd',
  location: 'Leeds',
  country: 'GB',
  locale: 'en-GB',
}

const feedback = {
  id: 'sample-feedback',
  service: { rating: 2, title: 'Slow', text: 'Took nine days to arrive.' },
  products: [{ sku: 'LMP-7', title: 'Brass desk lamp', rating: 5, text: 'Lovely light.' }],
  nps: { score: 6, reason: 'Delivery' },
  temperature: 'red' as const,
  comment: 'Still waiting for the shade.',
  drivers: ['Speed'],
  answers: [
    { type: 'Rating', title: 'Please rate us?', response: 2 },
    { type: 'Smiley', title: 'Are you satisfied?', response: 'Unhappy' },
  ],
  customer,
  campaign: { id: '412', name: 'March helpdesk', sentAt: '2026-11-20T09:00:00Z' },
  custom: ['T-1042'],
  request: {
    ip: '203.0.113.9',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    originUrl: 'https://shop.example.org/',
  },
  properties: { plan: 'Team' },
  order: { ref: 'A-1001' },
  tags: ['sample'],
}

const message = { id: 'sample-message', channel: 'email' as const, status: 'delivered', customer }

/** The sample event of a type. */
export function sampleEvent(type: EventType): IncomingEvent {
  switch (type) {
    case 'feedback.created':
      return { type, feedback }
    case 'feedback.updated':
      return {
        type,
        feedback: {
          ...feedback,
          service: { rating: 4, title: 'Put right', text: 'They sent it again.' },
          temperature: 'green',
          comment: 'They sent it again.',
        },
      }
    case 'feedback.deleted':
      return { type, feedback: { id: feedback.id } }
    case 'survey.declined':
      return {
        type,
        decline: { id: 'sample-decline', customer, request: feedback.request, properties: feedback.properties },
      }
    case 'message.created':
    case 'message.deleted':
      return { type, message }
    case 'message.updated':
      return { type, message: { ...message, status: 'opened' } }
  }
}
