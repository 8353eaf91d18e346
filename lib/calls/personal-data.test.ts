import { expect, test } from 'vitest'
import { recordOf } from '@/e2e/fixtures/data/event-records'
import { sampleEvent } from '../events/sample-events'
import type { Encoding, FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { maskPersonal, maskRepeated, personalMask } from './personal-data'

// The sample event has every part that a customer can fill in.

/** What of the sample is of its customer, or written by them. */
const personal = [
  'Priya',
  'Shah',
  'priya@example.net',
  '14155552671',
  'C-55',
  'Quay Ltd',
  'Leeds',
  'Took nine days to arrive.',
  'Lovely light.',
  'Delivery',
  'Still waiting for the shade.',
  'Unhappy',
  'T-1042',
  '203.0.113.9',
  'Mozilla',
  'A-1001',
  'Team',
]

const kinds: [FormatKey, Encoding][] = [
  ['feefo', 'json'],
  ['customer-thermometer', 'json'],
  ['wootric', 'json'],
  ['wootric', 'form'],
  ['reviews', 'json'],
  ['rateup', 'json'],
  ['standard', 'json'],
]

const context = {
  hubUrl: 'https://hub.example',
  accountId: '0b5ff0a4-7a2b-4a3c-9d2e-5f0c6a7b8c9d',
  merchantIdentifier: 'quay',
  wootricToken: 'NPS-12345678',
  teamId: null,
}
const bodyOf = (format: FormatKey, encoding: Encoding) =>
  formats[format].render(recordOf(sampleEvent('feedback.created')), { ...context, encoding })
const masked = (format: FormatKey, encoding: Encoding) =>
  maskPersonal(bodyOf(format, encoding), encoding, { opensReview: format === 'feefo' })

/** The names of a JSON body, or of form fields, in order. */
const namesOf = (body: string, encoding: Encoding) =>
  encoding === 'json' ? body.match(/"[\w-]+":/g) : body.split('&').map((field) => field.split('=')[0])

test.each(kinds)('a body in the format %s as %s keeps its shape and no word of its customer', (format, encoding) => {
  const { text } = masked(format, encoding)
  const plain = decodeURIComponent(text.replaceAll('+', ' '))
  expect(personal.filter((words) => plain.includes(words))).toEqual([])
  expect(namesOf(text, encoding)).toEqual(namesOf(bodyOf(format, encoding), encoding))
})

test('what says how the body is built stays: kinds, times and ratings', () => {
  const { feedback, source } = JSON.parse(masked('standard', 'json').text).data
  expect(feedback).toMatchObject({ service: { rating: 2 }, nps: { score: 6 }, temperature: 'red', version: 1 })
  expect(feedback.createdAt).toMatch(/^2\d\d\d-/)
  expect(feedback.customer.email).toBe(personalMask)
  expect(source.kind).toBe('email')
  expect(JSON.parse(masked('customer-thermometer', 'json').text)).toMatchObject({ temperature_id: 4, event_id: 8812 })
})

test('the id and link of a review, which open it, are masked', () => {
  expect(JSON.parse(masked('feefo', 'json').text)).toEqual({ id: personalMask, event: 'created', url: personalMask })
})

test('an answer that repeats what was masked is masked there too, in any spelling', () => {
  const { values } = masked('standard', 'json')
  const answer = '{"error":"Priya Shah (priya%40example.net, other@example.org) wrote: Took nine days to arrive."}'
  expect(maskRepeated(answer, values)).toBe(
    `{"error":"${personalMask} (${personalMask}, ${personalMask}) wrote: ${personalMask}"}`,
  )
})

test('a body that is not as its encoding says is masked whole', () => {
  expect(maskPersonal('{"name":"Priya', 'json', { opensReview: false }).text).not.toContain('Priya')
})
