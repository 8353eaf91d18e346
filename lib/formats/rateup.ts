import type { FeedbackRecord } from '../events/event-record'
import type { Format } from './format'
import { textKey, textSecret } from './text-secret'

// The survey response of Rateup's “Webhook Usage Guide”. Its sample receiver verifies JSON.stringify of the parsed body,
// so JSON.stringify(JSON.parse(body)) must equal the body.

/** Calls with the answers of a survey, signed with `x-rateup-signature`. */
export const rateup: Format = {
  key: 'rateup',
  label: 'Rateup',
  purpose: 'For receivers made for Rateup.',
  summary: 'The answers of a survey or flow as JSON, as Rateup sends them.',
  offers: [
    { type: 'feedback.created', ticked: true },
    { type: 'feedback.updated', ticked: false },
  ],
  conditions: ['any', 'service', 'product', 'nps'],
  plainHttp: true,
  retries: 3,
  secret: textSecret('43 letters, digits, hyphens and underscores', (bytes) =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', ''),
  ),
  signatures: 'one',
  encodings: ['json'],
  eventsFixed: false,
  lacks: ({ feedback }) => (feedback?.answers?.length ? undefined : 'no-answers'),
  render({ feedback, source }, { accountId, teamId }) {
    const { createdAt, customer, answers = [] } = feedback as FeedbackRecord
    return JSON.stringify({
      tag: 'feedback',
      createdAt,
      phone: customer?.phone ?? null,
      language: customer?.locale?.split(/[-_]/)[0] ?? null,
      responses: answers.map(({ type, response, title }) => ({ type, response, title })),
      teamId: teamId ?? accountId,
      surveyId: source.vendorIds.rateupSurveyId ?? source.id,
    })
  },
  sign: ({ body, secrets }) => secrets[0]?.hmac('sha256', textKey, body) ?? null,
  headers: ({ deliveryId, triggeredAtMs, signature }) => [
    ...(signature === null ? [] : ['x-rateup-signature', signature]),
    'x-webhook-id',
    deliveryId,
    'x-rateup-triggered-at',
    new Date(triggeredAtMs).toISOString(),
  ],
}
