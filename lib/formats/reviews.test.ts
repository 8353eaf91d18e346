import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordOf, recordOfFeedback, renderContext } from '@/e2e/fixtures/data/event-records'
import { aReceiver } from '@/e2e/fixtures/processes/pipeline'
import { type Contract, oneByteOff, openContract, resend } from '@/e2e/fixtures/receivers/contract'
import type { ReceivedRequest } from '@/e2e/fixtures/receivers/receiver'
import { eventTypes } from '../events/event-types'
import { sampleEvent } from '../events/sample-events'
import type { WebhookForm } from '../webhooks/webhook-schema'
import { reviews } from './reviews'
import { standard } from './standard'

// `reviews` and `standard` are received by the package `standardwebhooks`.

/** A receiver that verifies with the package. */
const receiverOf = (secret: string) => (request: ReceivedRequest) => {
  try {
    const data = new Webhook(secret).verify(request.body, request.headers as Record<string, string>)
    return { status: 200, body: JSON.stringify({ verified: true, data }) }
  } catch {
    // The package throws when it refuses.
    return { status: 401, body: JSON.stringify({ verified: false, data: {} }) }
  }
}

const made = `whsec_${Buffer.alloc(32, 'made by the hub').toString('base64')}`
/** A secret from another product, with the fewest bytes allowed. */
const held = `whsec_${Buffer.alloc(24, 'held before').toString('base64')}`
const visit = [
  { type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 2 } } },
  { type: 'feedback.updated', feedback: { id: 'fb-1', service: { rating: 2, text: 'Nine days — for a lamp 💡' } } },
  { type: 'feedback.deleted', feedback: { id: 'fb-1' } },
  ...(['message.created', 'message.updated', 'message.deleted'] as const).map((type) => sampleEvent(type)),
]

describe.each([reviews, standard])('a receiver of $key with the package standardwebhooks', (format) => {
  let contract: Contract
  beforeAll(async () => {
    contract = await openContract()
  })
  afterAll(() => contract.close())

  const events = format.offers.map(({ type }) => type)
  const form: Partial<WebhookForm> = { format: format.key, events, secret: made }

  test('verifies every event that the format offers', async () => {
    const sent = [...visit, ...(format === standard ? [sampleEvent('survey.declined')] : [])]
    expect(new Set(sent.map(({ type }) => type))).toEqual(new Set(events))
    const { send } = await contract.register({ ...form, url: (await aReceiver(receiverOf(made))).url })
    const answers = await send(...sent)
    expect(answers.map(({ status, body }) => [status, body?.verified])).toEqual(sent.map(() => [200, true]))
    const names = answers.map(({ body }) => body?.data.event ?? body?.data.type)
    expect(names).toEqual(
      sent.map(({ type }) => (format === reviews ? type.replace(/feedback\./, 'review.').replace('.', '-') : type)),
    )
  })

  test('that existed before the hub works once its secret is entered', async () => {
    const { send } = await contract.register({ ...form, secret: held, url: (await aReceiver(receiverOf(held))).url })
    expect(await send(sampleEvent('feedback.created'))).toMatchObject([{ status: 200, body: { verified: true } }])
  })

  test('refuses another secret, another time, another id and one changed byte', async () => {
    const raw = await contract.rawRequest(form, sampleEvent('feedback.created'))
    const { url } = await aReceiver(receiverOf(made))
    const later = String(Number(raw.headers['webhook-timestamp']) + 1)
    expect(await resend(url, raw)).toBe(200)
    expect(await resend(url, raw, { headers: { 'webhook-timestamp': later } })).toBe(401)
    expect(await resend(url, raw, { headers: { 'webhook-id': 'dlv_1' } })).toBe(401)
    expect(await resend(url, raw, { body: oneByteOff(raw.body) })).toBe(401)
    expect(await resend((await aReceiver(receiverOf(held))).url, raw)).toBe(401)
  })
})

const render = (...record: Parameters<typeof recordOf>) =>
  JSON.parse(reviews.render(recordOf(...record), renderContext))

describe('the body of reviews', () => {
  test('has the name of the event and the whole review', () => {
    const record = recordOfFeedback({ service: { rating: 2 }, comment: 'Slow' })
    const body = JSON.parse(reviews.render(record, renderContext))
    expect(body).toEqual({
      event: 'review-created',
      data: {
        id: 'fb-90311',
        version: 1,
        createdAt: '2026-11-20T10:12:30.000Z',
        updatedAt: '2026-11-20T10:12:30.000Z',
        service: { rating: 2 },
        comment: 'Slow',
        reviewId: expect.stringMatching(/^fbk_[0-9a-z]{26}$/),
      },
    })
    expect(body.data).toEqual(JSON.parse(standard.render(record, renderContext)).data.feedback)
  })

  test('has the last stored version and deletedAt for a deleted review', () => {
    const last = { service: { rating: 2 }, deletedAt: '2026-11-20T11:00:00.000Z' }
    expect(render({ type: 'feedback.deleted', feedback: { id: 'fb-1' } }, {}, last)).toMatchObject({
      event: 'review-deleted',
      data: { id: 'fb-1', ...last },
    })
  })

  test('has the whole message, and deletedAt for a deleted one', () => {
    const message = { id: 'm-1', channel: 'sms', status: 'sent' } as const
    expect(render({ type: 'message.updated', message })).toEqual({ event: 'message-updated', data: message })
    expect(render({ type: 'message.deleted', message })).toEqual({
      event: 'message-deleted',
      data: { ...message, deletedAt: '2026-11-20T10:12:30.000Z' },
    })
  })

  test('has its own event name for each event', () => {
    const names = reviews.offers.map(({ type }) => render(sampleEvent(type)).event)
    expect(names).toEqual([
      'review-created',
      'review-updated',
      'review-deleted',
      'message-created',
      'message-updated',
      'message-deleted',
    ])
    expect(eventTypes).toHaveLength(names.length + 1)
  })
})
