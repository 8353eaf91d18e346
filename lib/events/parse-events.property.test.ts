import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { showsSomething } from '../plain-text'
import { type BodyFault, eventsAtMost } from './cut-body'
import type { Decline, Feedback, Message } from './event-schema'
import { type ParsedBody, parseEvents } from './parse-events'
import { sampleEvent } from './sample-events'

const parse = (body: string | Buffer, { ndjson = false, key = null as string | null } = {}) =>
  parseEvents(Buffer.from(body as string), ndjson, key)
const parsed = async (...input: Parameters<typeof parse>) => (await parse(...input)) as ParsedBody
const status = async (...input: Parameters<typeof parse>) => ((await parse(...input)) as Partial<BodyFault>).status

const event = (more: Record<string, unknown> = {}, feedback: Record<string, unknown> = {}) => ({
  type: 'feedback.created',
  feedback: { id: 'fb-1', comment: 'Hi', ...feedback },
  ...more,
})
const withProperties = (json: string) =>
  `{"type":"feedback.created","feedback":{"id":"fb-1","comment":"x","properties":${json}}}`
/** Why the only event was refused, and where; undefined when it was taken. */
const refusal = async (body: string) => {
  const { events, rejected } = await parsed(body)
  expect(events.length + rejected.length).toBe(1)
  return rejected[0] && `${rejected[0].code} ${rejected[0].path}: ${rejected[0].message}`
}

describe('what JSON can say and the hub can’t keep is refused by name:', () => {
  test('nesting deeper than 32', async () => {
    // The event, feedback and properties are three levels themselves.
    const nested = (depth: number) => withProperties(`{"a":${'['.repeat(depth - 4)}1${']'.repeat(depth - 4)},"b":{}}`)
    expect(await refusal(nested(32 + 1))).toBeUndefined()
    expect(await refusal(nested(32 + 2))).toMatch(/^invalid feedback\.properties\.a\.0.*deeper than 32/)
    expect(await refusal(withProperties(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`))).toMatch(
      /deeper than 32/,
    )
  })

  test('more than 1,000 keys', async () => {
    const keys = (count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1])))
    // type, feedback, id, comment, properties are five keys themselves.
    expect(await refusal(withProperties(keys(995)))).toBeUndefined()
    expect(await refusal(withProperties(keys(996)))).toMatch(/more than 1000 keys/)
    expect(await refusal(withProperties(`{"a":[${'{"b":1},'.repeat(993)}{"b":1}]}`))).toBeUndefined()
    expect(await refusal(withProperties(`{"a":[${'{"b":1},'.repeat(994)}{"b":1}]}`))).toMatch(/more than 1000 keys/)
  })

  test.each(['__proto__', 'constructor', 'prototype'])('the key %s, wherever it stands', async (name) => {
    for (const json of [`{"${name}":1}`, `{"a":{"${name}":{"admin":true}}}`, `{"a":[{"${name}":null}]}`])
      expect(await refusal(withProperties(json))).toContain(`"${name}"`)
    expect(await refusal(`{"${name}":{},"type":"feedback.created","feedback":{"id":"a","comment":"x"}}`)).toContain(
      name,
    )
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
  ])('%s, as a value and as a key', async (_, json, message) => {
    expect(await refusal(withProperties(`{"a":[{"b":${json}}]}`))).toContain(`feedback.properties.a.0.b: `)
    expect(await refusal(withProperties(`{"a":[{"b":${json}}]}`))).toContain(message)
    if (json.startsWith('"')) expect(await refusal(withProperties(`{${json}:1}`))).toContain(message)
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
  ])('but not %s', async (json) => expect(await refusal(withProperties(`{"a":${json}}`))).toBeUndefined())
})

describe('a body', () => {
  test('of one event, a list or lines gives every event its place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), fc.boolean(), async (good, ndjson) => {
        const items = good.map((good, i) => event({ id: `e-${i}` }, good ? {} : { nps: { score: 11 } }))
        const body = ndjson ? items.map((item) => JSON.stringify(item)).join('\n') : JSON.stringify(items)
        const { events, rejected } = await parsed(body, { ndjson })
        expect(events.map(({ index }) => index)).toEqual(good.flatMap((good, i) => (good ? i : [])))
        expect(rejected.map(({ index, id }) => [index, id])).toEqual(
          good.flatMap((good, i) => (good ? [] : [[i, `e-${i}`]])),
        )
        for (const { code, path } of rejected) expect([code, path]).toEqual(['invalid', 'feedback.nps.score'])
      }),
    )
    expect((await parsed(JSON.stringify(event()))).events).toHaveLength(1)
  })

  test('of lines loses the broken ones alone', async () => {
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
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        ends,
        fc.boolean(),
        async (lines, end, closed) => {
          const body = lines.map(({ text }) => text).join(end) + (closed ? end : '')
          const { events, rejected } = await parsed(body, { ndjson: true })
          expect(events.map(({ index }) => index)).toEqual(lines.flatMap(({ good }, i) => (good ? i : [])))
          expect(rejected.map(({ index, code }) => [index, code])).toEqual(
            lines.flatMap(({ good }, i) => (good ? [] : [[i, 'invalid_json']])),
          )
        },
      ),
    )
  })

  test.each(['', ' ', '{', '[{]', 'NaN', '{"a":1}\n{"b":2}', "{'a':1}"])(
    'that is no JSON is answered 400: %j',
    async (body) => expect(await status(body)).toBe(400),
  )
  test.each(['[]', ' [ ] '])('without events is answered 400: %j', async (body) => expect(await status(body)).toBe(400))
  test.each(['', '\n', '\r\n \n'])('of lines without events is answered 400: %j', async (body) =>
    expect(await status(body, { ndjson: true })).toBe(400),
  )

  test('that is no UTF-8 is answered 400, one with a byte order mark is read', async () => {
    for (const bytes of [[0xff], [0x22, 0xc3, 0x22], [0xed, 0xa0, 0x80]])
      expect(await status(Buffer.from(bytes))).toBe(400)
    expect((await parsed(`\ufeff${JSON.stringify(event())}`)).events).toHaveLength(1)
  })

  test.each(['null', '1', '"text"', 'true', '[null]', '[[]]', '[1,"a"]', '{}', '[{}]'])(
    'of what is no event names each: %s',
    async (body) => {
      const { events, rejected } = await parsed(body)
      expect(events).toEqual([])
      for (const { code, message } of rejected)
        expect([code, message]).toEqual(['invalid', expect.stringMatching(/\S/)])
      expect(rejected.length).toBeGreaterThan(0)
    },
  )

  test('has at most 1,000 events', async () => {
    const list = (count: number) =>
      Array.from({ length: count }, (_, i) => JSON.stringify(event({}, { id: `fb-${i}` })))
    expect((await parsed(`[${list(eventsAtMost)}]`)).events).toHaveLength(1000)
    expect(await status(`[${list(1001)}]`)).toBe(413)
    expect((await parsed(list(1000).join('\n'), { ndjson: true })).events).toHaveLength(1000)
    expect(await status(list(1001).join('\n'), { ndjson: true })).toBe(413)
  })

  test('has events of at most 256 KiB', async () => {
    const limit = 256 * 1024
    const sized = (bytes: number) => {
      const [open, close] = ['{"type":"feedback.created","feedback":{"id":"a","comment":"', '","tags":["']
      const [rest, end] = ['"]}}', 'x'.repeat(1_900)]
      const texts = bytes - open.length - close.length - rest.length - 1_900
      return open + 'é'.repeat(Math.floor(texts / 2)) + 'x'.repeat(texts % 2) + close + end + rest
    }
    expect(Buffer.byteLength(sized(limit))).toBe(limit)
    expect((await parsed(sized(limit))).events).toHaveLength(1)
    expect((await parsed(sized(limit + 1))).rejected).toMatchObject([{ code: 'too_large', index: 0 }])
    const mixed = await parsed(`[${sized(limit)},${JSON.stringify(event())},${sized(limit + 1)}]`)
    expect(mixed.events.map(({ index }) => index)).toEqual([0, 1])
    expect(mixed.rejected).toMatchObject([{ code: 'too_large', index: 2 }])
  })

  test('large and deep at once is refused, not thrown at', async () => {
    const deep = withProperties(`{"a":${'['.repeat(140_000)}${']'.repeat(140_000)}}`)
    for (const body of [deep, `[${deep},${JSON.stringify(event())}]`])
      expect((await parsed(body)).rejected).toMatchObject([{ index: 0 }])
    expect((await parsed(`${deep}\n${JSON.stringify(event())}`, { ndjson: true })).events).toMatchObject([{ index: 1 }])
  })

  test('of any bytes is answered, never thrown at', async () => {
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
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), key, async (body, ndjson, key) => {
        const result = await parseEvents(body, ndjson, key)
        if ('status' in result) expect([400, 413]).toContain(result.status)
        else expect(result.events.length + result.rejected.length).toBeGreaterThan(0)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('Idempotency-Key', () => {
  const one = (id?: unknown) => JSON.stringify(event(id === undefined ? {} : { id }))
  const key = fc.string({ minLength: 1, maxLength: 255 }).filter(showsSomething)

  test('becomes the id of a single event', async () => {
    await fc.assert(
      fc.asyncProperty(key, fc.boolean(), async (key, ndjson) => {
        expect((await parsed(one(), { key, ndjson })).events[0]?.event.id).toBe(key)
        expect((await parsed(one(key), { key, ndjson })).events[0]?.event.id).toBe(key)
        expect((await parsed(one(key), { ndjson })).events[0]?.event.id).toBe(key)
      }),
    )
  })

  test('that differs from the id in the body is answered 400', async () => {
    await fc.assert(
      fc.asyncProperty(key, key, async (key, id) => {
        fc.pre(key !== id)
        expect(await status(one(id), { key })).toBe(400)
      }),
    )
    for (const id of [7, '', ['k']]) expect(await status(one(id), { key: '7' })).toBe(400)
  })

  test('beside a list is answered 400, even of one', async () => {
    for (const body of [`[${one()}]`, ` [${one()}]`, `[${one()},${one()}]`])
      expect(await status(body, { key: 'k' })).toBe(400)
    expect(await status(`${one()}\n${one()}`, { key: 'k', ndjson: true })).toBe(400)
    expect(await status(`\ufeff[${one()}]`, { key: 'k' })).toBe(400)
  })

  test('has 1 to 255 characters', async () => {
    for (const length of [1, 255]) expect((await parsed(one(), { key: 'k'.repeat(length) })).events).toHaveLength(1)
    for (const key of ['', 'k'.repeat(256)]) expect(await status(one(), { key })).toBe(400)
  })

  test('has a character that can be seen', async () => {
    for (const key of [' ', '\u00a0', '\u00ad']) expect(await status(one(), { key })).toBe(400)
  })

  test('becomes the id of an event whose own is null', async () => {
    expect((await parsed(one(null), { key: 'k' })).events[0]?.event.id).toBe('k')
    expect((await parsed(one(null))).events[0]?.event.id).toBeUndefined()
  })

  test('alone protects: without it and without an id there is no hash', async () => {
    expect((await parsed(one())).events[0]?.hash).toBeUndefined()
    expect((await parsed(one(), { key: 'k' })).events[0]?.hash).toEqual((await parsed(one('k'))).events[0]?.hash)
  })
})

/** The paths of the fields of objects, without those that a sender names and the values that may be anything. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key]
    if (key === 'response' || path.at(-1) === 'properties') return []
    return [...(Array.isArray(value) ? [] : [here]), ...pathsOf(inner, here)]
  })
}

/** A copy with another value at a path; undefined takes the field out. */
const withValue = (whole: unknown, [key = '', ...rest]: string[], value: unknown): unknown => {
  const copy = structuredClone(whole) as Record<string, unknown>
  copy[key] = rest.length === 0 ? value : withValue(copy[key], rest, value)
  return copy
}

const fieldsOf = (event: unknown) =>
  pathsOf(event)
    .map((path) => path.join('.'))
    .sort()

describe('an event', () => {
  const whole = (feedback: unknown) => JSON.stringify({ type: 'feedback.created', id: 'e', feedback })
  const only = async (feedback: unknown) => (await parsed(whole(feedback))).events[0]
  const customer = { name: null, firstName: null, email: null, country: null, locale: null, phone: null }
  const nulls = {
    ...{ service: null, products: null, nps: null, temperature: null, drivers: null, answers: null, custom: null },
    ...{ order: null, tags: null, customer: null, campaign: null, properties: null, request: null },
    ...{ createdAt: null, updatedAt: null, excludedFromCalculations: null },
  }

  test('may have null in each optional field, which is the same as none, and in the values of its own', async () => {
    const plain = await only({ id: 'fb-1', comment: 'Hi' })
    const filled = await only({ id: 'fb-1', comment: 'Hi', ...nulls })
    expect(JSON.stringify(filled?.event)).toBe(JSON.stringify(plain?.event))
    expect(filled?.hash).toEqual(plain?.hash)
    const envelope = { id: 'e', occurredAt: null, notify: null, source: null }
    expect((await parsed(JSON.stringify(event(envelope)))).events[0]?.hash).toEqual(plain?.hash)
    expect((await parsed(JSON.stringify(event({ source: { key: 's', name: null, kind: null } })))).rejected).toEqual([])
    const inner = {
      service: { rating: 3, title: null, text: null },
      products: [{ sku: null, title: null, rating: 3, text: null }],
      nps: { score: 3, reason: null },
      answers: [{ type: 't', title: 'q', response: null }],
      customer,
      campaign: { id: null, name: null, sentAt: null },
      request: { ip: null, userAgent: null, originUrl: null },
      order: { ref: null },
      properties: { plan: null },
    }
    expect(JSON.parse(JSON.stringify((await only({ id: 'fb-1', ...inner }))?.event))).toEqual({
      type: 'feedback.created',
      id: 'e',
      feedback: {
        id: 'fb-1',
        service: { rating: 3 },
        products: [{ rating: 3 }],
        nps: { score: 3 },
        answers: inner.answers,
        customer: {},
        campaign: {},
        request: {},
        order: {},
        properties: { plan: null },
      },
    })
    for (const body of [
      { type: 'survey.declined', decline: { id: 'd', customer: null, properties: null } },
      {
        type: 'message.created',
        message: { id: 'm', channel: 'sms', status: 's', text: null, sentAt: null, feedbackId: null },
      },
    ])
      expect((await parsed(JSON.stringify(body))).rejected).toEqual([])
  })

  test('is taken, or refused, with null in a field exactly as without the field', async () => {
    const at = '2026-11-20T10:12:30Z'
    const own = { id: 'e', occurredAt: at, notify: true, source: { key: 's', name: 'S', kind: 'email' } }
    const { feedback } = sampleEvent('feedback.created') as { feedback: Feedback }
    const { decline } = sampleEvent('survey.declined') as { decline: Decline }
    const { message } = sampleEvent('message.created') as { message: Message }
    const more = { createdAt: at, updatedAt: at }
    const flag = { excludedFromCalculations: true }
    const sent = { scheduledAt: at, sentAt: at, deliveredAt: at, failedReason: 'x', text: 'Hi', feedbackId: 'f' }
    const common = { campaign: feedback.campaign, request: feedback.request, properties: feedback.properties }
    const whole = [
      { type: 'feedback.created', feedback: { ...feedback, ...more, ...flag }, ...own },
      { type: 'feedback.deleted', feedback: { id: 'f' }, ...own },
      { type: 'survey.declined', decline: { ...decline, ...common, ...more, ...flag }, ...own },
      { type: 'message.created', message: { ...message, ...common, ...more, ...sent }, ...own },
    ]
    const needed = new Set<string>()
    let optional = 0
    for (const event of whole) {
      // The samples have every field of the schema: a new one cannot be forgotten here.
      expect(fieldsOf(event)).toEqual(fieldsOf((await parsed(JSON.stringify(event))).events[0]?.event))
      for (const path of pathsOf(event)) {
        const [empty, absent] = [withValue(event, path, null), withValue(event, path, undefined)]
        const [one, other] = [await parsed(JSON.stringify(empty)), await parsed(JSON.stringify(absent))]
        expect(one.events[0]?.event, path.join('.')).toEqual(other.events[0]?.event)
        if (one.rejected.length > 0) needed.add(path.join('.'))
        else optional++
      }
    }
    expect(optional).toBeGreaterThan(70)
    expect([...needed].sort()).toEqual([
      'decline',
      'decline.id',
      'feedback',
      'feedback.answers.0.title',
      'feedback.answers.0.type',
      'feedback.answers.1.title',
      'feedback.answers.1.type',
      'feedback.id',
      'feedback.nps.score',
      'message',
      'message.channel',
      'message.id',
      'message.status',
      'source.key',
      'type',
    ])
  })

  test('has no part with nothing in it, and needs one that has', async () => {
    const empty = [
      { service: {} },
      { service: { rating: null, title: '', text: null } },
      { comment: '' },
      { answers: [] },
      { products: [] },
      { products: [{}, { sku: '', rating: null }] },
      { nps: {} },
      { nps: { score: null, reason: '' } },
    ]
    for (const nothing of empty) {
      expect((await only({ id: 'fb-1', temperature: 'red', ...nothing }))?.event).toEqual({
        type: 'feedback.created',
        id: 'e',
        feedback: { id: 'fb-1', temperature: 'red' },
      })
      expect(await refusal(whole({ id: 'fb-1', ...nothing }))).toBe(
        'invalid feedback: needs at least one of service, products, nps, temperature, comment, answers',
      )
    }
    expect(await refusal(whole({ id: 'fb-1', nps: { reason: 'Delivery' } }))).toBe(
      'invalid feedback.nps.score: is missing',
    )
    for (const something of [{ service: { rating: 1 } }, { products: [{}, { sku: 'L' }] }, { nps: { score: 0 } }])
      expect((await only({ id: 'fb-1', ...something }))?.event).toMatchObject({ feedback: something })
  })

  test('has texts as long as the event may be', async () => {
    const long = 'x'.repeat(200_001)
    for (const feedback of [
      { comment: long },
      { service: { text: long } },
      { nps: { score: 1, reason: long } },
      { comment: 'Hi', customer: { name: long } },
    ])
      expect(await refusal(whole({ id: 'fb-1', ...feedback }))).toBeUndefined()
  })

  test.each(['', ' ', '\u00a0', '\u200b', '\u2060', '\u3164', '\ufe0f', '\ufff9', '\u0301'])(
    'whose ids show nothing is refused: %j',
    async (id) => {
      const words = id === '' ? 'is empty' : 'has no character that can be seen'
      expect(await refusal(JSON.stringify(event({ id })))).toBe(`invalid id: ${words}`)
      expect(await refusal(JSON.stringify(event({}, { id })))).toBe(`invalid feedback.id: ${words}`)
      for (const source of [id, { key: id }, { key: 's', name: id }])
        expect(await refusal(JSON.stringify(event({ source })))).toContain(words)
    },
  )

  test('is refused in the words of the hub, with the path of the field', async () => {
    const faults: [unknown, string][] = [
      [null, 'invalid : is not an object'],
      [[], 'invalid : is not an object'],
      [{}, 'invalid type: is not one of the seven event types'],
      [{ type: 'feedback.created' }, 'invalid feedback: is missing'],
      [{ type: 'feedback.created', feedback: null }, 'invalid feedback: is not an object'],
      [event({}, { service: 5 }), 'invalid feedback.service: is not an object'],
      [event({}, { tags: 'web' }), 'invalid feedback.tags: is not a list'],
      [event({}, { tags: [null] }), 'invalid feedback.tags.0: is not text'],
      [
        event({}, { excludedFromCalculations: 'no' }),
        'invalid feedback.excludedFromCalculations: is not true or false',
      ],
      [event({}, { properties: [] }), 'invalid feedback.properties: is not an object'],
      [event({}, { updatedAt: 'today' }), 'invalid feedback.updatedAt: is not a time such as 2026-11-20T10:12:30Z'],
      [event({ source: 5 }), 'invalid source: is neither the key of a source nor an object with one'],
      [event({ source: {} }), 'invalid source.key: is missing'],
      [event({ source: { key: 5 } }), 'invalid source.key: is not text'],
    ]
    for (const [body, words] of faults)
      expect(await refusal(Array.isArray(body) ? '[[]]' : JSON.stringify(body))).toBe(words)
  })
})

describe('the content hash', () => {
  const hash = async (value: unknown) => (await parsed(JSON.stringify(value))).events[0]?.hash?.toString('hex')
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

  test('is the same whatever the order of keys and the white space', async () => {
    await fc.assert(
      fc.asyncProperty(properties, async (properties) => {
        const whole = event({ id: 'e' }, { properties })
        const expected = await hash(whole)
        expect(expected).toMatch(/^[0-9a-f]{64}$/)
        expect(await hash(reversed(whole))).toBe(expected)
        expect((await parsed(JSON.stringify(whole, null, 2))).events[0]?.hash?.toString('hex')).toBe(expected)
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
  ])('is the same whatever the order of keys, of %s', async (_, whole) => {
    expect(await hash(whole)).toMatch(/^[0-9a-f]{64}$/)
    expect(await hash(reversed(whole))).toBe(await hash(whole))
  })

  test('is another for other content', async () => {
    await fc.assert(
      fc.asyncProperty(properties, properties, async (a, b) => {
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
        const [first, second] = [
          await hash(event({ id: 'e' }, { properties: a })),
          await hash(event({ id: 'e' }, { properties: b })),
        ]
        expect(first === second).toBe(same)
      }),
    )
    expect(await hash(event({ id: 'e' }, { tags: ['a', 'b'] }))).not.toBe(
      await hash(event({ id: 'e' }, { tags: ['b', 'a'] })),
    )
    expect(await hash(event({ id: 'e' }))).not.toBe(await hash(event({ id: 'e', notify: true })))
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
