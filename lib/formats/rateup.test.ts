import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountId, recordOfFeedback, renderContext, vendorSource } from '@/e2e/fixtures/data/event-records'
import { aReceiver } from '@/e2e/fixtures/processes/pipeline'
import { type Contract, oneByteOff, openContract, resend } from '@/e2e/fixtures/receivers/contract'
import type { ReceivedRequest } from '@/e2e/fixtures/receivers/receiver'
import type { Feedback } from '../events/event-schema'
import { findJsonFault } from '../events/json-limits'
import { sampleEvent } from '../events/sample-events'
import type { WebhookForm } from '../webhooks/webhook-schema'
import { rateup } from './rateup'

const secret = 'Zm9yIHRoZSB0ZXN0cyBvZiBSYXRldXAncyByZWNlaXY'
const form: Partial<WebhookForm> = { format: 'rateup', events: ['feedback.created'], secret, retries: 3 }

type Known = { teamId?: string; surveyId?: string }

/** A receiver as Rateup documents it: it signs JSON.stringify of the body that its framework parsed. */
const documented =
  (secret: string, known: Known = {}) =>
  (request: ReceivedRequest) => {
    const payload = JSON.parse(request.body.toString())
    const expected = createHmac('sha256', secret).update(JSON.stringify(payload)).digest('base64')
    const verified = expected === request.headers['x-rateup-signature']
    const isKnown = Object.entries(known).every(([name, id]) => payload[name] === id)
    const status = !verified ? 401 : isKnown ? 200 : 422
    return { status, body: JSON.stringify({ verified, data: verified ? payload : {} }) }
  }

describe('the documented receiver in Node', () => {
  let contract: Contract
  beforeAll(async () => {
    contract = await openContract()
  })
  afterAll(() => contract.close())

  test('verifies JSON.stringify of the body it parsed, and reads id and time from the headers', async () => {
    const receiver = await aReceiver(documented(secret))
    const { accountId, send } = await contract.register({ ...form, url: receiver.url })
    const before = Date.now()
    expect(await send(sampleEvent('feedback.created'))).toMatchObject([
      { status: 200, body: { verified: true, data: { tag: 'feedback', phone: '14155552671', teamId: accountId } } },
    ])
    const headers = receiver.requests[0]?.headers
    expect(headers?.['x-webhook-id']).toBe(headers?.['webhook-id'])
    const triggeredAt = String(headers?.['x-rateup-triggered-at'])
    expect(new Date(triggeredAt).toISOString()).toBe(triggeredAt)
    expect(Math.abs(Date.parse(triggeredAt) - before)).toBeLessThan(30_000)
  })

  test('has the same id and time on a retry', async () => {
    let calls = 0
    const receiver = await aReceiver(() => (calls++ === 0 ? { status: 503, headers: { 'retry-after': '1' } } : 200))
    const { send } = await contract.register({ ...form, url: receiver.url })
    await send(sampleEvent('feedback.created'))
    const [first, second] = await receiver.waitFor(2, 30_000)
    for (const name of ['x-webhook-id', 'x-rateup-triggered-at', 'x-rateup-signature'])
      expect(second?.headers[name]).toBe(first?.headers[name])
    expect(second?.body.equals(first?.body as Buffer)).toBe(true)
  })

  test('that existed before the hub works once its secret, team and survey are entered', async () => {
    const known = { teamId: '3112a17e-d353-482b-82e0-0af2f10771ee', surveyId: '4365b702-69a3-4362-a162-1725ad50f259' }
    const receiver = await aReceiver(documented('my client secret', known))
    const webhook = { ...form, url: receiver.url, secret: 'my client secret' }
    const event = { ...sampleEvent('feedback.created'), source: 'shop' }
    const held = { teamId: known.teamId, vendorIds: { rateupSurveyId: known.surveyId } }
    expect(await (await contract.register(webhook, held)).send(event)).toMatchObject([{ status: 200 }])
    expect(await (await contract.register(webhook)).send(event)).toMatchObject([{ status: 422 }])
  })

  test('refuses another secret and one changed byte', async () => {
    const raw = await contract.rawRequest(form, sampleEvent('feedback.created'))
    const { url } = await aReceiver(documented(secret))
    expect(await resend(url, raw)).toBe(200)
    expect(await resend(url, raw, { body: oneByteOff(raw.body, '14155552671') })).toBe(401)
    expect(await resend((await aReceiver(documented(`${secret}x`))).url, raw)).toBe(401)
  })
})

const answers = [{ type: 'Rating', title: 'Please rate us?', response: 3 }]
const body = (...record: Parameters<typeof recordOfFeedback>) =>
  JSON.parse(rateup.render(recordOfFeedback(...record), renderContext))

describe('the body', () => {
  test('holds the answers of a survey', () => {
    const customer = { phone: '14155552671', locale: 'en-GB' }
    expect(body({ answers, customer })).toEqual({
      tag: 'feedback',
      createdAt: '2026-11-20T10:12:30.000Z',
      phone: '14155552671',
      language: 'en',
      responses: [{ type: 'Rating', response: 3, title: 'Please rate us?' }],
      teamId: accountId,
      surveyId: '3112a17e-d353-482b-82e0-0af2f10771ee',
    })
  })

  test.each([
    ['en-GB', 'en'],
    ['pt_BR', 'pt'],
    ['de', 'de'],
    ['zh-Hant-TW', 'zh'],
    [undefined, null],
  ])('turns the locale %s into the language %s', (locale, language) => {
    expect(body({ answers, customer: { locale } }).language).toBe(language)
  })

  test('has null for an unknown phone and language', () => {
    expect(body({ answers })).toMatchObject({ phone: null, language: null })
  })

  test('has the team’s and the survey’s own ids when they are entered', () => {
    const record = recordOfFeedback({ answers }, { source: vendorSource({ rateupSurveyId: 'survey-7' }) })
    const own = JSON.parse(rateup.render(record, { ...renderContext, teamId: 'team-7' }))
    expect(own).toMatchObject({ teamId: 'team-7', surveyId: 'survey-7' })
  })

  test('equals JSON.stringify of its parsed form, for any answers', () => {
    const answer = fc.record({ type: fc.string(), title: fc.string({ unit: 'binary' }), response: fc.jsonValue() })
    const feedback = fc
      .record({
        answers: fc.array(answer, { minLength: 1, maxLength: 5 }),
        customer: fc.record({ phone: fc.string() }),
      })
      .filter((feedback) => findJsonFault(feedback) === undefined) as fc.Arbitrary<Partial<Feedback>>
    fc.assert(
      fc.property(feedback, (feedback) => {
        const body = rateup.render(recordOfFeedback(feedback), renderContext)
        expect(JSON.stringify(JSON.parse(body))).toBe(body)
      }),
      { numRuns: 500 },
    )
  })
})

test('nothing is sent for feedback without answers', () => {
  expect(rateup.lacks(recordOfFeedback({ nps: { score: 9 } }))).toBe('no-answers')
  expect(rateup.lacks(recordOfFeedback({ answers }))).toBeUndefined()
})
