import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formats } from '../formats/formats'
import { customHeadersSchema, headerSafe } from './header-schema'
import { preSharedKeySchema } from './webhook-schema'

const takenHeaders = (headers: { name: string; value: string; kept?: boolean }[]) =>
  customHeadersSchema.safeParse(headers)
const taken = (name: string, value = 'x') => takenHeaders([{ name, value }]).success

const codes = (text: string) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
/** Printable ASCII with no space at either end, written by numbers. */
const arrivesAsEntered = (text: string) =>
  text.length > 0 &&
  codes(text).every((code) => code > 31 && code < 127) &&
  text.charCodeAt(0) !== 32 &&
  text.charCodeAt(text.length - 1) !== 32

/** Mostly printable ASCII, now and then something that is not. */
const almost = (maxLength: number) =>
  fc
    .array(fc.oneof({ arbitrary: fc.integer({ min: 32, max: 126 }), weight: 60 }, fc.nat(0x2ff)), {
      maxLength,
      size: 'max',
    })
    .map((numbers) => String.fromCharCode(...numbers))

test('a header carries printable ASCII without space at the ends unchanged', () => {
  fc.assert(
    fc.property(almost(40), (text) => {
      expect(headerSafe(text)).toBe(arrivesAsEntered(text))
    }),
    { numRuns: 500 },
  )
})

describe('a pre-shared key', () => {
  const takenKey = (key: string) => preSharedKeySchema.safeParse({ key }).success

  test('has 6 to 255 characters that a header carries unchanged', () => {
    fc.assert(
      fc.property(almost(300), (key) => {
        expect(takenKey(key)).toBe(key.length >= 6 && key.length <= 255 && arrivesAsEntered(key))
      }),
      { numRuns: 500 },
    )
  })

  test.each([5, 6, 255, 256])('of %i characters', (length) => {
    expect(takenKey('k'.repeat(length))).toBe(length >= 6 && length <= 255)
  })

  test.each([
    ' secret',
    'secret ',
    'sec\tret',
    'sec\r\nret',
    'sécret',
    'secret🙂',
    'secret\x7f',
    'sec\0ret',
    '秘密秘密秘密',
    '\u00a0secret',
  ])('is refused: %j', (key) => expect(takenKey(key)).toBe(false))

  test.each(['sec ret', '      x', '!~!~!~', '"\'<>&\\', 'hmac x', 'Bearer a:b'])('%j', (key) => {
    expect(takenKey(key)).toBe(key.trim() === key)
  })
})

describe('a custom header', () => {
  test('has an RFC 9110 token as name', () => {
    const name = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' })
    const signs = "!#$%&'*+-.^_`|~"
    const isToken = (text: string) => [...text].every((sign) => signs.includes(sign) || /^[0-9A-Za-z]$/.test(sign))
    fc.assert(
      fc.property(fc.oneof(name, fc.string({ minLength: 1, maxLength: 6 })), (name) => {
        const trimmed = name.trim()
        fc.pre(!/^(te|host|date)$/i.test(trimmed))
        expect(taken(name)).toBe(trimmed !== '' && isToken(trimmed))
      }),
      { numRuns: 500 },
    )
    expect([taken('x'.repeat(100)), taken('x'.repeat(101))]).toEqual([true, false])
  })

  test('never has a name that the hub or the connection owns, in whatever case', () => {
    const owned = [
      'host',
      'connection',
      'transfer-encoding',
      'content-length',
      'content-type',
      'content-encoding',
      'keep-alive',
      'upgrade',
      'expect',
      'te',
      'trailer',
      'date',
      'user-agent',
      'webhook-id',
      'webhook-signature',
      'webhook-anything',
      'hearback-attempt',
      'x-ct-hmac-sha256',
      'x-wootric-signature',
      'x-rateup-signature',
      'x-rateup-triggered-at',
      'x-webhook-id',
    ]
    for (const name of owned)
      fc.assert(
        fc.property(fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }), (upper) => {
          const cased = [...name].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter)).join('')
          expect(taken(cased)).toBe(false)
        }),
        { numRuns: 5 },
      )
    for (const name of [
      'x-host',
      'hostx',
      'x-content-type',
      'my-webhook-id',
      'authorization',
      'x-api-key',
      '__proto__',
      'cookie',
    ])
      expect(taken(name)).toBe(true)
  })

  test.each(Object.values(formats))('never has a name that the format $key sends', (format) => {
    const call = { deliveryId: 'dlv_1', timestamp: 0, triggeredAtMs: 0, signature: 'v1,x' }
    const names = format.headers(call).filter((_, i) => i % 2 === 0)
    expect(names.length > 0).toBe(format.secret !== null)
    expect(names.filter((name) => taken(name))).toEqual([])
  })

  test('has a value that arrives as it was entered', () => {
    fc.assert(
      fc.property(almost(60), (value) => {
        expect(taken('x-a', value)).toBe(arrivesAsEntered(value))
      }),
      { numRuns: 300 },
    )
    expect([taken('x-a', 'v'.repeat(2048)), taken('x-a', 'v'.repeat(2049))]).toEqual([true, false])
  })

  test('is refused when it is there twice, in whatever case, or is the eleventh', () => {
    const headers = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `x-${i}`, value: 'v' }))
    expect([takenHeaders(headers(10)).success, takenHeaders(headers(11)).success]).toEqual([true, false])
    const twice = takenHeaders([...headers(2), { name: 'X-1 ', value: 'w' }])
    expect(twice.error?.issues.map(({ path }) => path)).toEqual([[2, 'name']])
  })

  test('keeps a stored value when its field is empty, and needs a value otherwise', () => {
    expect(takenHeaders([{ name: 'x-a', value: '', kept: true }]).success).toBe(true)
    expect(takenHeaders([{ name: 'x-a', value: '' }]).success).toBe(false)
    expect(takenHeaders([{ name: 'x-a', value: ' v', kept: true }]).success).toBe(false)
  })
})
