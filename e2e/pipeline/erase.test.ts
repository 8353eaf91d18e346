import { and, eq, sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { erasureSubjects, erasures } from '@/lib/db/erasure-schema'
import { calls, outcomes } from '@/lib/db/history-schema'
import { audit, feedback } from '@/lib/db/schema'
import { sendAgain } from '@/lib/deliveries/send-again'
import type { ErasureInput } from '@/lib/erasure/erasure-schema'
import { confirmErasure, listErasures, readErasure, startErasure, withdrawErasure } from '@/lib/erasure/erasures'
import { runErasures } from '@/lib/erasure/run-erasures'
import { showId } from '@/lib/type-id'
import { makeCall } from '../fixtures/data/calls'
import type { TestAccount } from '../fixtures/data/webhooks'
import { makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// Erasing a customer: what is overwritten, what stays, and what happens to that which moves meanwhile.

const hub = await openTestHub()

let made = 0
/** A customer whose every text has a mark that no other has. */
function aCustomer() {
  const mark = `mark${++made}x`
  return { mark, email: `Priya.${mark}@example.net`, customer: { name: mark, email: `Priya.${mark}@example.net` } }
}

/** The tables of which some row has this text. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await hub.rows<{ name: string }>(`
    select relname as name from pg_class where relkind in ('r', 'p') and not relispartition
      and relnamespace = current_schema()::regnamespace`)
  const found = await Promise.all(
    tables.map(async ({ name }) =>
      (await hub.count(`"${name}" t where t::text ilike $1`, [`%${text}%`])) > 0 ? name : '',
    ),
  )
  return found.filter(Boolean).sort()
}

const byEmail = (value: string): ErasureInput => ({ by: 'email', value })

/** Works off until the erasure has ended its running state: older transactions of other databases may hold it up. */
async function work({ accountId }: TestAccount, id: string) {
  await until(async () => {
    await runErasures(hub.db)
    const state = (await readErasure(hub.db, accountId, id))?.state
    return state !== 'counting' && state !== 'erasing'
  })
  return readErasure(hub.db, accountId, id)
}

async function erase(account: TestAccount, input: ErasureInput) {
  const id = await startErasure(hub.db, account.accountId, null, input, { confirmed: true })
  return work(account, id)
}

const echo = ({ body }: { body: Buffer }) => ({ status: 500, headers: { 'x-echo': body.toString('base64') }, body })
const callsOf = ({ accountId }: TestAccount) =>
  hub.db.select().from(calls).where(eq(calls.accountId, accountId)).orderBy(calls.id)

describe('erasing a customer', () => {
  test('overwrites feedback, events, bodies and answers; ids, times and results stay, and so do other customers', async () => {
    const { account, receiver } = await makeSubscriber(hub, echo, {
      events: ['feedback.created', 'feedback.updated', 'survey.declined', 'message.created', 'message.deleted'],
    })
    // Two webhooks of a format share a payload.
    await makeLocalWebhook(hub, account, { url: receiver.url, name: 'Second' })
    const { mark, email, customer } = aCustomer()
    const other = aCustomer()
    const created = someEvent({ id: `evt-${mark}` }, { id: `fb-${made}-mine`, comment: mark, customer })
    const id = created.feedback.id
    const common = { channel: 'email', status: 'sent' }
    await hub.post(account.key, [
      created,
      // No customer, but the same feedback.
      someEvent({ type: 'feedback.updated' }, { id, comment: `${mark} again` }),
      { type: 'survey.declined', decline: { id: 'dec-1', customer: { email: ` ${email.toUpperCase()} ` } } },
      { type: 'message.created', message: { id: 'msg-1', feedbackId: id, text: mark, ...common } },
      { type: 'message.deleted', message: { id: 'msg-1', failedReason: mark, ...common } },
      someEvent({}, { comment: other.mark, customer: other.customer }),
    ])
    hub.drain()
    await receiver.waitFor(8)
    await until(async () => (await callsOf(account)).length === 8)
    await hub.endWork()
    expect(await tablesWith(mark)).toEqual(['calls', 'events', 'feedback', 'ingest_keys', 'payloads'])
    const [before, kept] = [await callsOf(account), await tablesWith(other.mark)]

    const done = await erase(account, byEmail(email.toLowerCase()))
    expect(done).toMatchObject({
      state: 'done',
      found: { feedback: 1, declines: 1, messages: 1, events: 5 },
      erased: { deliveries: 6, calls: 6 },
    })
    // The platform's own id of the event names the mark in this test.
    expect(await hub.count(`events t where t::text like $1 and external_id is null`, [`%${mark}%`])).toBe(0)
    expect(await tablesWith(`${mark}@`)).toEqual([])
    expect(await tablesWith(Buffer.from(`"${mark}"`).toString('base64').slice(2, 10))).toEqual([])
    expect(await tablesWith(other.mark)).toEqual(kept)
    const after = await callsOf(account)
    const answerless = (row: (typeof after)[number]) => ({ ...row, responseBody: null, responseHeaders: null })
    expect(after.map(answerless)).toEqual(before.map(answerless))
    expect(new Set(after.map(({ responseBody }) => responseBody)).size).toBe(2)
    const [row] = await hub.db
      .select()
      .from(feedback)
      .where(and(eq(feedback.accountId, account.accountId), eq(feedback.externalId, id)))
    expect(row).toMatchObject({ data: '', version: 3, serviceRating: null, deletedAt: expect.any(Date) })

    // The event is known still: sent once more, it does not bring the customer back. Nor does an older one.
    const again = await hub.post(account.key, created)
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 1 })
    await hub.post(account.key, someEvent({}, { id, comment: mark, updatedAt: '2020-01-01T00:00:00Z' }))
    expect(
      await hub.count('feedback where account_id = $1 and external_id = $2 and data <> $3', [
        account.accountId,
        id,
        '',
      ]),
    ).toBe(0)
    // What comes in later is new.
    const later = someEvent({}, { id, customer })
    await hub.post(account.key, later)
    expect(await tablesWith(`${mark}@`)).toEqual(['events', 'feedback', 'payloads'])
  })

  test.each<[string, (feedbackId: string, ours: string) => ErasureInput]>([
    ['the platform’s id of the customer', () => ({ by: 'external-id', value: 'C-"55"' })],
    ['the platform’s id of a feedback', (value) => ({ by: 'feedback-id', value })],
    ['the id of a feedback that payloads carry', (_, ours) => ({ by: 'feedback-id', value: showId('feedback', ours) })],
    ['that id as a UUID', (_, ours) => ({ by: 'feedback-id', value: ours })],
  ])('finds what %s names, in this account alone', async (_, inputOf) => {
    const [account, neighbour] = [await makeSender(hub), await makeSender(hub)]
    const { mark } = aCustomer()
    const event = someEvent({}, { id: 'one', comment: mark, customer: { externalId: 'C-"55"' } })
    await hub.post(account.key, event)
    await hub.post(account.key, someEvent({}, { comment: 'C-"55"', customer: { externalId: 'C-5' } }))
    await hub.post(neighbour.key, event)
    const [row] = await hub.db
      .select({ id: feedback.id })
      .from(feedback)
      .where(and(eq(feedback.accountId, account.accountId), eq(feedback.externalId, 'one')))
    expect(await erase(account, inputOf('one', row?.id ?? ''))).toMatchObject({ found: { feedback: 1, events: 1 } })
    const left = (accountId: string) => hub.count(`events where account_id = $1 and data like '%${mark}%'`, [accountId])
    expect([await left(account.accountId), await left(neighbour.accountId)]).toEqual([0, 1])
    expect(await hub.count(`events where account_id = $1 and data <> 'erased'`, [account.accountId])).toBe(1)
  })

  test('cancels what is queued and says why; it can’t be sent again', async () => {
    const { account, receiver, webhookId } = await makeSubscriber(hub)
    const { email, customer } = aCustomer()
    await hub.post(account.key, [someEvent({}, { customer }), someEvent()])
    expect(await erase(account, byEmail(email))).toMatchObject({ erased: { deliveries: 1, calls: 0, cancelled: 1 } })
    const [outcome, ...more] = await hub.db.select().from(outcomes).where(eq(outcomes.accountId, account.accountId))
    expect({ outcome, more }).toMatchObject({
      outcome: { webhookId, kind: 'cancelled', reason: 'customer-erased' },
      more: [],
    })
    expect(await sendAgain(hub.db, account.accountId, null, outcome?.deliveryId ?? '')).toEqual({ outcome: 'gone' })
    // One that was queued again at that very moment has nothing to send.
    await hub.rows(
      `insert into queue (account_id, delivery_id, webhook_id, payload_id)
       select account_id, id, webhook_id, payload_id from deliveries where account_id = $1 and id = $2`,
      [account.accountId, outcome?.deliveryId],
    )
    await hub.rows('delete from outcomes where account_id = $1', [account.accountId])
    hub.drain()
    await until(async () => (await hub.count('queue where account_id = $1', [account.accountId])) === 0)
    expect(receiver.requests).toHaveLength(1)
    expect(await hub.count(`outcomes where account_id = $1 and reason = 'customer-erased'`, [account.accountId])).toBe(
      1,
    )
  })

  test('drops what a drainer has claimed, and keeps nothing of the answer to a call under way', async () => {
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    const { account, receiver } = await makeSubscriber(hub, async (request) => {
      await answered
      return {
        status: 302,
        headers: { location: `https://shop.example/${encodeURIComponent(mark)}` },
        body: request.body,
      }
    })
    const { mark, email, customer } = aCustomer()
    const { post } = await hub.drainAndPost({ concurrency: 1 })
    await post(
      account.key,
      Array.from({ length: 4 }, () => someEvent({}, { comment: mark, customer })),
    )
    await receiver.waitFor(1)
    expect(await erase(account, byEmail(email))).toMatchObject({ erased: { deliveries: 4, calls: 0, cancelled: 4 } })
    answer()
    await until(async () => (await callsOf(account)).length === 1)
    expect(await callsOf(account)).toMatchObject([
      { status: 302, failure: 'redirect', detail: null, responseBody: 'erased', responseHeaders: '[]' },
    ])
    expect(receiver.requests).toHaveLength(1)
    expect(await tablesWith(mark)).toEqual([])
  })

  test('goes on where it was after any stop, and takes what comes in while it runs', async () => {
    const { account } = await makeSubscriber(hub, 200, { events: ['feedback.created', 'feedback.deleted'] })
    const { mark, email, customer } = aCustomer()
    const event = someEvent({}, { comment: mark, customer })
    await hub.post(account.key, event)
    const id = await startErasure(hub.db, account.accountId, null, byEmail(email), { confirmed: true })
    // A deletion carries the last stored version: this one copies it after the erasure was asked for.
    await hub.post(account.key, { type: 'feedback.deleted', feedback: { id: event.feedback.id } })
    let progress = 0
    await until(async () => {
      let steps = 0
      await runErasures(hub.db, () => steps++ === 1)
      const now = await readErasure(hub.db, account.accountId, id)
      expect(now?.progress).toBeGreaterThanOrEqual(progress)
      progress = now?.progress ?? 0
      return now?.state === 'done'
    })
    expect(await tablesWith(mark)).toEqual([])
    expect(await readErasure(hub.db, account.accountId, id)).toMatchObject({ progress: 100, found: { events: 2 } })
  })

  test('waits for events that are being accepted when it begins', async () => {
    const account = await makeSender(hub)
    const { mark, email, customer } = aCustomer()
    await hub.post(account.key, someEvent({}, { comment: mark, customer }))
    const late = await hub.pool.connect()
    await late.query('begin')
    await late.query(
      `insert into events (account_id, id, type, source_id, subject_id, data, decisions)
       select account_id, (left(uuid_floor(hub_now())::text, 14) || '7' || substr(gen_random_uuid()::text, 16))::uuid, 'survey.declined',
         source_id, 'late', replace(data, '"feedback"', '"decline"'), decisions from events where account_id = $1`,
      [account.accountId],
    )
    const id = await startErasure(hub.db, account.accountId, null, byEmail(email), { confirmed: true })
    await runErasures(hub.db)
    expect(await readErasure(hub.db, account.accountId, id)).toMatchObject({ state: 'erasing', progress: 0 })
    await late.query('commit')
    late.release()
    expect(await work(account, id)).toMatchObject({ found: { declines: 1, events: 2 } })
    expect(await tablesWith(mark)).toEqual([])
  })

  test('overwrites test fires whose sample holds the address', async () => {
    const account = await makeSender(hub)
    const { mark, email } = aCustomer()
    const snapshot = {
      name: '',
      url: 'https://shop.example',
      format: 'standard',
      encoding: 'json',
      authentication: 'none',
      headerNames: [],
    } as const
    const fire = (body: string) =>
      makeCall(hub.db, account.accountId, { body, snapshot: { ...snapshot, headerNames: [] }, responseBody: body })
    await fire(JSON.stringify({ email }))
    await fire(new URLSearchParams({ a: email, b: mark }).toString())
    await fire(JSON.stringify({ email: 'somebody@example.net' }))
    expect(await erase(account, byEmail(email))).toMatchObject({ erased: { deliveries: 2, calls: 2 } })
    expect(await tablesWith(mark)).toEqual([])
    expect(await tablesWith('somebody@example.net')).toEqual(['calls', 'payloads'])
  })
})

describe('an erasure', () => {
  test('counts first and changes nothing; the same address, typed again, begins it', async () => {
    const { account } = await makeSubscriber(hub)
    const { accountId, userId } = account
    const { mark, email, customer } = aCustomer()
    await hub.post(account.key, someEvent({}, { comment: mark, customer }))
    const tables = await tablesWith(mark)
    const id = await startErasure(hub.db, accountId, userId, byEmail(email), { confirmed: false })
    const found = { feedback: 1, declines: 0, messages: 0, events: 1 }
    expect(await work(account, id)).toMatchObject({ state: 'counted', found, progress: 100 })
    expect(await tablesWith(mark)).toEqual(tables)
    expect(await confirmErasure(hub.db, accountId, userId, id, 'else@example.net')).toMatchObject({
      errors: [{ field: 'typed' }],
    })
    expect(await confirmErasure(hub.db, accountId, userId, id, email.toLowerCase())).toMatchObject({ ok: true })
    expect(await confirmErasure(hub.db, accountId, userId, id, email)).toMatchObject({ ok: false, missing: true })
    expect(await work(account, id)).toMatchObject({ state: 'done', found })
    expect(await tablesWith(mark)).toEqual([])
  })

  test('is named by the audit log, and the person is not; their address is sealed until it ends', async () => {
    const account = await makeSender(hub)
    const { accountId, userId } = account
    const { mark, email, customer } = aCustomer()
    const id = await startErasure(hub.db, accountId, userId, byEmail(email), { confirmed: false })
    expect(await tablesWith(mark)).toEqual([])
    await hub.post(account.key, someEvent({}, { customer }))
    await work(account, id)
    await confirmErasure(hub.db, accountId, userId, id, email)
    await work(account, id)
    const entries = await hub.db
      .select()
      .from(audit)
      .where(and(eq(audit.accountId, accountId), sql`action like 'erasure.%'`))
      .orderBy(audit.id)
    expect(entries.map(({ action, subject, userId }) => ({ action, subject, userId }))).toEqual(
      [
        ['counted', userId],
        ['confirmed', userId],
        ['finished', null],
      ].map(([verb, userId]) => ({
        action: `erasure.${verb}`,
        subject: `erasure ${showId('erasure', id)}`,
        userId,
      })),
    )
    const [row] = await hub.db.select().from(erasures).where(eq(erasures.accountId, accountId))
    expect(row).toMatchObject({ sealedValue: null, phase: null, finishedAt: expect.any(Date) })
    expect(await hub.db.$count(erasureSubjects, eq(erasureSubjects.accountId, accountId))).toBe(0)
    expect(JSON.stringify(entries)).not.toContain(mark)
  })

  test('is withdrawn by hand, or when nobody confirms it for a day, and not once it erases', async () => {
    const account = await makeSender(hub)
    const { accountId } = account
    const start = (confirmed: boolean) => startErasure(hub.db, accountId, null, byEmail('x@example.net'), { confirmed })
    const [byHand, forgotten, begun] = [await start(false), await start(false), await start(true)]
    expect(await withdrawErasure(hub.db, accountId, null, byHand)).toBe(true)
    expect(await withdrawErasure(hub.db, accountId, null, begun)).toBe(false)
    await work(account, forgotten)
    await hub.rows(`update erasures set next_at = hub_now() where id = $1 and next_at > hub_now() + interval '23 h'`, [
      forgotten,
    ])
    await runErasures(hub.db)
    await work(account, begun)
    const shown = await listErasures(hub.db, accountId)
    expect(shown.map(({ state }) => state)).toEqual(['done', 'withdrawn', 'withdrawn'])
    expect(await hub.count('erasures where account_id = $1 and sealed_value is not null', [accountId])).toBe(0)
  })
})
