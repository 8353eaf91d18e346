import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordOf, recordOfFeedback, renderContext, vendorSource } from '@/e2e/fixtures/data/event-records'
import { type Contract, oneByteOff, openContract, resend } from '@/e2e/fixtures/receivers/contract'
import { startDocumentedReceiver, without } from '@/e2e/fixtures/receivers/interpreters'
import type { ReceiverProgram } from '@/e2e/fixtures/receivers/receiver-program'
import type { EventRecord } from '../events/event-record'
import { sampleEvent } from '../events/sample-events'
import type { WebhookForm } from '../webhooks/webhook-schema'
import type { RenderContext } from './format'
import { wootric } from './wootric'

const noRuby = without('ruby', 'the documented receiver of Wootric')

const secret = '09dfb1b73af998743fb011f8bfda8912'
const form: Partial<WebhookForm> = {
  format: 'wootric',
  events: ['feedback.created', 'feedback.updated', 'survey.declined'],
  secret,
}

const programs: ReceiverProgram[] = []

/** Starts a receiver in Ruby. Returns its address. */
async function rubyReceiver(environment: Record<string, string>): Promise<string> {
  const program = await startDocumentedReceiver('wootric.rb', environment)
  programs.push(program)
  return program.url
}

describe.skipIf(noRuby)('the documented receiver in Ruby', () => {
  let contract: Contract
  beforeAll(async () => {
    contract = await openContract()
  })
  afterAll(async () => {
    await contract.close()
    await Promise.all(programs.map((program) => program.stop()))
  })

  const events = [sampleEvent('feedback.created'), sampleEvent('feedback.updated'), sampleEvent('survey.declined')]

  test('verifies JSON bodies and reads responses and declines', async () => {
    const { send } = await contract.register({ ...form, url: await rubyReceiver({ RECEIVER_SECRET: secret }) })
    const answers = await send(...events)
    const response = { email: 'priya@example.net', score: 6, text: 'Delivery', end_user_properties: { plan: 'Team' } }
    expect(answers).toMatchObject([
      { status: 200, body: { verified: true, data: { event_name: 'created', survey_mode: 'NPS', response } } },
      { status: 200, body: { verified: true, data: { event_name: 'updated', response } } },
      { status: 200, body: { verified: true, data: { event_name: 'created', decline: { external_id: 'C-55' } } } },
    ])
    const [created, updated, declined] = answers.map(
      ({ body }) => body?.data as Record<string, Record<string, unknown>>,
    )
    expect(updated?.response?.id).toBe(created?.response?.id)
    expect(declined?.decline?.end_user_id).toBe(created?.response?.end_user_id)
  })

  test('verifies form bodies and reads the same values from them', async () => {
    const url = await rubyReceiver({ RECEIVER_SECRET: secret })
    const { send } = await contract.register({ ...form, encoding: 'form', url })
    const response = { email: 'priya@example.net', score: '6', text: 'Delivery', end_user_properties: { plan: 'Team' } }
    expect(await send(...events)).toMatchObject([
      { status: 200, body: { verified: true, data: { event_name: 'created', survey_mode: 'NPS', response } } },
      { status: 200, body: { verified: true, data: { event_name: 'updated', response } } },
      { status: 200, body: { verified: true, data: { event_name: 'created', decline: { external_id: 'C-55' } } } },
    ])
  })

  test('that existed before the hub works once its secret, account token and survey are entered', async () => {
    const own = {
      RECEIVER_SECRET: 'a token of ours',
      RECEIVER_ACCOUNT_TOKEN: 'NPS-1a2b3c4d',
      RECEIVER_SURVEY_ID: '1146',
    }
    const url = await rubyReceiver(own)
    const held = { wootricToken: 'NPS-1a2b3c4d', vendorIds: { wootricSurveyId: 1146 } }
    for (const encoding of ['json', 'form'] as const) {
      const webhook = { ...form, url, encoding, secret: 'a token of ours' }
      const shop = events.map((event) => ({ ...event, source: 'shop' }))
      const entered = await contract.register(webhook, held)
      expect((await entered.send(...shop)).map(({ status }) => status)).toEqual([200, 200, 200])
      const unknown = await contract.register(webhook)
      expect((await unknown.send(...shop)).map(({ status }) => status)).toEqual([422, 422, 422])
    }
  })

  test.each(['json', 'form'] as const)('refuses another secret and one changed byte of a %s body', async (encoding) => {
    const raw = await contract.rawRequest({ ...form, encoding }, sampleEvent('feedback.created'))
    const url = await rubyReceiver({ RECEIVER_SECRET: secret })
    expect(await resend(url, raw)).toBe(200)
    expect(await resend(url, raw, { body: oneByteOff(raw.body) })).toBe(401)
    expect(await resend(await rubyReceiver({ RECEIVER_SECRET: secret.replace('0', '1') }), raw)).toBe(401)
  })
})

const render = (record: EventRecord, context: Partial<RenderContext> = {}) =>
  JSON.parse(wootric.render(record, { ...renderContext, ...context }))
const response = (...record: Parameters<typeof recordOfFeedback>) => render(recordOfFeedback(...record)).response

describe('the body', () => {
  test('has the response and the name of the event', () => {
    const record = recordOf(sampleEvent('feedback.updated'))
    expect(render(record)).toEqual({
      response: {
        id: 1128,
        email: 'priya@example.net',
        external_id: 'C-55',
        score: 6,
        text: 'Delivery',
        ip_address: '203.0.113.9',
        origin_url: 'https://shop.example.org/',
        end_user_id: expect.any(Number),
        end_user_properties: { plan: 'Team' },
        survey_id: 21,
        created_at: '2026-11-20T10:12:30.000+00:00',
        updated_at: '2026-11-20T10:12:30.000+00:00',
        excluded_from_calculations: false,
      },
      event_name: 'updated',
      timestamp: '2026-11-20T10:12:31.250+00:00',
      account_token: 'NPS-9f1c2b3a',
      survey_mode: 'NPS',
    })
  })

  test('has neither score nor text for a decline, as at the vendor', () => {
    const record = recordOf({
      type: 'survey.declined',
      decline: { id: 'd-1', customer: { email: 'a@b.example' }, createdAt: '2026-11-20T12:00:00+02:00' },
    })
    expect(render(record)).toEqual({
      decline: {
        id: 8812,
        email: 'a@b.example',
        external_id: null,
        ip_address: null,
        origin_url: null,
        end_user_id: expect.any(Number),
        end_user_properties: {},
        survey_id: 21,
        created_at: '2026-11-20T10:00:00.000+00:00',
        updated_at: '2026-11-20T10:00:00.000+00:00',
      },
      event_name: 'created',
      timestamp: '2026-11-20T10:12:31.250+00:00',
      account_token: 'NPS-9f1c2b3a',
      survey_mode: 'NPS',
    })
  })

  test('has brackets for nesting, empty values for null and dates without milliseconds as a form', () => {
    const record = recordOfFeedback({
      nps: { score: 0 },
      properties: { pricing_plan: 'Web App & more', seats: [1, 2] },
    })
    expect(wootric.render(record, { ...renderContext, encoding: 'form' }).split('&')).toEqual([
      'response[id]=1128',
      'response[email]=',
      'response[external_id]=',
      'response[score]=0',
      'response[text]=',
      'response[ip_address]=',
      'response[origin_url]=',
      expect.stringMatching(/^response\[end_user_id\]=\d+$/),
      'response[end_user_properties][pricing_plan]=Web%20App%20%26%20more',
      'response[end_user_properties][seats][]=1',
      'response[end_user_properties][seats][]=2',
      'response[survey_id]=21',
      'response[created_at]=2026-11-20%2010%3A12%3A30%20%2B0000',
      'response[updated_at]=2026-11-20%2010%3A12%3A30%20%2B0000',
      'response[excluded_from_calculations]=false',
      'event_name=created',
      'timestamp=2026-11-20%2010%3A12%3A31%20%2B0000',
      'account_token=NPS-9f1c2b3a',
      'survey_mode=NPS',
    ])
  })

  test.each([
    [{ nps: { score: 9 }, service: { rating: 2 } }, 9, 'NPS'],
    [{ nps: { score: 0 } }, 0, 'NPS'],
    [{ service: { rating: 2 } }, 2, 'CSAT'],
  ])('has for %j the score %i of %s', (feedback, score, survey_mode) => {
    expect(render(recordOfFeedback(feedback))).toMatchObject({ response: { score }, survey_mode })
  })

  test.each([
    [{ nps: { score: 9, reason: 'a' }, comment: 'b', service: { rating: 1, text: 'c' } }, 'a'],
    [{ nps: { score: 9 }, comment: 'b', service: { rating: 1, text: 'c' } }, 'b'],
    [{ nps: { score: 9 }, service: { rating: 1, text: 'c' } }, 'c'],
    [{ nps: { score: 9 } }, null],
  ])('has for %j the text %j', (feedback, text) => {
    expect(response(feedback).text).toBe(text)
  })

  test('has the same customer id for the same e-mail, else external id, else phone', () => {
    const idOf = (customer: object | undefined, publicId = 'one') =>
      response({ nps: { score: 1 }, customer, publicId: `${publicId}-4365b702` }).end_user_id
    const same = [
      { email: 'a@b.example', externalId: '1' },
      { email: ' A@B.example', phone: '2' },
    ].map((c) => idOf(c))
    expect(new Set(same).size).toBe(1)
    const others = [{ externalId: '1' }, { phone: '1' }, { email: 'c@b.example' }, undefined].map((c) => idOf(c))
    expect(new Set([...same, ...others]).size).toBe(5)
    expect(idOf(undefined)).toBe(idOf({}))
    expect(idOf(undefined, 'another')).not.toBe(idOf(undefined))
    for (const id of [...same, ...others]) expect(Number.isSafeInteger(id) && id >= 0).toBe(true)
  })

  test('has different customer ids for different accounts', () => {
    const record = recordOfFeedback({ nps: { score: 1 }, customer: { email: 'a@b.example' } })
    const other = render(record, { accountId: '00000000-0d4e-4f56-8a7b-1c2d3e4f5a6b' })
    expect(other.response.end_user_id).not.toBe(render(record).response.end_user_id)
    expect(other.account_token).toBe('NPS-00000000')
  })

  test('has the account’s own token and the survey’s own id when they are entered', () => {
    const record = recordOfFeedback({ nps: { score: 1 } }, { source: vendorSource({ wootricSurveyId: 1146 }) })
    expect(render(record, { wootricToken: 'NPS-1a2b3c4d' })).toMatchObject({
      response: { survey_id: 1146 },
      account_token: 'NPS-1a2b3c4d',
    })
  })

  test('marks a response that is excluded from calculations', () => {
    expect(response({ nps: { score: 1 }, excludedFromCalculations: true }).excluded_from_calculations).toBe(true)
  })
})

test('nothing is sent for feedback with neither NPS nor service rating', () => {
  expect(wootric.lacks(recordOfFeedback({ comment: 'Fine', service: { text: 'Fine' } }))).toBe('no-score')
  expect(wootric.lacks(recordOfFeedback({ nps: { score: 0 } }))).toBeUndefined()
  expect(wootric.lacks(recordOfFeedback({ service: { rating: 1 } }))).toBeUndefined()
  expect(wootric.lacks(recordOf({ type: 'survey.declined', decline: { id: 'd' } }))).toBeUndefined()
})
