import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calls, outcomes, payloads, queue } from '@/lib/db/history-schema'
import { newId } from '@/lib/db/ids'
import { audit } from '@/lib/db/schema'
import { countRecoverable, recoverFailed } from '@/lib/recovery/recover'
import { showId } from '@/lib/type-id'
import { removePreSharedKey, setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { switchWebhook } from '@/lib/webhooks/switch-webhook'
import { makeCall } from '../fixtures/data/calls'
import { makeAccount, makeWebhook, type TestAccount } from '../fixtures/data/webhooks'
import { deliveryOf, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

const p = await openTestHub()

const hourAgo = () => Date.now() - 3_600_000

/** Makes an account with one webhook. */
async function makeOne() {
  const account = await makeAccount(p.db)
  return { ...account, webhookId: await makeWebhook(p.db, account) }
}
type One = Awaited<ReturnType<typeof makeOne>>

/** Inserts a delivery that ended after this many failed calls. */
async function endDelivery(
  { accountId, webhookId }: One,
  {
    failed = 1,
    kind = 'exhausted',
    at = new Date(),
    reason = 'retries-used-up',
  }: { failed?: number; kind?: 'exhausted' | 'cancelled'; at?: Date; reason?: string } = {},
): Promise<string> {
  const bad = { webhookId, status: 500, failure: 'status' as const }
  const { deliveryId, callId } = await makeCall(p.db, accountId, bad)
  if (failed === 0) await p.db.delete(calls).where(eq(calls.id, callId))
  for (let attempt = 2; attempt <= failed; attempt++) await makeCall(p.db, accountId, { ...bad, deliveryId, attempt })
  await p.db.insert(outcomes).values({ accountId, webhookId, deliveryId, kind, reason, at })
  return deliveryId
}
const queued = ({ accountId }: TestAccount) => p.db.select().from(queue).where(eq(queue.accountId, accountId))
const ended = ({ accountId }: TestAccount) => p.db.select().from(outcomes).where(eq(outcomes.accountId, accountId))
const recover = ({ accountId, userId, webhookId }: One, sinceMs = hourAgo()) =>
  recoverFailed(p.db, accountId, userId, webhookId, sinceMs)
const count = ({ accountId, webhookId }: One, sinceMs = hourAgo()) =>
  countRecoverable(p.db, accountId, webhookId, sinceMs)

describe('recovering what failed', () => {
  test('queues the same delivery again, with the next attempt number and the key in force now', async () => {
    const one = await makeOne()
    const { accountId, userId } = one
    await setPreSharedKey(p.db, accountId, userId, 'first key')
    const thrice = await endDelivery(one, { failed: 3 })
    const never = await endDelivery(one, { failed: 0, reason: 'turned-off' })
    await setPreSharedKey(p.db, accountId, userId, 'second key')
    expect(await count(one)).toBe(2)
    expect(await recover(one)).toEqual({ outcome: 'done', recovered: 2, left: 0 })
    const rows = new Map((await queued(one)).map((row) => [row.deliveryId, row]))
    expect(rows.get(thrice)).toMatchObject({
      attempts: 3,
      earlierAttempts: 3,
      abandonedClaims: 0,
      keyVersion: 2,
      webhookId: one.webhookId,
    })
    expect(rows.get(never)).toMatchObject({ attempts: 0, earlierAttempts: 0, keyVersion: 2 })
    expect(await ended(one)).toEqual([])
    expect(await count(one)).toBe(0)
    const [row] = await p.db.select().from(audit).where(eq(audit.action, 'webhook.recovered'))
    expect(row).toMatchObject({ accountId, userId, subject: `webhook ${showId('webhook', one.webhookId)}` })
    await removePreSharedKey(p.db, accountId, userId)
    const later = await endDelivery(one)
    await recover(one)
    expect((await queued(one)).find(({ deliveryId }) => deliveryId === later)?.keyVersion).toBeNull()
  })

  test('leaves deliveries that are cancelled, delivered, queued, without a payload or older than the chosen time', async () => {
    const one = await makeOne()
    const { accountId, webhookId } = one
    await endDelivery(one, { kind: 'cancelled', reason: 'switched-off' })
    await endDelivery(one, { at: new Date(hourAgo() - 1000) })
    const delivered = await endDelivery(one)
    await makeCall(p.db, accountId, { webhookId, deliveryId: delivered, attempt: 2 })
    const waiting = await endDelivery(one)
    await p.db.execute(
      sql`insert into queue (account_id, delivery_id, webhook_id, payload_id) values (${accountId}, ${waiting}, ${webhookId}, ${newId()})`,
    )
    const bodiless = await endDelivery(one)
    await p.db.execute(sql`delete from payloads using deliveries d
      where d.id = ${bodiless} and payloads.id = d.payload_id and payloads.account_id = d.account_id`)
    const before = [await queued(one), await ended(one)]
    expect(await count(one)).toBe(0)
    expect(await recover(one)).toEqual({ outcome: 'done', recovered: 0, left: 3 })
    expect([await queued(one), await ended(one)]).toEqual(before)
    expect(await p.count('audit where account_id = $1 and action = $2', [accountId, 'webhook.recovered'])).toBe(0)
  })

  test('changes only one webhook of one account', async () => {
    const [mine, theirs] = [await makeOne(), await makeOne()]
    const sibling = { ...mine, webhookId: await makeWebhook(p.db, mine) }
    for (const one of [mine, theirs, sibling]) await endDelivery(one)
    expect(await recover({ ...theirs, accountId: mine.accountId })).toEqual({ outcome: 'gone' })
    expect(await count({ ...theirs, accountId: mine.accountId })).toBe(0)
    expect(await recover(mine)).toMatchObject({ recovered: 1 })
    expect([await count(theirs), await count(sibling)]).toEqual([1, 1])
    expect((await queued(mine)).map(({ webhookId }) => webhookId)).toEqual([mine.webhookId])
  })

  test('queues nothing for a webhook that is off', async () => {
    const one = await makeOne()
    await endDelivery(one)
    await switchWebhook(p.db, one.accountId, one.userId, one.webhookId, false)
    expect(await recover(one)).toEqual({ outcome: 'off', recovered: 0 })
    expect(await queued(one)).toEqual([])
  })

  test('sends the same webhook-id and bytes with the next attempt number, in a new round', async () => {
    const { account: sender, receiver, webhookId } = await makeSubscriber(p, 500, { retries: 0 })
    p.drain()
    await p.post(sender.key, someEvent())
    await until(async () => (await ended(sender)).length === 1)
    receiver.respond(200)
    expect(await recover({ ...sender, webhookId })).toMatchObject({ recovered: 1 })
    const [first, second] = await receiver.waitFor(2)
    expect(second && deliveryOf(second)).toBe(first && deliveryOf(first))
    expect(second?.body).toEqual(first?.body)
    expect([first, second].map((request) => request?.headers['hearback-attempt'])).toEqual(['1', '2'])
    await until(async () => (await queued(sender)).length === 0)
    expect(await ended(sender)).toEqual([])
  })
})

describe('recovering at once', () => {
  /** Inserts this many failed deliveries with one statement. */
  async function endMany({ accountId, webhookId }: One, n: number) {
    const payloadId = newId()
    await p.db.insert(payloads).values({ accountId, id: payloadId, format: 'standard', body: '{}' })
    const ids = Array.from({ length: n }, () => newId())
    await p.pool.query(
      `with d as (insert into deliveries (account_id, id, webhook_id, webhook_version, payload_id)
        select $1, id, $2, 1, $3 from unnest($4::uuid[]) id returning id)
      insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
      select $1, id, $2, 'exhausted', 'turned-off' from d`,
      [accountId, webhookId, payloadId, ids],
    )
    return ids.sort()
  }
  const idsQueued = async (one: One) => (await queued(one)).map(({ deliveryId }) => deliveryId).sort()

  test('two people who recover 5,500 deliveries at once queue each of them once', async () => {
    const one = await makeOne()
    const ids = await endMany(one, 5500)
    const results = await Promise.all([recover(one), recover(one), recover(one)])
    const recovered = results.map((result) => (result.outcome === 'done' ? result.recovered : Number.NaN))
    expect(recovered.reduce((sum, n) => sum + n)).toBe(5500)
    expect(await idsQueued(one)).toEqual(ids)
    expect(await ended(one)).toEqual([])
  })

  test('a switch to off during recovery leaves nothing queued', async () => {
    const one = await makeOne()
    await endMany(one, 6000)
    const recovering = recover(one)
    await until(async () => (await queued(one)).length > 0)
    const switched = await switchWebhook(p.db, one.accountId, one.userId, one.webhookId, false)
    const result = await recovering
    expect(result).toMatchObject({ outcome: 'off' })
    expect(await queued(one)).toEqual([])
    const kinds = (await ended(one)).map(({ kind }) => kind)
    expect(kinds).toHaveLength(6000)
    const cancelled = switched.outcome === 'done' ? switched.cancelled : Number.NaN
    expect(result.outcome === 'off' && result.recovered).toBe(cancelled)
    expect(kinds.filter((kind) => kind === 'cancelled')).toHaveLength(cancelled)
  })

  test('for any mix of deliveries, exactly those that were counted are queued, and nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            kind: fc.constantFrom('exhausted' as const, 'cancelled' as const),
            failed: fc.integer({ min: 0, max: 4 }),
            minutes: fc.integer({ min: 0, max: 120 }),
            delivered: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        fc.integer({ min: 1, max: 3 }),
        async (mix, people) => {
          const [one, other] = [await makeOne(), await makeOne()]
          const wanted: string[] = []
          for (const { kind, failed, minutes, delivered } of mix) {
            const at = new Date(Date.now() - minutes * 60_000 - 30_000)
            const id = await endDelivery(one, { kind, failed, at })
            if (delivered)
              await makeCall(p.db, one.accountId, { webhookId: one.webhookId, deliveryId: id, attempt: failed + 1 })
            if (kind === 'exhausted' && !delivered && minutes < 60) wanted.push(id)
            await endDelivery(other, { kind, failed, at })
          }
          expect(await count(one)).toBe(wanted.length)
          await Promise.all(Array.from({ length: people }, () => recover(one)))
          const rows = await queued(one)
          expect(rows.map(({ deliveryId }) => deliveryId).sort()).toEqual(wanted.sort())
          for (const { deliveryId, attempts, earlierAttempts } of rows) {
            const made = await p.count('calls where delivery_id = $1', [deliveryId])
            expect([attempts, earlierAttempts]).toEqual([made, made])
          }
          expect(await ended(one)).toHaveLength(mix.length - wanted.length)
          expect([await queued(other), (await ended(other)).length]).toEqual([[], mix.length])
        },
      ),
      { numRuns: 15 },
    )
  })
})
