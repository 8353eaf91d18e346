import { showId } from '../type-id'
import type { Format } from './format'

// “Review link”, as in Feefo's “WebHooks”: an id and a link to the feedback. The body holds no personal data.

/** A body without personal data and without a signature; the pre-shared key authenticates the call. */
export const feefo: Format = {
  key: 'feefo',
  label: 'Review link',
  purpose: 'For receivers made for Feefo, and where no personal data may leave.',
  summary: 'An id and a Reviews API link to that one feedback. No personal data is sent.',
  offers: [
    { type: 'feedback.created', ticked: true },
    { type: 'feedback.updated', ticked: false },
  ],
  conditions: ['any', 'service', 'product', 'nps'],
  plainHttp: false,
  retries: 9,
  secret: null,
  signatures: 'several',
  encodings: ['json'],
  eventsFixed: false,
  lacks: () => undefined,
  render(event, { hubUrl, merchantIdentifier }) {
    const id = showId('feedback', event.feedback?.publicId as string)
    const query = new URLSearchParams({ merchant_identifier: merchantIdentifier, id })
    return JSON.stringify({
      id,
      event: event.type === 'feedback.created' ? 'created' : 'updated',
      url: `${hubUrl}/api/v1/reviews/all?${query}`,
    })
  },
  sign: () => null,
  headers: () => [],
}
