import { afterAll, expect, test } from 'vitest'
import { makeLocalWebhook, makeSender, someEvent } from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'

// An event id is accepted once: in one request, in concurrent requests, and over processes and restarts (docs/delivery.md).

const hub = await openTestHub()
afterAll(endChildren)

const url = 'http://127.0.0.1:1/hook'

test('a repeated id gets the same answer and is not stored again', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url })
  const event = { ...someEvent({ id: 'evt-1' }), occurredAt: '2026-11-20T10:12:30Z' }
  const first = await hub.post(sender.key, event)
  const [{ id, deliveries } = { id: '', deliveries: 0 }] = first.body.events
  expect(deliveries).toBe(1)
  // The order of fields does not change the content.
  const { type, feedback, ...rest } = event
  const again = await hub.post(sender.key, { feedback, ...rest, type })
  expect(again.status).toBe(202)
  expect(again.body).toEqual({
    accepted: 0,
    duplicates: 1,
    rejected: [],
    events: [{ index: 0, id, deliveries: 1, duplicate: true }],
  })
  expect(await hub.count('queue where account_id = $1', [sender.accountId])).toBe(1)
})

test('a known id with other content is an id_conflict: 409 alone, 400 with other errors, 202 with accepted events', async () => {
  const { key, accountId } = await makeSender(hub)
  const event = someEvent({ id: 'evt-1' })
  await hub.post(key, event)
  const other = { ...event, feedback: { ...event.feedback, comment: 'changed' } }
  const all = await hub.post(key, [other, other])
  expect(all.status).toBe(409)
  expect(all.headers.get('content-type')).toBe('application/problem+json')
  expect(all.body.rejected.map(({ index, id, code, path }) => [index, id, code, path])).toEqual([
    [0, 'evt-1', 'id_conflict', 'id'],
    [1, 'evt-1', 'id_conflict', 'id'],
  ])
  const bad = someEvent({}, { service: { rating: 0 } })
  const mixed = await hub.post(key, [bad, other])
  expect([mixed.status, mixed.body.rejected.map(({ code }) => code)]).toEqual([400, ['invalid', 'id_conflict']])
  const taken = await hub.post(key, [other, event, someEvent()])
  expect(taken.status).toBe(202)
  expect(taken.body).toMatchObject({ accepted: 1, duplicates: 1, rejected: [{ index: 0, code: 'id_conflict' }] })
  expect(taken.body.events.map(({ index, duplicate }) => [index, duplicate])).toEqual([
    [1, true],
    [2, false],
  ])
  expect(await hub.count('events where account_id = $1', [accountId])).toBe(2)
})

test('an id that occurs twice in one request is stored once, with the content that came first', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url })
  const event = someEvent({ id: 'twice' })
  const other = { ...event, feedback: { ...event.feedback, comment: 'changed' } }
  const { body } = await hub.post(sender.key, [event, other, event])
  const id = body.events[0]?.id
  expect(body).toMatchObject({ accepted: 1, duplicates: 1, rejected: [{ index: 1, code: 'id_conflict' }] })
  expect(body.events).toEqual([
    { index: 0, id, deliveries: 1, duplicate: false },
    { index: 2, id, deliveries: 1, duplicate: true },
  ])
  expect(await hub.count('events where account_id = $1', [sender.accountId])).toBe(1)
})

test('the Idempotency-Key header is the id of a single event', async () => {
  const { key } = await makeSender(hub)
  const event = someEvent()
  const first = await hub.post(key, event, { 'idempotency-key': 'k-1' })
  const again = await hub.post(key, { ...event, id: 'k-1' }, { 'idempotency-key': 'k-1' })
  expect(again.body.events).toEqual([{ ...first.body.events[0], duplicate: true }])
  expect((await hub.post(key, { ...event, id: 'k-2' }, { 'idempotency-key': 'k-1' })).status).toBe(400)
  expect((await hub.post(key, [event], { 'idempotency-key': 'k-3' })).status).toBe(400)
  expect((await hub.post(key, event, { 'idempotency-key': 'k'.repeat(256) })).status).toBe(400)
  const ndjson = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'k-4' }
  expect((await hub.post(key, JSON.stringify(event), ndjson)).body.accepted).toBe(1)
})

test('each posted event without an id is a new event', async () => {
  const { key } = await makeSender(hub)
  const event = someEvent()
  const ids = [await hub.post(key, event), await hub.post(key, event)].map(({ body }) => body.events[0]?.id)
  expect(new Set(ids).size).toBe(2)
})

test('200 concurrent posts of one id to two processes make one event, also after a restart', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url })
  const [a, b] = await Promise.all([startChild({ url: hub.url, web: true }), startChild({ url: hub.url, web: true })])
  const event = someEvent({ id: 'once' })
  const all = await Promise.all(Array.from({ length: 200 }, (_, n) => (n % 2 ? a : b).post(sender.key, event)))
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([202]))
  expect(all.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(1)
  expect(all.reduce((sum, { body }) => sum + body.duplicates, 0)).toBe(199)
  const known = new Set(all.map(({ body: { events } }) => `${events[0]?.id} ${events[0]?.deliveries}`))
  expect(known.size).toBe(1)
  await Promise.all([a.kill(), b.kill()])
  const restarted = await startChild({ url: hub.url, web: true })
  const { body } = await restarted.post(sender.key, event)
  expect(body.events.map(({ id, deliveries }) => `${id} ${deliveries}`)).toEqual([...known])
  for (const table of ['events', 'deliveries', 'queue', 'feedback', 'ingest_keys'])
    expect([table, await hub.count(`${table} where account_id = $1`, [sender.accountId])]).toEqual([table, 1])
})
