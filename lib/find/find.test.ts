import { buffer } from 'node:stream/consumers'
import v8 from 'node:v8'
import vm from 'node:vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { fillLog } from '@/e2e/fixtures/data/long-log'
import { makeAccount, makeSource, makeWebhook } from '@/e2e/fixtures/data/webhooks'
import { makeSender } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import { callColumns, exportCalls } from '../calls/call-export'
import type { CallFilter } from '../calls/call-filter'
import { readCallLog } from '../calls/call-log'
import { exportStream } from '../csv'
import { newId, timeOfId } from '../db/ids'
import { eventColumns, exportEvents } from '../events/event-export'
import { readFeedbackEvents } from '../feedback/feedback-events'
import { readFeedbackMessages } from '../feedback/feedback-messages'
import { readFeedback, type StoredFeedback } from '../feedback/read-feedback'
import { readId, showId } from '../type-id'
import { findId } from './find-id'
import { recognise } from './recognise-id'

// What a person finds by an id: the search box, the calls and the page of a feedback, and what is exported.

const hub = await openTestHub()

let sender: Awaited<ReturnType<typeof makeSender>>
let webhookId = ''
let sourceId = ''
/** Three versions of one feedback, with their deliveries; of the second there are two calls. */
let ids: { events: string[]; deliveries: string[]; calls: string[]; feedback: string }

const version = (rating: number, set: object = {}) => ({
  type: rating === 2 ? 'feedback.created' : 'feedback.updated',
  source: 'shop',
  feedback: { id: 'fb-1', service: { rating, text: '=HYPERLINK("http://evil.example")' }, ...set },
})

beforeAll(async () => {
  sender = await makeSender(hub)
  webhookId = await makeWebhook(hub.db, sender, { name: 'All', events: ['feedback.created', 'feedback.updated'] })
  await makeWebhook(hub.db, sender, { name: 'Low', condition: { kind: 'service', ratings: [1] } })
  sourceId = await makeSource(hub.db, sender, { key: 'shop', name: 'Shop' })
  const events: string[] = []
  for (const sent of [version(2), { ...version(3), id: 'evt-at-shop' }, version(4)]) {
    const { body } = await hub.post(sender.key, [sent])
    events.push(readId('event', body.events[0]?.id ?? '') as string)
  }
  await hub.post(sender.key, [{ type: 'message.created', message: { id: 'msg-1', channel: 'SMS', status: 'sent' } }])
  await hub.post(sender.key, [version(5, { id: 'fb-other' })])
  const made = await hub.rows<{ id: string; event_id: string }>(
    'select id, event_id from deliveries where account_id = $1 order by id',
    [sender.accountId],
  )
  const deliveries = events.map((id) => made.find(({ event_id }) => event_id === id)?.id as string)
  const calls: string[] = []
  for (const deliveryId of [deliveries[0], deliveries[1], deliveries[1]] as string[])
    calls.push((await makeCall(hub.db, sender.accountId, { webhookId, deliveryId })).callId)
  await makeCall(hub.db, sender.accountId, { webhookId })
  const [feedback] = await hub.rows<{ id: string }>(
    `select id from feedback where account_id = $1 and external_id = 'fb-1'`,
    [sender.accountId],
  )
  ids = { events, deliveries, calls, feedback: feedback?.id as string }
})

describe('the search box', () => {
  test('recognises an id of the hub wherever it stands, and takes any other text for the platform’s', () => {
    const id = newId()
    for (const pasted of [
      showId('delivery', id),
      ` webhook-id: ${showId('delivery', id)}\n`,
      `"${showId('delivery', id).toUpperCase()}",`,
      `https://hub.example/settings/calls?delivery=${showId('delivery', id)}&x=1`,
    ])
      expect(recognise(pasted)).toEqual({ of: 'hub', kind: 'delivery', id })
    expect(recognise(id.toUpperCase())).toEqual({ of: 'uuid', id })
    expect(recognise(' fb 9/1 ')).toEqual({ of: 'platform', text: 'fb 9/1' })
    expect(recognise(`x${showId('event', id)}`)).toMatchObject({ of: 'platform' })
    expect(recognise(`${showId('event', id)}0`)).toMatchObject({ of: 'platform' })
    expect(recognise('evt_zzzzzzzzzzzzzzzzzzzzzzzzzz')).toMatchObject({ of: 'platform' })
    expect(recognise('  ')).toBeUndefined()
  })

  test('finds what each kind of id names', async () => {
    const find = (pasted: string) => findId(hub.db, sender.accountId, pasted)
    const [event] = ids.events as [string]
    const [delivery] = ids.deliveries as [string]
    const [call] = ids.calls as [string]
    const named = { event, delivery, call, webhook: webhookId, feedback: ids.feedback, source: sourceId }
    for (const [kind, id] of Object.entries(named) as [keyof typeof named, string][]) {
      expect(await find(showId(kind, id))).toEqual([{ kind, id }])
      expect(await find(id)).toEqual([{ kind, id }])
    }
    expect(await find('fb-1')).toEqual([{ kind: 'feedback', id: ids.feedback }])
    expect(await find('evt-at-shop')).toEqual([{ kind: 'event', id: ids.events[1] }])
    expect(await find('msg-1')).toEqual([{ kind: 'subject', subject: 'msg-1' }])
    for (const unknown of ['fb-2', 'FB-1', '', '\0', showId('event', newId()), newId(), 'fb\ud800'])
      expect(await find(unknown)).toEqual([])
  })

  test('names both where a platform gave a feedback and an event the same id', async () => {
    await hub.post(sender.key, [{ ...version(2, { id: 'same' }), id: 'same' }])
    expect((await findId(hub.db, sender.accountId, 'same')).map(({ kind }) => kind)).toEqual(['feedback', 'event'])
  })

  test('finds nothing of another account', async () => {
    const { accountId } = await makeAccount(hub.db)
    const own = [...ids.events, ...ids.deliveries, ...ids.calls, ids.feedback, webhookId, sourceId]
    for (const pasted of ['fb-1', 'evt-at-shop', 'msg-1', ...own])
      expect(await findId(hub.db, accountId, pasted)).toEqual([])
    for (const filter of [{ feedback: 'fb-1' }, { eventId: ids.events[0] }, { deliveryId: ids.deliveries[0] }])
      expect(
        (await readCallLog(hub.db, accountId, { filter: { result: 'all', ...filter }, wholeUrls: true })).rows,
      ).toEqual([])
    expect(await readFeedback(hub.db, accountId, ids.feedback)).toBeUndefined()
  })
})

describe('the call log', () => {
  const found = async (set: Partial<CallFilter>) =>
    (await readCallLog(hub.db, sender.accountId, { filter: { result: 'all', ...set }, wholeUrls: true })).rows.map(
      ({ id }) => id,
    )

  test('is narrowed to a feedback, an event, a webhook-id and an event type', async () => {
    const [first, second, third] = ids.calls as [string, string, string]
    const [created, updated, unsent] = ids.events as [string, string, string]
    for (const feedback of ['fb-1', showId('feedback', ids.feedback)])
      expect(await found({ feedback })).toEqual([third, second, first])
    expect(await found({ feedback: 'fb-1', type: 'feedback.created' })).toEqual([first])
    expect(await found({ feedback: 'fb-1', eventId: updated })).toEqual([third, second])
    expect(await found({ eventId: created })).toEqual([first])
    expect(await found({ eventId: unsent })).toEqual([])
    expect(await found({ deliveryId: ids.deliveries[1] })).toEqual([third, second])
    expect(await found({ deliveryId: ids.deliveries[1], eventId: created })).toEqual([])
    expect(await found({ type: 'feedback.updated' })).toEqual([third, second])
    expect(await found({ feedback: 'fb-1', result: 'failed' })).toEqual([])
    expect(await found({ feedback: 'fb-1', until: Date.now() - 60_000 })).toEqual([])
    for (const feedback of ['nobody', showId('feedback', newId())]) expect(await found({ feedback })).toEqual([])
  })
})

test('the page of a feedback has every event with its version, decisions and their values', async () => {
  const stored = (await readFeedback(hub.db, sender.accountId, ids.feedback)) as StoredFeedback
  expect(stored).toMatchObject({ externalId: 'fb-1', version: 3, source: { name: 'Shop' } })
  expect(stored.content?.service?.rating).toBe(4)
  const { rows } = await readFeedbackEvents(hub.db, sender.accountId, stored)
  expect(rows.map(({ event }) => [event.id, event.feedbackVersion])).toEqual(
    ids.events.map((id, i) => [id, i + 1]).reverse(),
  )
  expect(rows[1]?.decisions.rows).toMatchObject([
    { name: 'All', reason: 'matched', deliveries: [{ calls: 2 }] },
    { name: 'Low', words: 'This is “Feedback updated”; this rule wants “Feedback is created”.' },
  ])
  expect(rows[2]?.decisions.rows[1]?.words).toBe('Service rating is 2; this rule wants 1.')
})

test('the page of a feedback has the messages that name it, newest first, and no other', async () => {
  const stored = (await readFeedback(hub.db, sender.accountId, ids.feedback)) as StoredFeedback
  const about = { channel: 'sms', status: 'sent', feedbackId: 'fb-1' }
  const { body } = await hub.post(sender.key, [
    { type: 'message.created', message: { ...about, id: 'msg-2' } },
    { type: 'message.updated', message: { ...about, id: 'msg-2', status: 'delivered' } },
    { type: 'message.created', message: { ...about, id: 'msg-3', feedbackId: 'fb-10' } },
    { type: 'message.created', message: { ...about, id: 'msg-4', feedbackId: 'fb-other', text: 'About "fb-1"' } },
  ])
  const [created, updated] = body.events.map(({ id }) => readId('event', id))
  const { rows, searchedTo } = await readFeedbackMessages(hub.db, sender.accountId, stored)
  expect(rows.map(({ id }) => id)).toEqual([updated, created])
  expect(searchedTo).toBeNull()
})

test('of many messages that name a feedback the first twenty are there, and the answer says that later ones are not', async () => {
  const other = await makeSender(hub)
  const message = (n: number) => ({
    type: 'message.created',
    message: { id: `m-${n}`, channel: 'sms', status: 'sent', feedbackId: 'many' },
  })
  const feedback = { type: 'feedback.created', feedback: { id: 'many', comment: 'Hello' } }
  const posted = await hub.post(other.key, [feedback, ...Array.from({ length: 20 }, (_, n) => message(n))])
  const many = { externalId: 'many', createdAt: new Date() }
  const twenty = posted.body.events.slice(1).map(({ id }) => readId('event', id) as string)
  const read = await readFeedbackMessages(hub.db, other.accountId, many)
  expect([read.rows.map(({ id }) => id), read.searchedTo]).toEqual([twenty.toReversed(), null])
  await hub.post(other.key, message(20))
  const again = await readFeedbackMessages(hub.db, other.accountId, many)
  expect([again.rows.length, again.searchedTo]).toEqual([20, timeOfId(twenty.at(-1) as string)])
})

describe('an export', () => {
  const file = async (
    pages: Parameters<typeof exportStream>[0],
    format: 'csv' | 'ndjson',
    columns: readonly string[],
  ) => (await buffer(exportStream(pages, format, columns))).toString()

  test('has the calls of the filter as CSV, and as NDJSON', async () => {
    const filter = { result: 'all' as const, feedback: 'fb-1' }
    const csv = await file(exportCalls(hub.db, sender.accountId, filter), 'csv', callColumns)
    const lines = csv.split('\r\n')
    expect(lines[0]).toBe(`\ufeff${callColumns.join(',')}`)
    expect(lines).toHaveLength(5)
    expect(lines[1]).toContain(`${showId('call', ids.calls[2] as string)},`)
    expect(lines[1]).toMatch(/,delivered,200,,,84,false,evt_\w{26},feedback\.updated,fb-1$/)
    const json = await file(exportCalls(hub.db, sender.accountId, filter), 'ndjson', callColumns)
    const rows = json
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ event_id }) => event_id)).toEqual([1, 1, 0].map((n) => showId('event', ids.events[n] as string)))
  })

  test('defuses what a spreadsheet would take for a formula, and NDJSON has the event as it was sent', async () => {
    const filter = { subject: 'fb-1' }
    const csv = await file(exportEvents(hub.db, sender.accountId, filter), 'csv', eventColumns)
    expect(csv).toContain(`,"'=HYPERLINK(""http://evil.example"")",`)
    const rows = [{ a: '=1', b: '+1', c: '-1', d: '@a', e: '\tx', f: '\rx', g: 'a\nb', h: 'a,"b"' }]
    const one = async function* () {
      yield rows
    }
    expect(await file(one(), 'csv', [...'abcdefgh'])).toBe(
      `\ufeffa,b,c,d,e,f,g,h\r\n'=1,'+1,'-1,'@a,'\tx,"'\rx","a\nb","a,""b"""\r\n`,
    )
    const json = await file(exportEvents(hub.db, sender.accountId, filter), 'ndjson', eventColumns)
    const [latest] = json
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(latest).toMatchObject({ service_rating: 4, event: { feedback: { service: { rating: 4 } } } })
  })

  test('of 15,000 calls is streamed in flat memory', async () => {
    const { accountId } = await makeAccount(hub.db)
    await fillLog(hub.pool, accountId, { webhooks: 10, calls: 15_000 })
    v8.setFlagsFromString('--expose-gc')
    const collect = vm.runInNewContext('gc') as () => void
    const held = () => {
      collect()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      return heapUsed + arrayBuffers
    }
    let [bytes, lines, most] = [0, 0, 0]
    const before = held()
    const stream = exportStream(exportCalls(hub.db, accountId, { result: 'all' }), 'ndjson', callColumns)
    for await (const chunk of stream) {
      bytes += chunk.length
      for (const byte of chunk) if (byte === 10) lines++
      if (lines % 2_500 === 0) most = Math.max(most, held() - before)
    }
    expect(lines).toBe(15_000)
    expect(bytes).toBeGreaterThan(5_000_000)
    expect(most).toBeLessThan(2_000_000)
  })
})
