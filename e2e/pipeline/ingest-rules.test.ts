import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { raiseConfigVersion } from '@/lib/accounts/config-version'
import type { EventRecord } from '@/lib/events/event-record'
import { readStoredDecisions, type StoredDecisions } from '@/lib/events/stored-decisions'
import { makeLocalWebhook, makeSender, someEvent } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// Rules that depend on more than one event: on the earlier version, on the source, and on what a format can carry.

const hub = await openTestHub()

const url = 'http://127.0.0.1:1/hook'

/** The decisions of each event of the account by webhook number, in the order of the events. */
async function decisions(accountId: string) {
  const rows = await hub.rows<{ decisions: StoredDecisions }>(
    'select decisions from events where account_id = $1 order by id',
    [accountId],
  )
  return rows.map(({ decisions }) =>
    Object.fromEntries(readStoredDecisions(decisions).webhooks.map(([number, , code]) => [number, code])),
  )
}

/** Links a webhook to these sources and no others, as the screens do. */
async function link(accountId: string, webhookId: string, keys: string[]) {
  await hub.db.transaction(async (tx) => {
    await tx.execute(sql`update webhooks set all_sources = false where account_id = ${accountId} and id = ${webhookId}`)
    await tx.execute(sql`
      insert into webhook_sources (account_id, webhook_id, source_id, tested)
      select account_id, ${webhookId}, id, true from sources
      where account_id = ${accountId} and key in ${keys}`)
    await raiseConfigVersion(tx, accountId)
  })
}

async function archive(accountId: string, key: string) {
  await hub.db.transaction(async (tx) => {
    await tx.execute(sql`update sources set archived_at = hub_now() where account_id = ${accountId} and key = ${key}`)
    await raiseConfigVersion(tx, accountId)
  })
}

test('a comment on a red response fires once, when the comment is added; the rating before it fires nothing', async () => {
  const sender = await makeSender(hub)
  const condition = { kind: 'thermometer' as const, boxes: ['red.comment' as const] }
  await makeLocalWebhook(hub, sender, { url, format: 'customer-thermometer', condition, secret: 'a'.repeat(64) })
  const visit = (type: string, more: object) => ({ type, feedback: { id: 'f', temperature: 'red', ...more } })
  await hub.post(sender.key, visit('feedback.created', {}))
  await hub.post(sender.key, [
    visit('feedback.updated', { comment: 'Still broken' }),
    visit('feedback.updated', { comment: 'Still broken', drivers: ['Speed'] }),
  ])
  const codes = (await decisions(sender.accountId)).map((row) => row[1])
  expect(codes).toEqual(['part-not-new', 'matched', 'part-not-new'])
  expect(await hub.count('queue where account_id = $1', [sender.accountId])).toBe(1)
})

test('a webhook with chosen sources gets only their events, and an event restores its archived source', async () => {
  const sender = await makeSender(hub)
  const chosen = await makeLocalWebhook(hub, sender, { url })
  await makeLocalWebhook(hub, sender, { url })
  await hub.post(sender.key, [someEvent({ source: 'shop' }), someEvent({ source: 'web' })])
  await link(sender.accountId, chosen, ['shop'])
  await hub.post(sender.key, [someEvent({ source: 'shop' }), someEvent({ source: 'web' })])
  await archive(sender.accountId, 'shop')
  await hub.post(sender.key, [someEvent({ source: 'web' }), someEvent({ source: 'shop' })])
  expect((await decisions(sender.accountId)).slice(2)).toEqual([
    { 1: 'matched', 2: 'matched' },
    { 1: 'source-not-chosen', 2: 'matched' },
    { 1: 'source-not-chosen', 2: 'matched' },
    { 1: 'matched', 2: 'matched' },
  ])
  expect(await hub.count('sources where account_id = $1 and archived_at is not null', [sender.accountId])).toBe(0)
})

test('one event makes one payload for each format and encoding that matched', async () => {
  const sender = await makeSender(hub)
  const wootric = { url, format: 'wootric' as const, secret: 'b'.repeat(32) }
  await makeLocalWebhook(hub, sender, wootric)
  await makeLocalWebhook(hub, sender, { ...wootric, encoding: 'form' })
  await makeLocalWebhook(hub, sender, { ...wootric, encoding: 'form' })
  await hub.post(sender.key, someEvent({}, { nps: { score: 9 } }))
  const bodies = await hub.rows<{ body: string; n: number }>(
    `select body, count(*)::int as n from deliveries d join payloads p on p.account_id = d.account_id and p.id = d.payload_id
      where d.account_id = $1 group by body order by n`,
    [sender.accountId],
  )
  expect(bodies.map(({ n }) => n)).toEqual([1, 2])
  expect(JSON.parse(bodies[0]?.body ?? '').response.score).toBe(9)
  expect(new URLSearchParams(bodies[1]?.body).get('response[score]')).toBe('9')
})

test('the decision says when a format has nothing to send for an event', async () => {
  const sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url, format: 'wootric', secret: 'b'.repeat(32) })
  await makeLocalWebhook(hub, sender, { url, format: 'rateup', secret: 'c'.repeat(43), retries: 3 })
  await hub.post(sender.key, { type: 'feedback.created', feedback: { id: 'f', comment: 'Nothing rated' } })
  expect(await decisions(sender.accountId)).toEqual([{ 1: 'no-score', 2: 'no-answers' }])
})

test('a feedback and a source keep their integer ids, and each event gets a new one', async () => {
  const sender = await makeSender(hub)
  for (const rating of [1, 2, 3])
    await hub.post(
      sender.key,
      someEvent({ type: 'feedback.updated', source: 'shop' }, { id: 'f', service: { rating } }),
    )
  await hub.post(sender.key, someEvent({ source: 'web' }))
  const rows = await hub.rows<{ data: string }>('select data from events where account_id = $1 order by id', [
    sender.accountId,
  ])
  const records = rows.map(({ data }) => JSON.parse(data) as EventRecord)
  const numbers = (of: (record: EventRecord) => number | undefined) => new Set(records.map(of)).size
  expect([
    numbers((record) => record.number),
    numbers((record) => record.feedback?.number),
    numbers((record) => record.source.number),
  ]).toEqual([4, 2, 2])
  for (const { number, feedback, source } of records)
    for (const id of [number, feedback?.number, source.number]) expect(Number.isSafeInteger(id)).toBe(true)
})
