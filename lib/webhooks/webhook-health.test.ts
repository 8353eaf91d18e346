import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { makeNotice } from '@/e2e/fixtures/data/notices'
import { makeAccount, makeWebhook, queueDelivery } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { outcomes } from '../db/history-schema'
import { audit, webhookHealth, webhooks } from '../db/schema'
import { healthWords } from './health-words'
import { switchWebhook } from './switch-webhook'
import { healthOf, readTurnedOff } from './webhook-health'

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

describe('the health of a webhook', () => {
  test.each([
    [{}, undefined],
    [{ failures: 1, failingSince: ago(0.2) }, 'Failing for under a minute'],
    [{ failures: 4, failingSince: ago(20.5) }, 'Failing for 20 min'],
    [{ failures: 12, state: 'probing', failingSince: ago(60 * 3 + 1) }, 'Probing, failing for 3 h'],
    [{ failures: 40, state: 'probing', failingSince: ago(60 * 24 * 4 + 1) }, 'Probing, failing for 4 days'],
    [{ state: 'ramping' }, 'Well again, catching up'],
    [{ pausedUntil: ago(-4.5) }, 'Paused for 4 min, as it asked'],
    [{ pausedUntil: ago(1) }, undefined],
  ] as const)('with the health row %j reads "%s"', async (row, words) => {
    const { accountId, webhookId } = await makeSick(row)
    const health = (await healthOf(db, accountId, [webhookId]))[webhookId]
    expect(health && healthWords(health)?.words).toBe(words)
  })

  test('says who turned it off, and why', async () => {
    const { accountId, userId, webhookId } = await makeSick({ failingSince: ago(1) })
    const words = async () => {
      const health = (await healthOf(db, accountId, [webhookId]))[webhookId]
      return health && healthWords(health)?.words
    }
    await turnOff(webhookId, 'gone')
    expect(await words()).toBe('Turned off by us: answered 410 Gone')
    await turnOff(webhookId, 'failing')
    expect(await words()).toBe('Turned off by us: failed for 5 days')
    await switchWebhook(db, accountId, userId, webhookId, true)
    expect(await words()).toBeUndefined()
    await switchWebhook(db, accountId, userId, webhookId, false)
    expect(await healthOf(db, accountId, [webhookId])).toEqual({ [webhookId]: { kind: 'off' } })
  })

  test('is read for the account’s own webhooks only, and for one that never failed', async () => {
    const [mine, theirs] = [await makeSick({ failingSince: ago(1) }), await makeSick({ failingSince: ago(1) })]
    const never = await makeWebhook(db, mine)
    const found = await healthOf(db, mine.accountId, [mine.webhookId, theirs.webhookId, never])
    expect(Object.keys(found).sort()).toEqual([mine.webhookId, never].sort())
    expect(found[never]).toEqual({ kind: 'well' })
    expect(await healthOf(db, mine.accountId, [])).toEqual({})
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
