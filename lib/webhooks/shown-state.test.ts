import { and, eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { makeNotice } from '@/e2e/fixtures/data/notices'
import { makeAccount, makeWebhook, queueDelivery } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { outcomes } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { audit, webhookHealth, webhooks } from '../db/schema'
import { liveState } from './live-state'
import { readShownState, readShownStates, waitingReadAtMost } from './shown-state'
import { stateWords } from './state-words'
import { holdWebhook, switchWebhook } from './switch-webhook'
import { readTurnedOff } from './turned-off'

let db: Database
beforeAll(async () => {
  ;({ db } = await createTestDatabase())
})

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)

async function makeSick(row: Partial<typeof webhookHealth.$inferInsert> = {}) {
  const account = await makeAccount(db)
  const webhookId = await makeWebhook(db, account)
  await db.insert(webhookHealth).values({ accountId: account.accountId, webhookId, ...row })
  return { ...account, webhookId }
}
const turnOff = (webhookId: string, turnedOff: 'gone' | 'failing') =>
  db.update(webhooks).set({ enabled: false, turnedOff }).where(eq(webhooks.id, webhookId))

describe('the state of a webhook', () => {
  const read = async ({ accountId, webhookId }: { accountId: string; webhookId: string }) => {
    const state = await readShownState(db, accountId, webhookId)
    if (!state) throw new Error('no such webhook')
    return state
  }

  test.each([
    [{}, 'On', { kind: 'now' }],
    [{ failures: 1, failingSince: ago(0.2) }, 'Retrying', { kind: 'now' }],
    [
      { failures: 12, state: 'probing', failingSince: ago(180), probeAt: ago(-4) },
      'Probing',
      { kind: 'probe', at: expect.any(Number) },
    ],
    [{ state: 'ramping' }, 'On', { kind: 'now' }],
    [{ pausedUntil: ago(-4.5) }, 'Paused', { kind: 'pause', at: expect.any(Number) }],
    [{ pausedUntil: ago(1) }, 'On', { kind: 'now' }],
    [{ perMinute: 6, nextAt: ago(-0.1) }, 'On', { kind: 'permit', at: expect.any(Number) }],
  ] as const)('with the health row %j reads "%s", and says what comes next', async (row, words, next) => {
    const state = await read(await makeSick(row))
    expect([stateWords(state).words, state.next]).toEqual([words, next])
    expect(state.failures).toBe('failures' in row ? row.failures : 0)
  })

  test('says since when it is so: on, held, failing, off', async () => {
    const sick = await makeSick({ failures: 2, failingSince: ago(30) })
    expect(Date.now() - (await read(sick)).since).toBeGreaterThan(29 * 60_000)
    const { accountId, userId, webhookId } = sick
    const until = new Date(Date.now() + 3_600_000)
    await holdWebhook(db, accountId, userId, webhookId, until)
    expect(await read(sick)).toMatchObject({ kind: 'held', next: { kind: 'release', at: until.getTime() } })
    expect(Date.now() - (await read(sick)).since).toBeLessThan(60_000)
    await switchWebhook(db, accountId, userId, webhookId, false)
    expect(await read(sick)).toMatchObject({ kind: 'off', next: null })
  })

  test('says who turned it off, and why', async () => {
    const sick = await makeSick({ failingSince: ago(1) })
    const words = async () => stateWords(await read(sick)).words
    await turnOff(sick.webhookId, 'gone')
    expect(await words()).toBe('Turned off by us: answered 410 Gone')
    await turnOff(sick.webhookId, 'failing')
    expect(await words()).toBe('Turned off by us: failed for 5 days')
    await switchWebhook(db, sick.accountId, sick.userId, sick.webhookId, true)
    expect(await words()).toBe('On')
  })

  test('counts what waits, and names the time of the oldest and of the next call', async () => {
    const sick = await makeSick({ failures: 3, failingSince: ago(1) })
    const other = await makeWebhook(db, sick)
    const first = await queueDelivery(db, sick.accountId, sick.webhookId)
    for (const id of [sick.webhookId, other]) await queueDelivery(db, sick.accountId, id)
    await db.execute(sql`update queue set run_at = hub_now() + interval '10 min' where account_id = ${sick.accountId}`)
    const { waiting, next } = await read(sick)
    expect(waiting).toEqual({ count: 2, more: false, oldest: timeOfId(first), underWay: 0 })
    expect(next?.kind === 'schedule' && next.at - Date.now()).toBeGreaterThan(9 * 60_000)
  })

  test('is read for the account’s own webhooks only, and for one that never failed', async () => {
    const [mine, theirs] = [await makeSick({ failingSince: ago(1) }), await makeSick({ failingSince: ago(1) })]
    const never = await makeWebhook(db, mine)
    const found = await readShownStates(db, mine.accountId, [mine.webhookId, theirs.webhookId, never])
    expect(Object.keys(found).sort()).toEqual([mine.webhookId, never].sort())
    expect(found[never]).toMatchObject({ kind: 'on', failures: 0, waiting: { count: 0, oldest: null } })
    expect(await readShownStates(db, mine.accountId, [])).toEqual({})
  })

  test('reads no more of a long queue than its bound, and says that there may be more', async () => {
    const sick = await makeSick()
    await db.execute(sql`
      insert into queue (account_id, delivery_id, webhook_id, payload_id)
      select ${sick.accountId}, gen_random_uuid(), ${sick.webhookId}, gen_random_uuid()
      from generate_series(1, ${waitingReadAtMost + 5})`)
    expect((await read(sick)).waiting).toMatchObject({ count: waitingReadAtMost, more: true })
  })

  test('of a failing webhook comes with its last failure, and a redirect’s target is hidden from a viewer', async () => {
    const sick = await makeSick({ failures: 1, failingSince: ago(1) })
    const at = {
      webhookId: sick.webhookId,
      status: 302,
      failure: 'redirect' as const,
      detail: 'https://a.example/x?key=1',
    }
    const { callId } = await makeCall(db, sick.accountId, at)
    await makeCall(db, sick.accountId, { webhookId: sick.webhookId })
    const now = async (whole: boolean) => (await liveState(db, sick.accountId, sick.webhookId, whole))?.seen.failed
    expect(await now(true)).toMatchObject({ callId, answer: { status: 302, detail: 'https://a.example/x?key=1' } })
    expect(JSON.stringify(await now(false))).not.toContain('key=1')
  })
})

describe('switching on', () => {
  test('forgets failures and pause, and keeps the rate limit', async () => {
    const { accountId, userId, webhookId } = await makeSick({
      perMinute: 60,
      nextAt: ago(0),
      state: 'probing',
      failures: 31,
      failingSince: ago(7200),
      pausedUntil: ago(-30),
      probes: 3,
      probeAt: ago(-15),
      ramp: 20,
      toldFailing: true,
      toldExhausted: true,
      toldTurningOff: true,
    })
    await turnOff(webhookId, 'failing')
    expect(await switchWebhook(db, accountId, userId, webhookId, true)).toMatchObject({ outcome: 'done', cancelled: 0 })
    const [row] = await db.select().from(webhookHealth).where(eq(webhookHealth.webhookId, webhookId))
    expect(row).toEqual({
      accountId,
      webhookId,
      perMinute: 60,
      nextAt: expect.any(Date),
      state: 'healthy',
      failures: 0,
      failingSince: null,
      pausedUntil: null,
      probes: 0,
      probeAt: null,
      ramp: 0,
      toldFailing: false,
      toldExhausted: false,
      toldTurningOff: false,
    })
    const [webhook] = await db.select().from(webhooks).where(eq(webhooks.id, webhookId))
    expect(webhook).toMatchObject({ enabled: true, turnedOff: null })
    const rows = await db
      .select()
      .from(audit)
      .where(and(eq(audit.accountId, accountId), eq(audit.action, 'webhook.switched-on')))
    expect(rows).toMatchObject([{ userId, detail: { turnedOff: 'failing' } }])
  })

  test('waits out a deadlock with a drainer and is done all the same', async () => {
    const { accountId, userId, webhookId } = await makeSick({ failingSince: ago(1) })
    await turnOff(webhookId, 'failing')
    const drainer = await db.$client.connect()
    await drainer.query('begin')
    await drainer.query('set local deadlock_timeout = 60000')
    await drainer.query('select from webhook_health where webhook_id = $1 for update', [webhookId])
    const switching = switchWebhook(db, accountId, userId, webhookId, true)
    // It has the webhook and waits for the health row; now the drainer wants the webhook.
    await new Promise((done) => setTimeout(done, 200))
    await drainer.query(`update webhooks set turned_off = 'gone' where id = $1`, [webhookId])
    await drainer.query('commit')
    drainer.release()
    expect(await switching).toMatchObject({ outcome: 'done' })
    const [webhook] = await db.select().from(webhooks).where(eq(webhooks.id, webhookId))
    expect(webhook).toMatchObject({ enabled: true, turnedOff: null })
  })

  test('off cancels what is queued and leaves the health row as it is', async () => {
    const { accountId, userId, webhookId } = await makeSick({ failures: 3, failingSince: ago(2), perMinute: 30 })
    const before = await db.select().from(webhookHealth).where(eq(webhookHealth.webhookId, webhookId))
    await queueDelivery(db, accountId, webhookId)
    expect(await switchWebhook(db, accountId, userId, webhookId, false)).toMatchObject({ cancelled: 1 })
    expect(await db.select().from(webhookHealth).where(eq(webhookHealth.webhookId, webhookId))).toEqual(before)
  })
})

describe('what a person is told before turning it on again', () => {
  async function fail({ accountId, webhookId }: { accountId: string; webhookId: string }, at: Date) {
    const { deliveryId } = await makeCall(db, accountId, { webhookId, status: 410, failure: 'status' })
    await db.insert(outcomes).values({ accountId, webhookId, deliveryId, kind: 'exhausted', reason: 'turned-off', at })
  }

  test('is the reason, the first failure, and how many deliveries failed since', async () => {
    const since = ago(90)
    const sick = await makeSick({ failures: 9, failingSince: since })
    await fail(sick, ago(120))
    await fail(sick, ago(30))
    await fail(sick, ago(1))
    expect(await readTurnedOff(db, sick.accountId, sick.webhookId)).toBeUndefined()
    await turnOff(sick.webhookId, 'gone')
    expect(await readTurnedOff(db, sick.accountId, sick.webhookId)).toEqual({
      reason: 'gone',
      since: since.getTime(),
      recoverable: 2,
    })
    const other = await makeAccount(db)
    expect(await readTurnedOff(db, other.accountId, sick.webhookId)).toBeUndefined()
  })

  test('counts from its notice when its health row has forgotten', async () => {
    const sick = await makeSick()
    await turnOff(sick.webhookId, 'gone')
    const since = ago(45)
    await makeNotice(db, sick.accountId, sick.webhookId, { kind: 'turned-off', detail: { since: since.toISOString() } })
    await fail(sick, ago(30))
    expect(await readTurnedOff(db, sick.accountId, sick.webhookId)).toEqual({
      reason: 'gone',
      since: since.getTime(),
      recoverable: 1,
    })
  })
})
