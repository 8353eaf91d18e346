import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BodyFault, eventsAtMost, type ParsedBody, parseEvents } from './parse-events'

const parse = (body: string | Buffer, { ndjson = false, key = null as string | null } = {}) =>
  parseEvents(Buffer.from(body as string), ndjson, key)
const parsed = (...input: Parameters<typeof parse>) => parse(...input) as ParsedBody
const status = (...input: Parameters<typeof parse>) => (parse(...input) as Partial<BodyFault>).status

const event = (more: Record<string, unknown> = {}, feedback: Record<string, unknown> = {}) => ({
  type: 'feedback.created',
  feedback: { id: 'fb-1', comment: 'Hi', ...feedback },
  ...more,
})
const withProperties = (json: string) =>
  `{"type":"feedback.created","feedback":{"id":"fb-1","comment":"x","properties":${json}}}`
/** Why the only event was refused, and where; undefined when it was taken. */
const refusal = (body: string) => {
  const { events, rejected } = parsed(body)
  expect(events.length + rejected.length).toBe(1)
  return rejected[0] && `${rejected[0].code} ${rejected[0].path}: ${rejected[0].message}`
}

describe('what JSON can say and the hub can’t keep is refused by name:', () => {
  test('nesting deeper than 32', () => {
    // The event, feedback and properties are three levels themselves.
    const nested = (depth: number) => withProperties(`{"a":${'['.repeat(depth - 4)}1${']'.repeat(depth - 4)},"b":{}}`)
    expect(refusal(nested(32 + 1))).toBeUndefined()
    expect(refusal(nested(32 + 2))).toMatch(/^invalid feedback\.properties\.a\.0.*deeper than 32/)
    expect(refusal(withProperties(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`))).toMatch(/deeper than 32/)
  })

  test('more than 1,000 keys', () => {
    const keys = (count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1])))
    // type, feedback, id, comment, properties are five keys themselves.
    expect(refusal(withProperties(keys(995)))).toBeUndefined()
    expect(refusal(withProperties(keys(996)))).toMatch(/more than 1000 keys/)
    expect(refusal(withProperties(`{"a":[${'{"b":1},'.repeat(993)}{"b":1}]}`))).toBeUndefined()
    expect(refusal(withProperties(`{"a":[${'{"b":1},'.repeat(994)}{"b":1}]}`))).toMatch(/more than 1000 keys/)
  })

  test.each(['__proto__', 'constructor', 'prototype'])('the key %s, wherever it stands', (name) => {
    for (const json of [`{"${name}":1}`, `{"a":{"${name}":{"admin":true}}}`, `{"a":[{"${name}":null}]}`])
      expect(refusal(withProperties(json))).toContain(`"${name}"`)
    expect(refusal(`{"${name}":{},"type":"feedback.created","feedback":{"id":"a","comment":"x"}}`)).toContain(name)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test.each([
    ['NUL', '"a\\u0000b"', 'U+0000'],
    ['half a character', '"\\ud83d"', 'lone surrogate'],
    ['the other half', '"\\ude00\\ud83d"', 'lone surrogate'],
    ['1e400', '1e400', 'too large a number'],
    ['-1e400', '-1e400', 'too large a number'],
    ['2^53', '9007199254740992', 'kept exactly'],
    ['2^53 + 1', '9007199254740993', 'kept exactly'],
    ['-2^53 - 1', '-9007199254740993', 'kept exactly'],
    ['1e300', '1e300', 'kept exactly'],
  ])('%s, as a value and as a key', (_, json, message) => {
    expect(refusal(withProperties(`{"a":[{"b":${json}}]}`))).toContain(`feedback.properties.a.0.b: `)
    expect(refusal(withProperties(`{"a":[{"b":${json}}]}`))).toContain(message)
    if (json.startsWith('"')) expect(refusal(withProperties(`{${json}:1}`))).toContain(message)
  })

  test.each([
    '9007199254740991',
    '-9007199254740991',
    '0.1',
    '-0',
    '1e-400',
    '1.5e10',
    '"\\ud83d\\ude00"',
    '"\\u0001"',
  ])('but not %s', (json) => expect(refusal(withProperties(`{"a":${json}}`))).toBeUndefined())
})

describe('a body', () => {
  test('of one event, a list or lines gives every event its place', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), fc.boolean(), (good, ndjson) => {
        const items = good.map((good, i) => event({ id: `e-${i}` }, good ? {} : { nps: { score: 11 } }))
        const body = ndjson ? items.map((item) => JSON.stringify(item)).join('\n') : JSON.stringify(items)
        const { events, rejected } = parsed(body, { ndjson })
        expect(events.map(({ index }) => index)).toEqual(good.flatMap((good, i) => (good ? i : [])))
        expect(rejected.map(({ index, id }) => [index, id])).toEqual(
          good.flatMap((good, i) => (good ? [] : [[i, `e-${i}`]])),
        )
        for (const { code, path } of rejected) expect([code, path]).toEqual(['invalid', 'feedback.nps.score'])
      }),
    )
    expect(parsed(JSON.stringify(event())).events).toHaveLength(1)
  })

  test('of lines loses the broken ones alone', () => {
    const line = fc.oneof(
      fc.constant({ text: JSON.stringify(event()), good: true }),
      fc
        .constantFrom(
          '{',
          '{"type":"feedback.created"',
          'null x',
          '[1',
          '"open',
          'undefined',
          '{"a":1}{"b":2}',
          "{'a':1}",
        )
        .map((text) => ({ text, good: false })),
    )
    const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\n  \n', '\r\n\t\r\n')
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), ends, fc.boolean(), (lines, end, closed) => {
        const body = lines.map(({ text }) => text).join(end) + (closed ? end : '')
        const { events, rejected } = parsed(body, { ndjson: true })
        expect(events.map(({ index }) => index)).toEqual(lines.flatMap(({ good }, i) => (good ? i : [])))
        expect(rejected.map(({ index, code }) => [index, code])).toEqual(
          lines.flatMap(({ good }, i) => (good ? [] : [[i, 'invalid_json']])),
        )
      }),
    )
  })

  test.each(['', ' ', '{', '[{]', 'NaN', '{"a":1}\n{"b":2}', "{'a':1}"])(
    'that is no JSON is answered 400: %j',
    (body) => expect(status(body)).toBe(400),
  )
  test.each(['[]', ' [ ] '])('without events is answered 400: %j', (body) => expect(status(body)).toBe(400))
  test.each(['', '\n', '\r\n \n'])('of lines without events is answered 400: %j', (body) =>
    expect(status(body, { ndjson: true })).toBe(400),
  )

  test('that is no UTF-8 is answered 400, one with a byte order mark is read', () => {
    for (const bytes of [[0xff], [0x22, 0xc3, 0x22], [0xed, 0xa0, 0x80]]) expect(status(Buffer.from(bytes))).toBe(400)
    expect(parsed(`\ufeff${JSON.stringify(event())}`).events).toHaveLength(1)
  })

  test.each(['null', '1', '"text"', 'true', '[null]', '[[]]', '[1,"a"]', '{}', '[{}]'])(
    'of what is no event names each: %s',
    (body) => {
      const { events, rejected } = parsed(body)
      expect(events).toEqual([])
      for (const { code, message } of rejected)
        expect([code, message]).toEqual(['invalid', expect.stringMatching(/\S/)])
      expect(rejected.length).toBeGreaterThan(0)
    },
  )

  test('has at most 1,000 events', () => {
    const list = (count: number) =>
      Array.from({ length: count }, (_, i) => JSON.stringify(event({}, { id: `fb-${i}` })))
    expect(parsed(`[${list(eventsAtMost)}]`).events).toHaveLength(1000)
    expect(status(`[${list(1001)}]`)).toBe(413)
    expect(parsed(list(1000).join('\n'), { ndjson: true }).events).toHaveLength(1000)
    expect(status(list(1001).join('\n'), { ndjson: true })).toBe(413)
  })

  test('has events of at most 256 KiB', () => {
    const limit = 256 * 1024
    const sized = (bytes: number) => {
      const [open, close] = ['{"type":"feedback.created","feedback":{"id":"a","comment":"', '","tags":["']
      const [rest, end] = ['"]}}', 'x'.repeat(1_900)]
      const texts = bytes - open.length - close.length - rest.length - 1_900
      return open + 'é'.repeat(Math.floor(texts / 2)) + 'x'.repeat(texts % 2) + close + end + rest
    }
    expect(Buffer.byteLength(sized(limit))).toBe(limit)
    expect(parsed(sized(limit)).events).toHaveLength(1)
    expect(parsed(sized(limit + 1)).rejected).toMatchObject([{ code: 'too_large', index: 0 }])
    const mixed = parsed(`[${sized(limit)},${JSON.stringify(event())},${sized(limit + 1)}]`)
    expect(mixed.events.map(({ index }) => index)).toEqual([0, 1])
    expect(mixed.rejected).toMatchObject([{ code: 'too_large', index: 2 }])
  })

  test('large and deep at once is refused, not thrown at', () => {
    const deep = withProperties(`{"a":${'['.repeat(140_000)}${']'.repeat(140_000)}}`)
    for (const body of [deep, `[${deep},${JSON.stringify(event())}]`])
      expect(parsed(body).rejected).toMatchObject([{ index: 0 }])
    expect(parsed(`${deep}\n${JSON.stringify(event())}`, { ndjson: true }).events).toMatchObject([{ index: 1 }])
  })

  test('of any bytes is answered, never thrown at', () => {
    const item = fc.oneof(
      fc.json(),
      fc.json().map((json) => withProperties(json)),
      fc.record({ type: fc.string(), feedback: fc.jsonValue() }).map((value) => JSON.stringify(value)),
    )
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.array(item, { maxLength: 4 }).map((items) => Buffer.from(`[${items.join(',')}]`)),
      item.map((item) => Buffer.from(item)),
    )
    const key = fc.option(fc.string(), { nil: null })
    fc.assert(
      fc.property(bytes, fc.boolean(), key, (body, ndjson, key) => {
        const result = parseEvents(body, ndjson, key)
        if ('status' in result) expect([400, 413]).toContain(result.status)
        else expect(result.events.length + result.rejected.length).toBeGreaterThan(0)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('Idempotency-Key', () => {
  const one = (id?: unknown) => JSON.stringify(event(id === undefined ? {} : { id }))
  const key = fc.string({ minLength: 1, maxLength: 255 })

  test('becomes the id of a single event', () => {
    fc.assert(
      fc.property(key, fc.boolean(), (key, ndjson) => {
        expect(parsed(one(), { key, ndjson }).events[0]?.event.id).toBe(key)
        expect(parsed(one(key), { key, ndjson }).events[0]?.event.id).toBe(key)
        expect(parsed(one(key), { ndjson }).events[0]?.event.id).toBe(key)
      }),
    )
  })

  test('that differs from the id in the body is answered 400', () => {
    fc.assert(
      fc.property(key, key, (key, id) => {
        fc.pre(key !== id)
        expect(status(one(id), { key })).toBe(400)
      }),
    )
    for (const id of [7, null, '', ['k']]) expect(status(one(id), { key: '7' })).toBe(400)
  })

  test('beside a list is answered 400, even of one', () => {
    for (const body of [`[${one()}]`, ` [${one()}]`, `[${one()},${one()}]`])
      expect(status(body, { key: 'k' })).toBe(400)
    expect(status(`${one()}\n${one()}`, { key: 'k', ndjson: true })).toBe(400)
    expect(status(`\ufeff[${one()}]`, { key: 'k' })).toBe(400)
  })

  test('has 1 to 255 characters', () => {
    expect([1, 255].map((length) => parsed(one(), { key: 'k'.repeat(length) }).events.length)).toEqual([1, 1])
    expect(['', 'k'.repeat(256)].map((key) => status(one(), { key }))).toEqual([400, 400])
  })

  test('alone protects: without it and without an id there is no hash', () => {
    expect(parsed(one()).events[0]?.hash).toBeUndefined()
    expect(parsed(one(), { key: 'k' }).events[0]?.hash).toEqual(parsed(one('k')).events[0]?.hash)
  })
})

describe('the content hash', () => {
  const hash = (value: unknown) => parsed(JSON.stringify(value)).events[0]?.hash?.toString('hex')
  // Whole numbers and fractions that JSON writes back the same, and no key that is refused.
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 5 })),
    node: fc.oneof(
      { maxDepth: 3 },
      tie('leaf'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,4}$/), tie('node'), { maxKeys: 4 }),
    ),
  })).node
  const properties = fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,4}$/), value, { minKeys: 1, maxKeys: 5 })

  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, reversed(inner)]),
          )
        : value

  test('is the same whatever the order of keys and the white space', () => {
    fc.assert(
      fc.property(properties, (properties) => {
        const whole = event({ id: 'e' }, { properties })
        const expected = hash(whole)
        expect(expected).toMatch(/^[0-9a-f]{64}$/)
        expect(hash(reversed(whole))).toBe(expected)
        expect(parsed(JSON.stringify(whole, null, 2)).events[0]?.hash?.toString('hex')).toBe(expected)
      }),
    )
  })

  test.each([
    [
      'feedback',
      { ...event({ id: 'e', notify: true, source: { key: 's', name: 'S' } }, { nps: { score: 9, reason: 'r' } }) },
    ],
    [
      'feedback with answers',
      event({ id: 'e' }, { answers: [{ type: 't', title: 'q', response: { b: 1, a: [{ d: 2, c: 3 }] } }] }),
    ],
    ['a deletion', { type: 'feedback.deleted', id: 'e', occurredAt: '2026-11-20T10:00:00Z', feedback: { id: 'f' } }],
    ['a decline', { type: 'survey.declined', id: 'e', decline: { id: 'd', customer: { name: 'n', email: 'e' } } }],
    ['a message', { type: 'message.created', id: 'e', message: { id: 'm', channel: 'sms', status: 's', text: 't' } }],
  ])('is the same whatever the order of keys, of %s', (_, whole) => {
    expect(hash(whole)).toMatch(/^[0-9a-f]{64}$/)
    expect(hash(reversed(whole))).toBe(hash(whole))
  })

  test('is another for other content', () => {
    fc.assert(
      fc.property(properties, properties, (a, b) => {
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
        expect(hash(event({ id: 'e' }, { properties: a })) === hash(event({ id: 'e' }, { properties: b }))).toBe(same)
      }),
    )
    expect(hash(event({ id: 'e' }, { tags: ['a', 'b'] }))).not.toBe(hash(event({ id: 'e' }, { tags: ['b', 'a'] })))
    expect(hash(event({ id: 'e' }))).not.toBe(hash(event({ id: 'e', notify: true })))
  })

  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === 'object' && value !== null
        ? Object.entries(value)
            .map(([key, inner]) => [key, sorted(inner)])
            .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1))
        : value
})
