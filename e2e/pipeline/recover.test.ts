import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calls, outcomes, payloads, queue } from '@/lib/db/history-schema'
import { keepHistory } from '@/lib/db/history-upkeep'
import { newId } from '@/lib/db/ids'
import { audit, lateDeliveries, recoveryJobs } from '@/lib/db/schema'
import { countRecoverable } from '@/lib/recovery/failed-deliveries'
import { changeJob, recoverGivenUp, startRecovery } from '@/lib/recovery/recovery-jobs'
import type { Pace } from '@/lib/recovery/recovery-schema'
import { runJobs } from '@/lib/recovery/run-jobs'
import { removePreSharedKey, setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { deleteWebhook, switchWebhook } from '@/lib/webhooks/switch-webhook'
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

type End = { failed?: number; kind?: 'exhausted' | 'cancelled'; at?: Date; reason?: string }

/** Inserts a delivery that ended after this many failed calls. */
async function endDelivery(
  { accountId, webhookId }: One,
  { failed = 1, kind = 'exhausted', at = new Date(), reason = 'retries-used-up' }: End = {},
): Promise<string> {
  const bad = { webhookId, status: 500, failure: 'status' as const }
  const { deliveryId, callId } = await makeCall(p.db, accountId, bad)
  if (failed === 0) await p.db.delete(calls).where(eq(calls.id, callId))
  for (let attempt = 2; attempt <= failed; attempt++) await makeCall(p.db, accountId, { ...bad, deliveryId, attempt })
  await p.db.insert(outcomes).values({ accountId, webhookId, deliveryId, kind, reason, at })
  return deliveryId
}

/** Inserts this many failed deliveries with one statement, and returns their ids in order. */
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

const queued = ({ accountId }: TestAccount) => p.db.select().from(queue).where(eq(queue.accountId, accountId))
const ended = ({ accountId }: TestAccount) => p.db.select().from(outcomes).where(eq(outcomes.accountId, accountId))
const jobs = ({ accountId }: TestAccount) =>
  p.db.select().from(recoveryJobs).where(eq(recoveryJobs.accountId, accountId)).orderBy(recoveryJobs.id)
const count = ({ accountId, webhookId }: One, sinceMs = hourAgo()) =>
  countRecoverable(p.db, accountId, webhookId, sinceMs)

const begin = ({ accountId, userId, webhookId }: One, sinceMs = hourAgo()) =>
  recoverGivenUp(p.db, accountId, userId, webhookId, sinceMs, 0)
/** Makes all steps that are due. */
const run = () => runJobs(p.db)
/** Starts a job and makes its steps. */
async function recover(one: One) {
  const started = await begin(one)
  if (typeof started === 'string') return started
  await run()
  const job = (await jobs(one)).find(({ id }) => id === started[0])
  return { state: job?.state, queued: job?.queued, leftOut: job?.leftOut }
}
const done = (n: number, leftOut = 0) => ({ state: 'done', queued: n, leftOut })

/** Starts jobs of the last hour. */
const start = ({ accountId, userId, webhookId }: One, kinds: ('failed' | 'missed')[], perMinute: Pace = null) =>
  startRecovery(p.db, accountId, userId, {
    webhookId,
    since: hourAgo(),
    until: Date.now() + 60_000,
    expected: Object.fromEntries(kinds.map((kind) => [kind, 0])),
    perMinute,
  })
/** The next step of every job is due now. */
const due = () => p.db.execute(sql`update recovery_jobs set next_at = hub_now() where state = 'running'`)

describe('recovering what failed', () => {
  test('queues the same delivery again, with the next attempt number and the key in force now', async () => {
    const one = await makeOne()
    const { accountId, userId } = one
    await setPreSharedKey(p.db, accountId, userId, 'first key')
    const thrice = await endDelivery(one, { failed: 3 })
    const never = await endDelivery(one, { failed: 0, reason: 'turned-off' })
    await setPreSharedKey(p.db, accountId, userId, 'second key')
    expect(await count(one)).toBe(2)
    expect(await recover(one)).toEqual(done(2))
    const rows = new Map((await queued(one)).map((row) => [row.deliveryId, row]))
    expect(rows.get(thrice)).toMatchObject({
      attempts: 3,
      earlierAttempts: 3,
      abandonedClaims: 0,
      keyVersion: 2,
      replay: true,
      webhookId: one.webhookId,
    })
    expect(rows.get(never)).toMatchObject({ attempts: 0, earlierAttempts: 0, keyVersion: 2 })
    expect(await ended(one)).toEqual([])
    expect(await count(one)).toBe(0)
    const [row] = await p.db.select().from(audit).where(eq(audit.action, 'recovery.started'))
    expect(row).toMatchObject({ accountId, userId, subject: expect.stringMatching(/^recovery rcv_/) })
    await removePreSharedKey(p.db, accountId, userId)
    const later = await endDelivery(one)
    await recover(one)
    expect((await queued(one)).find(({ deliveryId }) => deliveryId === later)?.keyVersion).toBeNull()
  })

  test('leaves deliveries that are cancelled, delivered, queued or without a payload', async () => {
    const one = await makeOne()
    const { accountId, webhookId } = one
    await endDelivery(one, { kind: 'cancelled', reason: 'switched-off' })
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
    expect(await recover(one)).toEqual(done(0, 3))
    expect([await queued(one), await ended(one)]).toEqual(before)
  })

  test('takes the deliveries of a time range, and no others', async () => {
    const one = await makeOne()
    await endDelivery(one)
    const since = Date.now() + 5
    await until(() => Date.now() > since + 5)
    const wanted = [await endDelivery(one), await endDelivery(one)]
    const end = Date.now() + 5
    await until(() => Date.now() > end + 5)
    await endDelivery(one)
    const { accountId, userId, webhookId } = one
    const input = { webhookId, since, until: end, expected: { failed: 2 }, perMinute: null }
    expect(await startRecovery(p.db, accountId, userId, input)).toHaveLength(1)
    await run()
    expect((await queued(one)).map(({ deliveryId }) => deliveryId).sort()).toEqual(wanted.sort())
  })

  test('changes only one webhook of one account', async () => {
    const [mine, theirs] = [await makeOne(), await makeOne()]
    const sibling = { ...mine, webhookId: await makeWebhook(p.db, mine) }
    for (const one of [mine, theirs, sibling]) await endDelivery(one)
    expect(await recover({ ...theirs, accountId: mine.accountId })).toBe('gone')
    expect(await count({ ...theirs, accountId: mine.accountId })).toBe(0)
    expect(await recover(mine)).toEqual(done(1))
    expect([await count(theirs), await count(sibling)]).toEqual([1, 1])
    expect((await queued(mine)).map(({ webhookId }) => webhookId)).toEqual([mine.webhookId])
  })

  test('sends the same webhook-id and bytes with the next attempt number, in a new round', async () => {
    const { account: sender, receiver, webhookId } = await makeSubscriber(p, 500, { retries: 0 })
    p.drain()
    await p.post(sender.key, someEvent())
    await until(async () => (await ended(sender)).length === 1)
    receiver.respond(200)
    await begin({ ...sender, webhookId })
    const [first, second] = await receiver.waitFor(2)
    expect(second && deliveryOf(second)).toBe(first && deliveryOf(first))
    expect(second?.body).toEqual(first?.body)
    expect([first, second].map((request) => request?.headers['hearback-attempt'])).toEqual(['1', '2'])
    expect([first, second].map((request) => request?.headers['hearback-replay'])).toEqual([undefined, 'true'])
    await until(async () => (await queued(sender)).length === 0)
    expect(await ended(sender)).toEqual([])
  })

  test('for any mix of deliveries, exactly those that were counted are queued, and nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            kind: fc.constantFrom('exhausted' as const, 'cancelled' as const),
            failed: fc.integer({ min: 0, max: 4 }),
            delivered: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        fc.integer({ min: 1, max: 3 }),
        async (mix, people) => {
          const [one, other] = [await makeOne(), await makeOne()]
          const wanted: string[] = []
          for (const { kind, failed, delivered } of mix) {
            const id = await endDelivery(one, { kind, failed })
            if (delivered)
              await makeCall(p.db, one.accountId, { webhookId: one.webhookId, deliveryId: id, attempt: failed + 1 })
            if (kind === 'exhausted' && !delivered) wanted.push(id)
            await endDelivery(other, { kind, failed })
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

describe('a recovery job', () => {
  test('queues each delivery once, whatever number of jobs and processes work at once, and never has many waiting', async () => {
    const one = await makeOne()
    const ids = await endMany(one, 3_000)
    for (let n = 0; n < 3; n++) await begin(one)
    const seen: string[] = []
    for (let rounds = 0; (await jobs(one)).some(({ state }) => state === 'running'); rounds++) {
      expect(rounds).toBeLessThan(50)
      await Promise.all([run(), run(), run()])
      const waiting = (await queued(one)).map(({ deliveryId }) => deliveryId)
      // Steps that begin together may each queue one step more.
      expect(waiting.length).toBeLessThanOrEqual(1_250)
      seen.push(...waiting)
      await p.pool.query('delete from queue')
      await due()
    }
    expect(seen.sort()).toEqual(ids)
    expect((await jobs(one)).reduce((sum, job) => sum + job.queued, 0)).toBe(3_000)
    expect(await ended(one)).toEqual([])
  })

  test('keeps its pace, also when a step comes late', async () => {
    const one = await makeOne()
    await endMany(one, 100)
    await start(one, ['failed'], 600)
    await run()
    expect(await queued(one)).toHaveLength(10)
    await run()
    expect(await queued(one)).toHaveLength(10)
    const past = (seconds: number) =>
      p.db.execute(sql`update recovery_jobs set next_at = next_at - ${seconds} * interval '1 s'
        where account_id = ${one.accountId}`)
    await past(1)
    await run()
    expect(await queued(one)).toHaveLength(20)
    await past(3)
    await run()
    expect(await queued(one)).toHaveLength(50)
    // It does not make up for more than three seconds.
    await past(60)
    await run()
    expect((await queued(one)).length).toBeLessThanOrEqual(90)
    await past(60)
    await run()
    expect((await jobs(one))[0]).toMatchObject({ state: 'done', queued: 100 })
  })

  test('stops where it is when it is paused, goes on from there, and ends when it is cancelled', async () => {
    const one = await makeOne()
    const ids = await endMany(one, 50)
    const [id] = (await start(one, ['failed'], 600)) as string[]
    const change = (state: 'running' | 'paused' | 'cancelled') =>
      changeJob(p.db, one.accountId, one.userId, id as string, state)
    await run()
    expect(await change('paused')).toBe(true)
    await due()
    await run()
    expect((await queued(one)).map(({ deliveryId }) => deliveryId).sort()).toEqual(ids.slice(0, 10))
    expect(await change('running')).toBe(true)
    await run()
    expect((await queued(one)).map(({ deliveryId }) => deliveryId).sort()).toEqual(ids.slice(0, 20))
    expect(await change('cancelled')).toBe(true)
    await run()
    expect([await change('running'), await change('paused')]).toEqual([false, false])
    expect(await queued(one)).toHaveLength(20)
    expect(await ended(one)).toHaveLength(30)
    expect(await changeJob(p.db, (await makeOne()).accountId, one.userId, id as string, 'running')).toBe(false)
    const actions = await p.rows('select action from audit where account_id = $1 and subject like $2', [
      one.accountId,
      'recovery %',
    ])
    expect(actions.map(({ action }) => action).sort()).toEqual(
      ['started', 'paused', 'continued', 'cancelled'].map((word) => `recovery.${word}`).sort(),
    )
  })

  test('waits while its webhook is probing, paused or held, and then goes on', async () => {
    const one = await makeOne()
    await endMany(one, 5)
    const { accountId, webhookId } = one
    await start(one, ['failed'])
    const health = (set: string) =>
      p.pool
        .query(`insert into webhook_health (account_id, webhook_id) values ($1, $2) on conflict do nothing`, [
          accountId,
          webhookId,
        ])
        .then(() => p.pool.query(`update webhook_health set ${set} where webhook_id = $1`, [webhookId]))
    for (const ill of [`state = 'probing'`, `state = 'healthy', paused_until = hub_now() + interval '1 min'`]) {
      await health(ill)
      await due()
      await run()
      expect(await queued(one)).toEqual([])
    }
    await health('paused_until = null')
    await p.pool.query('update webhooks set held_at = hub_now() where id = $1', [webhookId])
    await due()
    await run()
    expect(await queued(one)).toEqual([])
    await p.pool.query('update webhooks set held_at = null where id = $1', [webhookId])
    await due()
    await run()
    expect((await jobs(one))[0]).toMatchObject(done(5))
  })

  test('is paused by a switch to off, and cancelled by the deletion of its webhook', async () => {
    const one = await makeOne()
    await endMany(one, 20)
    await start(one, ['failed'], 600)
    await run()
    await switchWebhook(p.db, one.accountId, one.userId, one.webhookId, false)
    expect(await begin(one)).toBe('off')
    await due()
    await run()
    expect((await jobs(one))[0]).toMatchObject({ state: 'paused', reason: 'off', queued: 10 })
    expect(await queued(one)).toEqual([])
    await switchWebhook(p.db, one.accountId, one.userId, one.webhookId, true)
    await changeJob(p.db, one.accountId, one.userId, (await jobs(one))[0]?.id as string, 'running')
    await deleteWebhook(p.db, one.accountId, one.userId, one.webhookId)
    await run()
    expect((await jobs(one))[0]).toMatchObject({ state: 'cancelled', reason: 'deleted', queued: 10 })
    expect(await begin(one)).toBe('gone')
  })
})

describe('recovering what was missed', () => {
  const late = ({ accountId }: TestAccount) =>
    p.db.select().from(lateDeliveries).where(eq(lateDeliveries.accountId, accountId))

  test('makes a delivery of each event that a webhook missed, once, however many jobs run', async () => {
    const { account, receiver, webhookId } = await makeSubscriber(p)
    const one = { ...account, webhookId }
    await switchWebhook(p.db, account.accountId, null, webhookId, false)
    const { body } = await p.post(account.key, [someEvent(), someEvent(), someEvent()])
    await p.post(account.key, someEvent({ notify: false }))
    await p.post(account.key, { type: 'feedback.deleted', feedback: { id: 'fb-unknown' } })
    await switchWebhook(p.db, account.accountId, null, webhookId, true)
    await p.post(account.key, someEvent())
    expect(await queued(one)).toHaveLength(1)
    for (let n = 0; n < 3; n++) await start(one, ['missed'])
    await Promise.all([run(), run(), run()])
    expect((await late(one)).map(({ eventId }) => eventId)).toHaveLength(3)
    expect(await queued(one)).toHaveLength(4)
    expect((await jobs(one)).reduce((sum, job) => sum + job.queued, 0)).toBe(3)
    p.drain()
    const requests = await receiver.waitFor(4)
    expect(requests.filter(({ headers }) => headers['hearback-replay'] === 'true')).toHaveLength(3)
    expect(new Set(requests.map(deliveryOf)).size).toBe(4)
    expect(body.events).toHaveLength(3)
  })

  test('judges by today’s rule, for a webhook that was registered or changed later', async () => {
    const { account } = await makeSubscriber(p)
    await p.post(account.key, [
      someEvent({}, { service: { rating: 1 } }),
      someEvent({}, { service: { rating: 5 } }),
      someEvent({}, { service: { rating: 2 } }),
    ])
    await p.pool.query('delete from queue')
    const webhookId = await makeWebhook(p.db, account, { condition: { kind: 'service', ratings: [1, 2] } })
    await start({ ...account, webhookId }, ['missed'])
    await run()
    expect(await late(account)).toHaveLength(2)
    const bodies = await p.rows<{ body: string }>(
      'select body from payloads p join queue q on q.payload_id = p.id where q.webhook_id = $1',
      [webhookId],
    )
    expect(bodies.map(({ body }) => JSON.parse(body).data.feedback.service.rating).sort()).toEqual([1, 2])
  })
})

describe('what is queued when its day is about to go', () => {
  test('ends as exhausted, expired, a day before its history is dropped, and what a drainer has claimed is left to it', async () => {
    const one = await makeOne()
    const { accountId, webhookId } = one
    const day = 86_400_000
    // The queue keeps what is no longer in history, too: as if retention had been made shorter.
    const queue = async (agoMs: number, claimed = false) => {
      const deliveryId = newId(Date.now() - agoMs)
      await p.pool.query(
        `insert into queue (account_id, delivery_id, webhook_id, payload_id, abandoned_claims, run_at)
         values ($1, $2, $3, $4, $5, hub_now() + interval '1 min')`,
        [accountId, deliveryId, webhookId, newId(), claimed ? 1 : 0],
      )
      return deliveryId
    }
    const yesterday = await queue(day)
    const claimed = await queue(day, true)
    const today = await queue(0)
    // Yesterday is the first day that is kept.
    await keepHistory(p.pool, 1)
    expect(await ended(one)).toMatchObject([{ deliveryId: yesterday, kind: 'exhausted', reason: 'expired' }])
    expect((await queued(one)).map(({ deliveryId }) => deliveryId).sort()).toEqual([claimed, today].sort())
    await p.pool.query('update queue set run_at = hub_now() where delivery_id = $1', [claimed])
    await keepHistory(p.pool, 1)
    expect((await ended(one)).map(({ reason }) => reason)).toEqual(['expired', 'expired'])
  })
})
