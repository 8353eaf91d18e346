import fs from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordOfFeedback, renderContext, vendorSource } from '@/e2e/fixtures/data/event-records'
import { type Contract, oneByteOff, openContract, resend } from '@/e2e/fixtures/receivers/contract'
import { startDocumentedReceiver, without } from '@/e2e/fixtures/receivers/interpreters'
import type { ReceiverProgram } from '@/e2e/fixtures/receivers/receiver-program'
import { sampleEvent } from '../events/sample-events'
import { temperatures } from '../webhooks/thermometer'
import type { WebhookForm } from '../webhooks/webhook-schema'
import { customerThermometer } from './customer-thermometer'

const noPhp = without('php', 'the documented receiver of Customer Thermometer')

const secret = '02ee43a0c82e42c3f79701cc7db8389f3fcd4ac1dace9ec92592220964e75d59'
const form: Partial<WebhookForm> = {
  format: 'customer-thermometer',
  events: ['feedback.created', 'feedback.updated'],
  condition: { kind: 'thermometer', boxes: ['red.response', 'green.response'] },
  secret,
}

const programs: ReceiverProgram[] = []

/** Starts the receiver on PHP's built-in server. Returns its address. */
async function phpReceiver(environment: Record<string, string>): Promise<string> {
  const program = await startDocumentedReceiver('customer-thermometer.php', environment)
  programs.push(program)
  return `${program.url}/webhook`
}

describe.skipIf(noPhp)('the documented receiver in PHP', () => {
  let contract: Contract
  beforeAll(async () => {
    contract = await openContract()
  })
  afterAll(async () => {
    await contract.close()
    await Promise.all(programs.map((program) => program.stop()))
  })

  test('verifies the signature over the Date header and the raw body', async () => {
    const url = await phpReceiver({ RECEIVER_SECRET: secret })
    const { send } = await contract.register({
      ...form,
      url,
      authentication: 'basic',
      basicUser: 'zapier',
      basicPassword: 'a password',
    })
    const answers = await send(sampleEvent('feedback.created'), sampleEvent('feedback.updated'))
    expect(answers).toMatchObject([
      {
        status: 200,
        body: { verified: true, user: 'zapier', data: { response: 'Red', comment: 'Still waiting for the shade.' } },
      },
      { status: 200, body: { verified: true, user: 'zapier', data: { response: 'Green', temperature_id: 2 } } },
    ])
    expect(answers[1]?.body?.data.response_id).toBe(answers[0]?.body?.data.response_id)
    expect(answers[1]?.body?.data.event_id).not.toBe(answers[0]?.body?.data.event_id)
  })

  test('verifies comments in any language and with any characters', async () => {
    const { send } = await contract.register({ ...form, url: await phpReceiver({ RECEIVER_SECRET: secret }) })
    const comment = 'Noch "kaputt" \\ 壊れた\u2028💡 </script>\r\n&amp;'
    const event = { type: 'feedback.created', feedback: { id: 'fb-1', temperature: 'red', comment } }
    expect(await send(event)).toMatchObject([{ status: 200, body: { verified: true, data: { comment } } }])
  })

  test('that existed before the hub works once its secret and thermometer id are entered', async () => {
    const url = await phpReceiver({ RECEIVER_SECRET: 'my_shared_secret', RECEIVER_THERMOMETER_ID: '4711' })
    const own = { ...form, url, secret: 'my_shared_secret' }
    const event = { ...sampleEvent('feedback.created'), source: 'shop' }
    const entered = await contract.register(own, { vendorIds: { thermometerId: 4711 } })
    expect(await entered.send(event)).toMatchObject([{ status: 200, body: { data: { thermometer_id: 4711 } } }])
    const unknown = await contract.register(own)
    expect(await unknown.send(event)).toMatchObject([{ status: 422, body: { verified: true } }])
  })

  test('refuses another secret, another date and one changed byte', async () => {
    const raw = await contract.rawRequest(form, sampleEvent('feedback.created'))
    const url = await phpReceiver({ RECEIVER_SECRET: secret })
    const date = new Date(Date.parse(String(raw.headers.date)) + 1000).toUTCString()
    expect(await resend(url, raw)).toBe(200)
    expect(await resend(url, raw, { headers: { date } })).toBe(401)
    expect(await resend(url, raw, { body: oneByteOff(raw.body) })).toBe(401)
    expect(await resend(await phpReceiver({ RECEIVER_SECRET: `${secret}0` }), raw)).toBe(401)
  })
})

const render = (...record: Parameters<typeof recordOfFeedback>) =>
  JSON.parse(customerThermometer.render(recordOfFeedback(...record), renderContext))

describe('the body', () => {
  test('is one flat object for a response', () => {
    const { feedback } = sampleEvent('feedback.created') as { feedback: object }
    expect(render(feedback)).toEqual({
      event_id: 8812,
      blast_name: 'March helpdesk',
      blast_id: 412,
      blast_date: '2026-11-20T09:00:00.000Z',
      thermometer_name: 'Ticket closed',
      thermometer_id: 21,
      response_id: 1128,
      response: 'Red',
      temperature_id: 4,
      response_date: '2026-11-20T10:12:30.000Z',
      response_delay: 72,
      response_icon: '<img src="https://hub.test/images/temperatures/red.png" alt="Red" width="24" height="24">',
      recipient: 'priya@example.net',
      first_name: 'Priya',
      last_name: 'Shah',
      company: 'Quay Ltd',
      comment: 'Still waiting for the shade.',
      custom_1: 'T-1042',
      ...Object.fromEntries([2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => [`custom_${n}`, ''])),
      ip_address: '203.0.113.9',
      country: 'GB',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      drivers: ['Speed'],
    })
  })

  test.each([
    ['gold', 'Gold', 1],
    ['green', 'Green', 2],
    ['yellow', 'Yellow', 3],
    ['red', 'Red', 4],
  ] as const)('names %s as %s, number %i', (temperature, response, temperature_id) => {
    const icon = `<img src="https://hub.test/images/temperatures/${temperature}.png" alt="${response}" width="24" height="24">`
    expect(render({ temperature })).toMatchObject({ response, temperature_id, response_icon: icon })
  })

  test('shows each temperature with its own PNG, which the hub serves', () => {
    const folder = new URL('../../public/images/temperatures/', import.meta.url)
    const images = temperatures.map((temperature) => fs.readFileSync(new URL(`${temperature}.png`, folder), 'latin1'))
    for (const image of images) expect(image.slice(0, 8)).toBe('\x89PNG\r\n\x1a\n')
    expect(new Set(images).size).toBe(4)
  })

  test('has no campaign fields without a campaign, and no delay when its sending time is unknown', () => {
    const none = { blast_name: null, blast_id: null, blast_date: null, response_delay: null }
    expect(render({ temperature: 'red' })).toMatchObject(none)
    expect(render({ temperature: 'red', campaign: { id: '7' } })).toMatchObject({ ...none, blast_id: 7 })
  })

  test.each([
    ['2026-11-20T10:11:31Z', 0],
    ['2026-11-20T10:11:30Z', 1],
    ['2026-11-20T11:00:00+01:00', 12],
    ['2026-11-20T10:13:00Z', 0],
  ])('counts whole minutes since a campaign sent at %s: %i', (sentAt, minutes) => {
    expect(render({ temperature: 'red', campaign: { sentAt } }).response_delay).toBe(minutes)
  })

  test('has the campaign’s own id when it is an integer, else a stable integer', () => {
    const idOf = (id: string) => render({ temperature: 'red', campaign: { id } }).blast_id
    expect([idOf('0'), idOf('9007199254740991')]).toEqual([0, 9007199254740991])
    for (const id of ['spring-sale', '007', '1e3', '-0', '1.5', ' 7', '9007199254740993']) {
      expect(Number.isSafeInteger(idOf(id))).toBe(true)
      expect(idOf(id)).not.toBe(Number(id))
      expect(idOf(id)).toBe(idOf(id))
    }
  })

  test.each([
    [{ firstName: 'Priya', lastName: 'Shah', name: 'Someone Else' }, 'Priya', 'Shah'],
    [{ firstName: 'Priya', name: 'Priya Shah' }, 'Priya', 'Shah'],
    [{ lastName: 'Shah' }, '', 'Shah'],
    [{ name: 'Ana María de la Cruz' }, 'Ana María de la', 'Cruz'],
    [{ name: ' Priya  Shah ' }, 'Priya', 'Shah'],
    [{ name: 'Priya' }, 'Priya', ''],
    [{}, '', ''],
  ])('names %j as "%s" and "%s"', (customer, first_name, last_name) => {
    expect(render({ temperature: 'red', customer })).toMatchObject({ first_name, last_name })
  })

  test('has the thermometer’s own id when it is entered for the source', () => {
    const source = vendorSource({ thermometerId: 4711 })
    expect(render({ temperature: 'red' }, { source }).thermometer_id).toBe(4711)
  })
})

test('nothing is sent for feedback without a temperature', () => {
  expect(customerThermometer.lacks(recordOfFeedback({ comment: 'Fine' }))).toBe('no-temperature')
  expect(customerThermometer.lacks(recordOfFeedback({ temperature: 'gold' }))).toBeUndefined()
})
