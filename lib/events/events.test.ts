import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { makeWebhook, type TestAccount, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { makeSender, type Sender, someEvent } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import { eventDecisions, events } from '../db/history-schema'
import { newId } from '../db/ids'
import { readId } from '../type-id'
import { deleteWebhook, switchWebhook } from '../webhooks/switch-webhook'
import { updateWebhook } from '../webhooks/update-webhook'
import { readDecisionPage } from './decision-page'
import { countReasons, readDecisions } from './event-decisions'
import { type EventFilter, eventFilterQuery, readEventFilter } from './event-filter'
import { type KeptEvent, readEvent, readEventLog } from './event-queries'

const hub = await openTestHub()

/** Posts events as the platform does. Returns the ids of the accepted ones. */
async function post({ key }: Sender, ...sent: unknown[]): Promise<string[]> {
  const { body } = await hub.post(key, sent)
  return body.events.map(({ id }) => readId('event', id) as string)
}
const kept = async ({ accountId }: TestAccount, id: string) => (await readEvent(hub.db, accountId, id)) as KeptEvent
const page = async (account: TestAccount, id: string, set: Parameters<typeof readDecisionPage>[3] = {}) =>
  readDecisionPage(hub.db, account.accountId, await kept(account, id), set)
const reasons = async (account: TestAccount, id: string) =>
  Object.fromEntries((await page(account, id)).rows.map(({ name, reason }) => [name, reason]))

describe('the decisions of an event', () => {
  test('give a reason for every webhook', async () => {
    const account = await makeSender(hub)
    const make = (name: string, set: Parameters<typeof makeWebhook>[2]) =>
      makeWebhook(hub.db, account, { name, ...set })
    await make('Low service', { condition: { kind: 'service', ratings: [1, 2, 3] } })
    await make('Everything', {})
    await make('Updates', { events: ['feedback.updated'] })
    await make('Promoters', { condition: { kind: 'nps', scores: [9, 10] } })
    await make('Questions', { format: 'rateup' })
    const off = await make('Off', {})
    await switchWebhook(hub.db, account.accountId, null, off, false)
    const [created, message] = (await post(account, someEvent({}, { service: { rating: 5 } }), {
      type: 'message.created',
      message: { id: 'msg-1', channel: 'SMS', status: 'sent' },
    })) as [string, string]
    await make('Later', {})
    expect(await reasons(account, created)).toEqual({
      Everything: 'matched',
      'Low service': 'service-rating-not-chosen',
      Updates: 'event-not-chosen',
      Promoters: 'no-nps-score',
      Questions: 'no-answers',
      Off: 'off',
      Later: 'registered-later',
    })
    expect(await reasons(account, message)).toMatchObject({
      Questions: 'not-offered',
      Everything: 'event-not-chosen',
      Later: 'registered-later',
    })
    expect((await page(account, created)).rows[0]?.name).toBe('Everything')
  })

  test('say which further condition was not met, by the version of that time, and the value it found', async () => {
    const account = await makeSender(hub)
    const onlyIf = [{ kind: 'comment' as const }, { kind: 'country' as const, values: ['GB', 'IE'] }]
    const webhookId = await makeWebhook(hub.db, account, { name: 'Local', onlyIf })
    const from = (country: string) => someEvent({}, { comment: 'Hi', customer: { country } })
    const [near, far] = (await post(account, from('ie'), from('FR'))) as [string, string]
    const edit = webhookForm({ name: 'Local', onlyIf: [{ kind: 'country', values: ['FR'] }] })
    const changed = { accountId: account.accountId, userId: null, webhookId, openedVersion: 1, form: edit }
    expect(await updateWebhook(hub.db, changed)).toMatchObject({ ok: true })
    const [later] = (await post(account, from('fr'))) as [string]
    expect(await reasons(account, near)).toEqual({ Local: 'matched' })
    expect(await reasons(account, later)).toEqual({ Local: 'matched' })
    const words = 'It fires only if the country is GB/IE; here it is “FR”.'
    expect((await page(account, far)).rows).toMatchObject([{ reason: 'country-not-chosen', onlyIf, words }])
    // Once the customer is erased, the value is gone from the words too.
    await hub.rows("update events set data = 'erased' where account_id = $1", [account.accountId])
    expect((await page(account, far)).rows[0]?.words).toBe(
      'It fires only for certain countries, and the customer’s is another.',
    )
  })

  test('show the name and rule that were judged, and whether the webhook was deleted since', async () => {
    const account = await makeSender(hub)
    const { accountId } = account
    const edited = await makeWebhook(hub.db, account, { name: 'Before' })
    const deleted = await makeWebhook(hub.db, account, { name: 'Short-lived' })
    const before = await makeWebhook(hub.db, account, { name: 'Long gone' })
    await deleteWebhook(hub.db, accountId, null, before)
    const [id] = (await post(account, someEvent())) as [string]
    await updateWebhook(hub.db, {
      accountId,
      userId: null,
      webhookId: edited,
      openedVersion: 1,
      form: webhookForm({ name: 'After', condition: { kind: 'service', ratings: [1] } }),
    })
    await deleteWebhook(hub.db, accountId, null, deleted)
    const { rows } = await page(account, id)
    expect(rows).toMatchObject([
      { name: 'Before', rule: { condition: { kind: 'any' } }, reason: 'matched', deleted: false },
      { name: 'Short-lived', reason: 'matched', deleted: true },
    ])
    expect(rows[1]?.deliveries[0]?.state).toMatchObject({ kind: 'cancelled', reason: 'deleted' })
  })

  test('have the reason “history” when the event came with “notify”: false', async () => {
    const account = await makeSender(hub)
    await makeWebhook(hub.db, account, { name: 'All' })
    const [id] = (await post(account, someEvent({ notify: false }))) as [string]
    expect(await reasons(account, id)).toEqual({ All: 'history' })
    const { rows } = await readEventLog(hub.db, account.accountId, { filter: {} })
    expect(rows).toMatchObject([{ id, notify: false, judged: 0, matched: 0 }])
  })

  test('remain when the customer is erased', async () => {
    const account = await makeSender(hub)
    await makeWebhook(hub.db, account, { name: 'All' })
    const [id] = (await post(account, someEvent())) as [string]
    await hub.db.execute(sql`update events set data = 'erased' where id = ${id}`)
    const event = await kept(account, id)
    expect(event.record).toBeNull()
    expect((await page(account, id)).rows).toMatchObject([
      { reason: 'matched', deliveries: [{ state: { kind: 'waiting' } }] },
    ])
  })
})

describe('with more than 200 webhooks', () => {
  test('each reason is worked out again while it agrees with the stored counts, and is “counted-only” once it does not', async () => {
    const account = await makeSender(hub)
    const { accountId } = account
    for (let n = 1; n <= 205; n++)
      await makeWebhook(hub.db, account, {
        name: `Rule ${n}`,
        condition: n % 2 ? { kind: 'service', ratings: [1] } : { kind: 'nps', scores: [0] },
        events: n === 205 ? ['feedback.updated'] : ['feedback.created'],
      })
    const fires = await makeWebhook(hub.db, account, { name: 'Fires' })
    const [id] = (await post(account, someEvent({}, { service: { rating: 5 } }))) as [string]
    const event = await kept(account, id)
    expect(event.decisions.webhooks).toHaveLength(1)
    const decisions = await readDecisions(hub.db, accountId, event)
    expect(decisions[0]).toMatchObject({ webhookId: fires, reason: 'matched' })
    expect(countReasons(decisions)).toEqual([
      { reason: 'matched', count: 1 },
      { reason: 'service-rating-not-chosen', count: 102 },
      { reason: 'no-nps-score', count: 102 },
      { reason: 'event-not-chosen', count: 1 },
    ])
    const first = await page(account, id)
    expect(first).toMatchObject({ total: 206, previous: null, next: 49 })
    const second = await page(account, id, { cursor: { from: 49, backward: false } })
    expect(second.rows.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, i) => 50 + i))
    expect((await page(account, id, { search: 'RULE 205' })).rows).toMatchObject([{ reason: 'event-not-chosen' }])

    const odd = decisions.find(({ number }) => number === 7)?.webhookId as string
    await switchWebhook(hub.db, accountId, null, odd, false)
    const later = await readDecisions(hub.db, accountId, event)
    expect(countReasons(later)).toEqual([
      { reason: 'matched', count: 1 },
      { reason: 'counted-only', count: 205 },
    ])
    const { rows } = await readEventLog(hub.db, accountId, { filter: {} })
    expect(rows).toMatchObject([{ judged: 206, matched: 1 }])
  })
})

describe('the deliveries of an event', () => {
  test('are found among those of a whole group, each with its state and calls', async () => {
    const account = await makeSender(hub)
    const { accountId } = account
    const [one, two, three] = [
      await makeWebhook(hub.db, account),
      await makeWebhook(hub.db, account),
      await makeWebhook(hub.db, account),
    ] as const
    const ids = await post(account, ...Array.from({ length: 40 }, () => someEvent()))
    const id = ids[20] as string
    const delivery = async (webhookId: string) =>
      (await page(account, id)).rows.find((row) => row.webhookId === webhookId)?.deliveries[0]
    const { deliveryId } = (await delivery(one)) as { deliveryId: string }
    expect(await delivery(one)).toMatchObject({ state: { kind: 'waiting' }, calls: 0, lastCallId: null })
    const { rows } = await hub.pool.query('select event_id, webhook_id from deliveries where id = $1', [deliveryId])
    expect(rows).toEqual([{ event_id: id, webhook_id: one }])

    const failed = { status: 500, failure: 'status' as const }
    await makeCall(hub.db, accountId, { webhookId: one, deliveryId, ...failed })
    const { callId } = await makeCall(hub.db, accountId, { webhookId: one, deliveryId, attempt: 2 })
    await hub.pool.query('delete from queue where delivery_id = $1', [deliveryId])
    expect(await delivery(one)).toMatchObject({ state: { kind: 'delivered' }, calls: 2, lastCallId: callId })

    await switchWebhook(hub.db, accountId, null, two, false)
    expect(await delivery(two)).toMatchObject({ state: { kind: 'cancelled', reason: 'switched-off' }, calls: 0 })

    const own = (await delivery(three))?.deliveryId as string
    await hub.pool.query('delete from queue where delivery_id = $1', [own])
    await hub.pool.query(
      `insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
       values ($1, $2, $3, 'exhausted', 'retries-used-up')`,
      [accountId, own, three],
    )
    expect(await delivery(three)).toMatchObject({ state: { kind: 'exhausted', reason: 'retries-used-up' } })
  })
})

describe('the event log', () => {
  const log = (account: TestAccount, filter: EventFilter = {}, cursor?: { from: string; backward: boolean }) =>
    readEventLog(hub.db, account.accountId, { filter, cursor })

  test('lists events newest first in pages, with how many webhooks each event matched', async () => {
    const account = await makeSender(hub)
    await makeWebhook(hub.db, account)
    await makeWebhook(hub.db, account, { condition: { kind: 'service', ratings: [1] } })
    const ids = await post(account, ...Array.from({ length: 60 }, () => someEvent({ source: 'shop' })))
    const newest = ids.toReversed()
    const first = await log(account)
    expect(first.rows.map(({ id }) => id)).toEqual(newest.slice(0, 50))
    expect(first.rows[0]).toMatchObject({
      type: 'feedback.created',
      sourceName: 'shop',
      feedbackVersion: 1,
      judged: 2,
      matched: 1,
    })
    const second = await log(account, {}, { from: first.next as string, backward: false })
    expect(second.rows.map(({ id }) => id)).toEqual(newest.slice(50))
    expect(await log(account, {}, { from: second.previous as string, backward: true })).toEqual(first)
  })

  test('can be filtered by type, by source and by the id of the feedback or event', async () => {
    const account = await makeSender(hub)
    const [, second, third] = await post(
      account,
      { type: 'feedback.created', feedback: { id: 'fb-a', service: { rating: 1 } } },
      { type: 'feedback.updated', id: 'evt-77', source: 'shop', feedback: { id: 'fb-b', service: { rating: 1 } } },
      { type: 'feedback.created', source: 'shop', feedback: { id: 'fb-c', service: { rating: 1 } } },
    )
    const found = async (filter: EventFilter) => (await log(account, filter)).rows.map(({ id }) => id)
    const sourceId = (await kept(account, second as string)).sourceId
    expect(await found({ type: 'feedback.updated' })).toEqual([second])
    expect(await found({ sourceId })).toEqual([third, second])
    expect(await found({ sourceId, type: 'feedback.created' })).toEqual([third])
    expect(await found({ subject: 'fb-c' })).toEqual([third])
    expect(await found({ subject: 'evt-77' })).toEqual([second])
    expect(await found({ subject: 'FB-C' })).toEqual([])
    const low = await makeWebhook(hub.db, account, { condition: { kind: 'service', ratings: [1] } })
    const high = await makeWebhook(hub.db, account, { condition: { kind: 'service', ratings: [5] } })
    const [fired] = await post(account, someEvent({}, { service: { rating: 1 } }))
    expect(await found({ webhookId: low })).toEqual([fired])
    expect(await found({ webhookId: high })).toEqual([])
    expect(await found({ webhookId: newId() })).toEqual([])
  })

  test('finds nothing by an id that can’t be stored, and an id with a control character like any other', async () => {
    const account = await makeSender(hub)
    const [id] = await post(account, { type: 'feedback.created', feedback: { id: 'fb\x07\n1', comment: 'x' } })
    const found = async (subject: string) => (await log(account, readEventFilter({ subject }))).rows.map(({ id }) => id)
    expect(await found('fb\x07\n1')).toEqual([id])
    for (const unstorable of ['fb\x07\n1\0', '\0', 'fb\ud800', '\udc00']) {
      expect(await found(unstorable)).toEqual([])
      expect((await page(account, id as string, { search: unstorable })).rows).toEqual([])
    }
  })

  test('searches at most 5,000 events for a page, reports where it stopped, and continues there', async () => {
    const account = await makeSender(hub)
    const [id] = (await post(account, { type: 'feedback.created', feedback: { id: 'fb-old', comment: 'x' } })) as [
      string,
    ]
    await hub.pool.query(
      `insert into events (account_id, id, type, source_id, subject_id, data, decisions)
       select account_id, (left(id::text, 14) || '7fff-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'message.created',
         source_id, 'msg-' || n, 'erased', '{"notify":true,"webhooks":[]}'
       from events, generate_series(1, 5300) n where account_id = $1`,
      [account.accountId],
    )
    const filter = { type: 'feedback.created' as const }
    const first = await log(account, filter)
    expect(first.rows).toEqual([])
    expect(first.searchedTo).not.toBeNull()
    expect(first.next).not.toBeNull()
    const second = await log(account, filter, { from: first.next as string, backward: false })
    expect(second.rows.map((row) => row.id)).toEqual([id])
    expect(second.next).toBeNull()
    // The platform's id has an index.
    expect((await log(account, { subject: 'fb-old' })).rows.map((row) => row.id)).toEqual([id])
    const before = { until: Date.now() - 60_000 }
    expect(await log(account, { ...filter, ...before })).toMatchObject({ rows: [], next: null })
    expect((await log(account, { since: before.until, type: 'message.created' })).rows).toHaveLength(50)
  })

  test('never shows anything of another account', async () => {
    const [own, foreign] = [await makeSender(hub), await makeSender(hub)]
    const webhookId = await makeWebhook(hub.db, foreign, { name: 'Foreign' })
    const [id] = (await post(foreign, { type: 'feedback.created', feedback: { id: 'fb-x', comment: 'x' } })) as [string]
    await makeWebhook(hub.db, own, { name: 'Own' })
    expect((await log(own)).rows).toEqual([])
    expect((await log(own, { subject: 'fb-x' })).rows).toEqual([])
    expect((await log(own, {}, { from: newId(), backward: false })).rows).toEqual([])
    expect(await readEvent(hub.db, own.accountId, id)).toBeUndefined()
    // Even for an event of another account, only webhooks and deliveries of the own account are read.
    const { rows } = await readDecisionPage(hub.db, own.accountId, await kept(foreign, id), {})
    expect(rows.map(({ name }) => name)).toEqual(['Own'])
    expect(rows.map(({ webhookId: found }) => found)).not.toContain(webhookId)
    expect(rows.every(({ deliveries }) => deliveries.length === 0)).toBe(true)
  })
})

test('a filter reads back from its query string as it was written', () => {
  const times = { since: Date.parse('2026-11-20T10:00:00Z'), until: Date.parse('2026-11-21T10:00:00Z') }
  for (const filter of [
    {},
    { type: 'survey.declined' as const, ...times },
    { subject: 'fb 1&x=2', sourceId: newId(), webhookId: newId() },
  ])
    expect(readEventFilter(Object.fromEntries(new URLSearchParams(eventFilterQuery(filter))))).toMatchObject(filter)
  expect(readEventFilter({ type: '', subject: '  ' })).toEqual({})
  for (const malformed of [{ source: 'src_1' }, { type: 'nonsense' }, { since: 'soon' }, { subject: ['a', 'b'] }])
    expect(readEventFilter(malformed)).toBeUndefined()
})

test('an event that kept its decisions as jsonb, in words, is read, listed and filtered like any other', async () => {
  const account = await makeSender(hub)
  const webhookId = await makeWebhook(hub.db, account, { condition: { kind: 'service', ratings: [1] } })
  await post(account, someEvent({}, { service: { rating: 1 } }), someEvent({}, { service: { rating: 2 } }))
  const read = async () => {
    const { rows } = await readEventLog(hub.db, account.accountId, { filter: {} })
    const fired = await readEventLog(hub.db, account.accountId, { filter: { webhookId } })
    return { rows, fired: fired.rows, events: await Promise.all(rows.map(({ id }) => kept(account, id))) }
  }
  const before = await read()
  expect(before.fired).toHaveLength(1)
  for (const { id, decisions } of before.events)
    await hub.pool.query(
      'update events set earlier_decisions = $3, decisions = null where account_id = $1 and id = $2',
      [account.accountId, id, JSON.stringify(decisions)],
    )
  expect(await read()).toEqual(before)
})

test('every stored event has its decisions in the shape that is read here', async () => {
  const rows = await hub.db.select({ decisions: eventDecisions }).from(events)
  for (const { decisions } of rows)
    expect(decisions).toMatchObject({ notify: expect.any(Boolean), webhooks: expect.any(Array) })
})
