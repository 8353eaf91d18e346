import { expect, test } from 'vitest'
import type { DecisionRow, EventParts, EventRecord } from '@/lib/events/event-record'
import { readStoredDecisions, type StoredDecisions } from '@/lib/events/stored-decisions'
import { readId } from '@/lib/type-id'
import { deleteWebhook, switchWebhook } from '@/lib/webhooks/switch-webhook'
import { makeLocalWebhook, makeSender, someEvent } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// What an accepted event changes in its feedback and its source, and the decision it gets for each webhook.

const hub = await openTestHub()

const url = 'http://127.0.0.1:1/hook'

type Kept = {
  type: string
  record: EventRecord
  feedback_version: number | null
  parts: EventParts | null
  decisions: DecisionRow
}

async function keptEvents(accountId: string): Promise<Kept[]> {
  const rows = await hub.rows<Omit<Kept, 'record' | 'decisions'> & { data: string; decisions: StoredDecisions }>(
    'select type, data, feedback_version, parts, decisions from events where account_id = $1 order by id',
    [accountId],
  )
  return rows.map(({ data, decisions, ...row }) => ({
    ...row,
    record: JSON.parse(data),
    decisions: readStoredDecisions(decisions),
  }))
}

async function keptFeedback(accountId: string, externalId: string) {
  const [row] = await hub.rows<{
    id: string
    version: number
    data: string
    deleted_at: Date | null
    updated_at: Date
  }>('select id, version, data, deleted_at, updated_at from feedback where account_id = $1 and external_id = $2', [
    accountId,
    externalId,
  ])
  return row && { ...row, data: row.data === '' ? undefined : JSON.parse(row.data) }
}

test('created, updated and deleted in one request become versions 1, 2 and 3, each compared with the one before', async () => {
  const { key, accountId } = await makeSender(hub)
  const { status } = await hub.post(key, [
    someEvent({}, { id: 'f', comment: 'first' }),
    someEvent({ type: 'feedback.updated' }, { id: 'f', comment: 'second', nps: { score: 9 } }),
    { type: 'feedback.deleted', feedback: { id: 'f' } },
  ])
  expect(status).toBe(202)
  const events = await keptEvents(accountId)
  expect(events.map(({ feedback_version, parts }) => [feedback_version, parts])).toEqual([
    [1, { service: 'added', comment: 'added' }],
    [2, { service: 'same', comment: 'changed', nps: 'added' }],
    [3, null],
  ])
  // The deletion carries the last stored version.
  expect(events[2]?.record.feedback).toMatchObject({ comment: 'second', version: 3, deletedAt: expect.any(String) })
  expect(await keptFeedback(accountId, 'f')).toMatchObject({
    version: 3,
    data: undefined,
    deleted_at: expect.any(Date),
  })
})

test('an update that arrives before its creation is version 1, and the creation is version 2', async () => {
  const { key, accountId } = await makeSender(hub)
  await hub.post(key, [
    someEvent({ type: 'feedback.updated' }, { id: 'f', comment: 'updated' }),
    someEvent({}, { id: 'f', comment: 'created' }),
  ])
  const events = await keptEvents(accountId)
  expect(events.map(({ type, feedback_version, parts }) => [type, feedback_version, parts])).toEqual([
    ['feedback.updated', 1, { service: 'added', comment: 'added' }],
    ['feedback.created', 2, { service: 'same', comment: 'changed' }],
  ])
  expect(new Set(events.map(({ record }) => record.feedback?.publicId)).size).toBe(1)
  expect(await keptFeedback(accountId, 'f')).toMatchObject({ version: 2, data: { comment: 'created' } })
})

test('feedback.created for a known feedback becomes its next version under the same id', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url })
  await hub.post(sender.key, someEvent({}, { id: 'f', comment: 'one' }))
  const before = await keptFeedback(sender.accountId, 'f')
  const { body } = await hub.post(sender.key, someEvent({}, { id: 'f', comment: 'two' }))
  expect(body.events).toMatchObject([{ deliveries: 1 }])
  expect(await keptFeedback(sender.accountId, 'f')).toMatchObject({
    id: before?.id,
    version: 2,
    data: { comment: 'two' },
  })
})

test('an event older than the stored version is recorded and delivered, but does not overwrite it', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url, events: ['feedback.updated'] })
  const at = (time: string, comment: string) =>
    someEvent({ type: 'feedback.updated' }, { id: 'f', comment, updatedAt: `2026-11-20T${time}` })
  // 12:00+02:00 is 10:00Z. Times are compared, not their texts.
  const posted = await hub.post(sender.key, [
    at('11:00:00Z', 'new'),
    at('12:00:00+02:00', 'old'),
    at('11:00:00Z', 'as new'),
  ])
  expect(posted.body.events.map(({ deliveries }) => deliveries)).toEqual([1, 1, 1])
  const late = await hub.post(sender.key, at('10:59:59.999Z', 'late'))
  expect(late.body.events).toMatchObject([{ deliveries: 1 }])
  const events = await keptEvents(sender.accountId)
  expect(events.map(({ record, feedback_version }) => [record.feedback?.comment, feedback_version])).toEqual([
    ['new', 1],
    ['old', 0],
    ['as new', 2],
    ['late', 1],
  ])
  expect(await keptFeedback(sender.accountId, 'f')).toMatchObject({ version: 2, data: { comment: 'as new' } })
  const bodies = await hub.rows<{ body: string }>('select body from payloads where account_id = $1 order by id', [
    sender.accountId,
  ])
  expect(JSON.parse(bodies[3]?.body ?? '').data.feedback).toMatchObject({ comment: 'late', version: 1 })
})

test('times of updates and deletions are compared to the microsecond', async () => {
  const { key, accountId } = await makeSender(hub)
  const at = (second: string, comment: string) =>
    someEvent({ type: 'feedback.updated' }, { id: 'f', comment, updatedAt: `2026-11-20T10:00:${second}Z` })
  const deletion = { type: 'feedback.deleted', occurredAt: '2026-11-20T10:00:30.500123Z', feedback: { id: 'f' } }
  const posted = [at('30.123456', 'new'), at('30.123455', 'old'), at('30.123457', 'newer'), deletion]
  for (const event of [...posted, at('30.500122', 'late'), at('30.500124', 'back')]) await hub.post(key, event)
  expect((await keptEvents(accountId)).map(({ feedback_version }) => feedback_version)).toEqual([1, 0, 2, 3, 2, 4])
  expect(await keptFeedback(accountId, 'f')).toMatchObject({
    version: 4,
    data: { comment: 'back', updatedAt: '2026-11-20T10:00:30.500124Z' },
  })
})

test('an update older than a deletion does not restore the feedback', async () => {
  const { key, accountId } = await makeSender(hub)
  const update = (updatedAt: string) => someEvent({ type: 'feedback.updated' }, { id: 'f', comment: 'text', updatedAt })
  await hub.post(key, update('2026-11-20T10:00:00Z'))
  await hub.post(key, { type: 'feedback.deleted', occurredAt: '2026-11-20T12:00:00Z', feedback: { id: 'f' } })
  expect((await hub.post(key, update('2026-11-20T11:00:00Z'))).status).toBe(202)
  expect(await keptFeedback(accountId, 'f')).toMatchObject({
    version: 2,
    data: undefined,
    deleted_at: expect.any(Date),
  })
  // An update that is newer than the deletion does.
  await hub.post(key, update('2026-11-20T13:00:00Z'))
  expect(await keptFeedback(accountId, 'f')).toMatchObject({ version: 3, data: { comment: 'text' }, deleted_at: null })
})

test('feedback.deleted is matched on the last stored version, and matches nothing for an unknown feedback', async () => {
  const sender = await makeSender(hub)
  const condition = { kind: 'service' as const, ratings: [1] }
  await makeLocalWebhook(hub, sender, { url, events: ['feedback.deleted'], condition })
  await hub.post(sender.key, [someEvent({}, { id: 'one', service: { rating: 1 } }), someEvent({}, { id: 'four' })])
  const gone = (id: string) => ({ type: 'feedback.deleted', feedback: { id } })
  const { body } = await hub.post(sender.key, [gone('one'), gone('four'), gone('never seen'), gone('one')])
  expect(body.events.map(({ deliveries }) => deliveries)).toEqual([1, 0, 0, 0])
  const codes = (await keptEvents(sender.accountId)).slice(2).map(({ decisions }) => decisions.webhooks)
  expect(codes).toEqual([
    [[1, 1, 'matched']],
    [[1, 1, 'service-rating-not-chosen']],
    [[1, 1, 'unknown-feedback']],
    [[1, 1, 'unknown-feedback']],
  ])
  expect(await keptFeedback(sender.accountId, 'never seen')).toBeUndefined()
})

test('stores a decision for every webhook whose format offers the event, including those switched off', async () => {
  const sender = await makeSender(hub)
  const service = { kind: 'service' as const, ratings: [1, 2] }
  await makeLocalWebhook(hub, sender, { url })
  await makeLocalWebhook(hub, sender, { url, condition: service })
  await makeLocalWebhook(hub, sender, { url, condition: { kind: 'nps', scores: [10] } })
  await makeLocalWebhook(hub, sender, { url, events: ['feedback.updated'] })
  const off = await makeLocalWebhook(hub, sender, { url })
  await switchWebhook(hub.db, sender.accountId, null, off, false)
  const deleted = await makeLocalWebhook(hub, sender, { url })
  await deleteWebhook(hub.db, sender.accountId, null, deleted)
  await makeLocalWebhook(hub, sender, { url, format: 'feefo' })
  const message = { type: 'message.created', message: { id: 'm', channel: 'SMS', status: 'sent' } }
  const { body } = await hub.post(sender.key, [someEvent(), message])
  expect(body.events.map(({ deliveries }) => deliveries)).toEqual([2, 0])
  const [feedback, sms] = (await keptEvents(sender.accountId)).map(({ decisions }) => decisions.webhooks)
  expect(feedback).toEqual([
    [1, 1, 'matched'],
    [2, 1, 'service-rating-not-chosen'],
    [3, 1, 'no-nps-score'],
    [4, 1, 'event-not-chosen'],
    [5, 1, 'off'],
    [7, 1, 'matched'],
  ])
  expect(sms?.map(([number]) => number)).toEqual([1, 2, 3, 4, 5])
  const id = readId('event', body.events[0]?.id ?? '')
  expect(await hub.count('deliveries where event_id = $1', [id])).toBe(2)
  // One payload for each format that matched.
  expect(await hub.count('payloads where account_id = $1', [sender.accountId])).toBe(2)
})

test('registers an unknown source with its first event and never renames it', async () => {
  const { key, accountId } = await makeSender(hub)
  const named = { key: 'closed', name: 'Ticket closed', kind: 'email' }
  await hub.post(key, [someEvent(), someEvent({ source: named }), someEvent({ source: 'bare' })])
  await hub.post(key, someEvent({ source: { key: 'closed', name: 'Renamed', kind: 'embedded' } }))
  const sources = await hub.rows('select key, name, kind from sources where account_id = $1 order by key', [accountId])
  expect(sources).toEqual([
    { key: 'bare', name: 'bare', kind: 'web_survey' },
    { key: 'closed', name: 'Ticket closed', kind: 'email' },
    { key: 'default', name: 'Default', kind: 'web_survey' },
  ])
  const events = await keptEvents(accountId)
  expect(events.map(({ record }) => record.source.name)).toEqual(['Default', 'Ticket closed', 'bare', 'Ticket closed'])
})

test('refuses events of new sources once an account has 10,000, and accepts those of known ones', async () => {
  const { key, accountId } = await makeSender(hub)
  await hub.rows(
    `insert into sources (account_id, id, key, name, kind)
     select $1, gen_random_uuid(), 'made ' || n, 'made', 'email' from generate_series(1, 9999) n`,
    [accountId],
  )
  // Four sources that this process has not seen: three are registered already, and the fourth is the last that fits.
  const from = (source: string) => someEvent({ source })
  const fits = await hub.post(key, [from('made 1'), from('made 2'), from('made 3'), from('z: the last')])
  expect(fits.body).toMatchObject({ accepted: 4, rejected: [] })
  const over = await hub.post(key, [from('one more'), from('made 4'), from('z: the last')])
  expect(over.status).toBe(202)
  expect(over.body.accepted).toBe(2)
  expect(over.body.rejected).toMatchObject([{ index: 0, code: 'too_many_sources', path: 'source.key' }])
  expect((await hub.post(key, from('another'))).status).toBe(400)
  expect(await hub.count('sources where account_id = $1', [accountId])).toBe(10_000)
  expect(await hub.count('events where account_id = $1', [accountId])).toBe(6)
})
