import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventTypes } from '../events/event-types'
import { type ConditionKind, type FormatKey, formatKeys } from './format'
import { formats } from './formats'

// What each format offers and which events are ticked at first, written out a second time.

type Row = {
  /** ✓ ticked at first, · offered, blank not offered; in the order of the event types. */
  events: string
  conditions: ConditionKind[]
  encodings: string[]
  retries: number
  plainHttp: boolean
  eventsFixed: boolean
  signatures: 'several' | 'one' | null
}

const ratings: ConditionKind[] = ['any', 'service', 'product', 'nps']
const usual = { conditions: ratings, encodings: ['json'], retries: 9, plainHttp: false, eventsFixed: false }

// biome-ignore format: read as a table
const rows: Record<FormatKey, Row> = {
  //                                    feedback  survey    message
  //                                    c u d     declined  c u d
  feefo:                   { ...usual, events: '✓·     ', signatures: null },
  'customer-thermometer':  { ...usual, events: '✓✓     ', signatures: 'one', conditions: ['thermometer'], eventsFixed: true, plainHttp: true },
  wootric:                 { ...usual, events: '✓✓ ✓   ', signatures: 'one', encodings: ['json', 'form'], plainHttp: true },
  reviews:                 { ...usual, events: '✓✓✓ ✓✓✓', signatures: 'several' },
  rateup:                  { ...usual, events: '✓·     ', signatures: 'one', retries: 3, plainHttp: true },
  standard:                { ...usual, events: '✓✓✓✓✓✓✓', signatures: 'several', conditions: [...ratings, 'thermometer'] },
}

test.each(formatKeys)('%s offers exactly the events and conditions of this table', (key) => {
  const format = formats[key]
  const sign = (type: (typeof eventTypes)[number]) => {
    const offer = format.offers.find((offer) => offer.type === type)
    return offer ? (offer.ticked ? '✓' : '·') : ' '
  }
  expect({
    events: eventTypes.map(sign).join(''),
    conditions: format.conditions,
    encodings: format.encodings,
    retries: format.retries,
    plainHttp: format.plainHttp,
    eventsFixed: format.eventsFixed,
    signatures: format.secret && format.signatures,
  }).toEqual(rows[key])
  expect(format.key).toBe(key)
})

test('the form lists the formats in this order, the default first', () => {
  expect(Object.keys(formats)).toEqual([...formatKeys])
  expect(formatKeys[0]).toBe('feefo')
})

describe('a signing secret', () => {
  const forms: [FormatKey, RegExp][] = [
    ['customer-thermometer', /^[0-9a-f]{64}$/],
    ['wootric', /^[0-9a-f]{32}$/],
    ['reviews', /^whsec_[A-Za-z0-9+/]{43}=$/],
    ['rateup', /^[A-Za-z0-9_-]{43}$/],
    ['standard', /^whsec_[A-Za-z0-9+/]{43}=$/],
  ]

  test.each(forms)('of %s is generated in its vendor’s form, which is also valid when entered', (key, shape) => {
    for (let n = 0; n < 50; n++) {
      const secret = formats[key].secret?.generate(randomBytes(32)) ?? ''
      expect(secret).toMatch(shape)
      expect(formats[key].secret?.refuse(secret)).toBeUndefined()
    }
  })

  test('is made of the random bytes; for Wootric, of the first 16', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => 255 - i)
    const of = (key: FormatKey) => formats[key].secret?.generate(bytes)
    expect(of('customer-thermometer')).toBe(Buffer.from(bytes).toString('hex'))
    expect(of('wootric')).toBe(Buffer.from(bytes).subarray(0, 16).toString('hex'))
    expect(of('rateup')).toBe(Buffer.from(bytes).toString('base64url'))
  })

  test.each(['customer-thermometer', 'wootric', 'rateup'] as const)(
    'of %s may be any that a receiver already has: 8 to 255 printable ASCII characters',
    (key) => {
      const refused = (text: string) => formats[key].secret?.refuse(text) !== undefined
      for (const good of ['8 to 255', 'my_shared_secret', '~'.repeat(255)]) expect(refused(good)).toBe(false)
      for (const bad of ['', 'seven 7', '~'.repeat(256), 'not äscii', 'tab\there', 'line\nbreak', '🙂🙂🙂🙂'])
        expect(refused(bad)).toBe(true)
    },
  )
})
