import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { createApiKey } from '@/lib/accounts/api-keys'
import { timeOfId } from '@/lib/db/ids'
import { sampleEvent } from '@/lib/events/sample-events'
import { readId } from '@/lib/type-id'
import { makeLocalWebhook, makeSender, type Posted, someEvent } from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'

// The answers of POST /api/v1/events, and that it stores exactly what they say.

const hub = await openTestHub()
afterAll(endChildren)

const url = 'http://127.0.0.1:1/hook'
const history = ['events', 'payloads', 'deliveries', 'queue', 'feedback', 'ingest_keys', 'sources'] as const
const stored = (accountId: string) =>
  Promise.all(history.map((table) => hub.count(`${table} where account_id = $1`, [accountId])))

function expectProblem(posted: Posted, status: number, detail: RegExp) {
  expect(posted.status).toBe(status)
  expect(posted.headers.get('content-type')).toBe('application/problem+json')
  expect(posted.body).toMatchObject({ type: 'about:blank', status, title: expect.any(String) })
  expect(posted.body.detail).toMatch(detail)
}

test('accepts one event and answers 202 with its id and deliveries', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url })
  await makeLocalWebhook(hub, sender, { url, format: 'feefo' })
  const { status, headers, body } = await hub.post(sender.key, someEvent({ id: 'evt-1' }))
  expect(status).toBe(202)
  expect(headers.get('content-type')).toBe('application/json')
  const id = body.events[0]?.id ?? ''
  expect(body).toEqual({
    accepted: 1,
    duplicates: 0,
    rejected: [],
    events: [{ index: 0, id, deliveries: 2, duplicate: false }],
  })
  const [event] = await hub.rows('select type, external_id, data from events where id = $1', [readId('event', id)])
  expect(event).toMatchObject({ type: 'feedback.created', external_id: 'evt-1' })
  // One payload for each format, and one delivery with a queue row for each webhook.
  expect(await stored(sender.accountId)).toEqual([1, 2, 2, 2, 1, 1, 1])
})

test('accepts a list and NDJSON, and answers in the order of the events', async () => {
  const { key, accountId } = await makeSender(hub)
  const events = [someEvent(), someEvent({ type: 'feedback.updated' }), someEvent()]
  const list = await hub.post(key, events)
  expect(list.body).toMatchObject({ accepted: 3, duplicates: 0, rejected: [] })
  expect(list.body.events.map(({ index }) => index)).toEqual([0, 1, 2])
  const lines = `${events.map((event) => JSON.stringify(event)).join('\r\n')}\n\n`
  const ndjson = await hub.post(key, lines, { 'content-type': 'application/x-ndjson; charset=utf-8' })
  expect(ndjson.status).toBe(202)
  expect(ndjson.body.events.map(({ index }) => index)).toEqual([0, 1, 2])
  const ids = [...list.body.events, ...ndjson.body.events].map(({ id }) => id)
  expect(new Set(ids).size).toBe(6)
  expect([...ids].sort()).toEqual(ids)
  expect(await hub.count('events where account_id = $1', [accountId])).toBe(6)
})

test('accepts a thousand events at once, in order, over several groups', async () => {
  const { key, accountId } = await makeSender(hub)
  const events = Array.from({ length: 1000 }, (_, n) => someEvent({ id: `n-${n}` }, { id: 'one', comment: `${n}` }))
  const { status, body } = await hub.post(key, events)
  expect([status, body.accepted]).toEqual([202, 1000])
  const rows = await hub.rows<{ external_id: string }>(
    'select external_id from events where account_id = $1 order by feedback_version',
    [accountId],
  )
  expect(rows.map(({ external_id }) => external_id)).toEqual(events.map((_, n) => `n-${n}`))
})

test('names each bad event by index, id, code, message and path, and accepts the good ones', async () => {
  const { key, accountId } = await makeSender(hub)
  const before = await stored(accountId)
  const lines = [
    someEvent({ id: 'good' }),
    someEvent({ id: 'six' }, { service: { rating: 6 } }),
    'not JSON',
    { type: 'feedback.created', id: 'bare', feedback: { id: 'fb' } },
    someEvent({ id: 'nul' }, { comment: 'a\0b' }),
    someEvent({ id: 'half' }, { comment: '\ud800' }),
    someEvent({ id: 'big' }, { properties: { text: 'x'.repeat(257 * 1024) } }),
    { type: 'feedback.renamed', id: 'type' },
    someEvent({ id: 'key' }, { properties: { constructor: 1 } }),
    someEvent({ id: 'year' }, { createdAt: '0000-01-01T00:00:00Z' }),
    someEvent({ id: 'year-10000' }, { updatedAt: '9999-12-31T23:59:59-01:00' }),
  ]
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  const { status, body } = await hub.post(key, text, { 'content-type': 'application/x-ndjson' })
  expect(status).toBe(202)
  expect(body.events).toMatchObject([{ index: 0 }])
  expect(body.rejected.map(({ index, id, code, path }) => [index, id, code, path])).toEqual([
    [1, 'six', 'invalid', 'feedback.service.rating'],
    [2, null, 'invalid_json', ''],
    [3, 'bare', 'invalid', 'feedback'],
    [4, 'nul', 'invalid', 'feedback.comment'],
    [5, 'half', 'invalid', 'feedback.comment'],
    [6, 'big', 'too_large', ''],
    [7, 'type', 'invalid', 'type'],
    [8, 'key', 'invalid', 'feedback.properties'],
    [9, 'year', 'invalid', 'feedback.createdAt'],
    [10, 'year-10000', 'invalid', 'feedback.updatedAt'],
  ])
  for (const { message } of body.rejected) expect(message).toMatch(/\w/)
  const after = await stored(accountId)
  expect(after.map((n, i) => n - (before[i] as number))).toEqual([1, 0, 0, 0, 1, 1, 1])
})

test('stores nothing of a request whose events are all bad, and answers 400 with them', async () => {
  const { key, accountId } = await makeSender(hub)
  const bad = someEvent({ id: 'b', source: { key: 'new', kind: 'fax' } })
  const posted = await hub.post(key, [bad, someEvent({}, { nps: { score: 11 } })])
  expectProblem(posted, 400, /^No event was taken/)
  expect(posted.body.rejected.map(({ index, path }) => [index, path])).toEqual([
    [0, 'source.kind'],
    [1, 'feedback.nps.score'],
  ])
  expect(await stored(accountId)).toEqual(history.map(() => 0))
})

test('answers 401 without a valid key and 403 for a key of another scope', async () => {
  const { accountId } = await makeSender(hub)
  const none = await hub.post('hb_unknown', someEvent())
  expectProblem(none, 401, /API key/)
  expect(none.headers.get('www-authenticate')).toBe('Bearer')
  expectProblem(await hub.post('', someEvent()), 401, /API key/)
  expectProblem(await hub.post('x', someEvent(), { authorization: 'Basic eDp5' }), 401, /API key/)
  const { key } = await createApiKey(hub.db, accountId, null, { name: 'reader', scopes: ['read'] })
  expectProblem(await hub.post(key, someEvent()), 403, /scope/)
})

test('takes texts as long as the event may be, whichever they are', async () => {
  const { key, accountId } = await makeSender(hub)
  const { feedback } = sampleEvent('feedback.created') as { feedback: { customer: object } }
  // Longer than a key of an index may be, also when it is compressed.
  const long = randomBytes(10_000).toString('hex')
  const fields: Record<string, unknown>[] = [
    ...Object.keys(feedback.customer).map((name) => ({ customer: { [name]: long } })),
    ...['ip', 'userAgent', 'originUrl'].map((name) => ({ request: { [name]: long } })),
    { comment: 'x'.repeat(200_001) },
    { service: { title: long } },
    { order: { ref: long } },
    { campaign: { name: long } },
    { tags: [long], drivers: [long], custom: [long], properties: { [long]: long } },
    { answers: [{ type: long, title: long, response: long }] },
  ]
  const { status, body } = await hub.post(
    key,
    fields.map((field) => someEvent({}, { comment: 'Hi', ...field })),
  )
  expect([status, body.accepted, body.rejected]).toEqual([202, fields.length, []])
  const [longest] = await hub.rows(
    "select max(length(data::json->>'comment')) as characters from feedback where account_id = $1",
    [accountId],
  )
  expect(longest).toEqual({ characters: 200_001 })
})

test('answers 400, 413 and 415 to bodies it cannot read', async () => {
  const { key, accountId } = await makeSender(hub)
  expectProblem(await hub.post(key, '{'), 400, /not valid JSON/)
  expectProblem(await hub.post(key, ''), 400, /not valid JSON/)
  expectProblem(await hub.post(key, []), 400, /no event/)
  expectProblem(await hub.post(key, Buffer.from([0x22, 0xff, 0x22])), 400, /UTF-8/)
  expectProblem(await hub.post(key, '[]'.padEnd(5 * 1024 * 1024 + 1)), 413, /5 MiB/)
  expectProblem(await hub.post(key, new Array(1001).fill(someEvent())), 413, /more than 1000 events/)
  expectProblem(await hub.post(key, '{}', { 'content-type': 'text/plain' }), 415, /application\/json/)
  expectProblem(await hub.post(key, '{}', { 'content-encoding': 'gzip' }), 415, /not compressed/)
  for (const charset of ['iso-8859-1', 'us-ascii', '"UTF-16"', 'klingon'])
    expectProblem(await hub.post(key, '{}', { 'content-type': `application/json; charset=${charset}` }), 415, /UTF-8/)
  expect(await stored(accountId)).toEqual(history.map(() => 0))
})

test('answers 429 with Retry-After over the limit of a key, and other keys pass', async () => {
  const limited = await makeSender(hub)
  const free = await makeSender(hub)
  await hub.rows('update api_keys set events_per_second = 5 where id = $1', [limited.keyId])
  const burst = Array.from({ length: 20 }, () => someEvent())
  expect((await hub.post(limited.key, burst)).status).toBe(202)
  const refused = await hub.post(limited.key, someEvent())
  expectProblem(refused, 429, /5 events a second/)
  expect(Number(refused.headers.get('retry-after'))).toBe(3)
  expect((await hub.post(free.key, someEvent())).status).toBe(202)
  expect(await hub.count('events where account_id = $1', [limited.accountId])).toBe(20)
})

test('stores an event with notify: false without a delivery, and the decision says so', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url })
  const { body } = await hub.post(sender.key, someEvent({ notify: false }))
  expect(body.events).toMatchObject([{ deliveries: 0 }])
  const events = await hub.rows('select decisions from events where account_id = $1', [sender.accountId])
  expect(events).toEqual([{ decisions: { notify: false, webhooks: [] } }])
  expect(await stored(sender.accountId)).toEqual([1, 0, 0, 0, 1, 0, 1])
})

test('keeps the events of two accounts apart, whatever ids and keys they share', async () => {
  const a = await makeSender(hub)
  const b = await makeSender(hub)
  await makeLocalWebhook(hub, a, { url })
  const event = someEvent({ id: 'same', source: 'shop' }, { id: 'same' })
  const [inA, inB] = await Promise.all([hub.post(a.key, event), hub.post(b.key, event)])
  expect(inA?.body.events).toMatchObject([{ deliveries: 1, duplicate: false }])
  expect(inB?.body.events).toMatchObject([{ deliveries: 0, duplicate: false }])
  expect(await stored(a.accountId)).toEqual([1, 1, 1, 1, 1, 1, 1])
  expect(await stored(b.accountId)).toEqual([1, 0, 0, 0, 1, 1, 1])
  expect(await hub.count('feedback where external_id = $1 and version = 1', ['same'])).toBe(2)
})

test('stamps events with the database’s time when the clock of its process is days off', async () => {
  const { key } = await makeSender(hub)
  // There is a partition for three days ahead, and none for twenty days ago.
  for (const days of [3, -20]) {
    const child = await startChild({ url: hub.url, web: true, fastMs: days * 86_400_000 })
    const { status, body } = await child.post(key, someEvent())
    expect(status).toBe(202)
    const id = readId('event', body.events[0]?.id ?? '') ?? ''
    expect(Math.abs(timeOfId(id) - Date.now())).toBeLessThan(10_000)
    await child.kill()
  }
}, 30_000)
