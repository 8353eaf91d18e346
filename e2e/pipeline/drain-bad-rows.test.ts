import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readKeyRing, seal } from '@/lib/secrets/seal'
import { showId } from '@/lib/type-id'
import { setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { preSharedKeyPlace, signingSecretPlace } from '@/lib/webhooks/seal-places'
import { deleteWebhook } from '@/lib/webhooks/switch-webhook'
import { aReceiver, deliveryOf, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// A row that can't be called fails or waits alone, with a reason and after a bounded number of tries. Other rows go on.

const hub = await openTestHub()

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const calls = (accountId: string) =>
  hub.rows<{ failure: string | null; detail: string | null; n: number }>(
    'select failure, detail, count(*)::int as n from calls where account_id = $1 group by 1, 2 order by 1',
    [accountId],
  )
const queued = (accountId: string) =>
  hub.rows<{ delivery_id: string; lease: number; abandoned_claims: number; attempts: number; seconds: number }>(
    `select delivery_id, lease, abandoned_claims, attempts, extract(epoch from run_at - hub_now())::float as seconds
     from queue where account_id = $1`,
    [accountId],
  )
const outcomes = (accountId: string) =>
  hub.rows('select kind, reason, count(*)::int as n from outcomes where account_id = $1 group by 1, 2', [accountId])

/** Sealed with a key that the operator's ring does not hold. */
const sealedElsewhere = (text: string, place: Parameters<typeof seal>[1]) =>
  seal(text, place, readKeyRing([`gone:${randomBytes(32).toString('base64')}`]))

/** Two accounts with a webhook each: what happens to the first must not touch the second. */
async function pair() {
  const [bad, good] = [await makeSender(hub), await makeSender(hub)]
  const [badReceiver, goodReceiver] = [await aReceiver(), await aReceiver()]
  const webhook = await makeLocalWebhook(hub, bad, { url: badReceiver.url, retries: 1 })
  await makeLocalWebhook(hub, good, { url: goodReceiver.url })
  return { bad, good, badReceiver, goodReceiver, webhook }
}

for (const [what, spoil] of [
  [
    'pre-shared key',
    async (accountId: string) => {
      const sealed = sealedElsewhere('the key', preSharedKeyPlace(accountId, 1))
      await hub.rows('update pre_shared_keys set sealed = $2 where account_id = $1', [accountId, sealed])
      return () => seal('the key', preSharedKeyPlace(accountId, 1))
    },
  ],
  [
    'signing secret',
    async (accountId: string, webhook: string) => {
      const secret = `whsec_${randomBytes(32).toString('base64')}`
      const sealed = sealedElsewhere(secret, signingSecretPlace(accountId, webhook, 1))
      await hub.rows('update webhook_secrets set sealed = $2 where account_id = $1', [accountId, sealed])
      return () => seal(secret, signingSecretPlace(accountId, webhook, 1))
    },
  ],
] as const)
  test(`a ${what} whose sealing key is missing from the ring holds its deliveries, and they do not fail`, async () => {
    const { bad, good, badReceiver, goodReceiver, webhook } = await pair()
    await setPreSharedKey(hub.db, bad.accountId, null, 'the key')
    const restore = await spoil(bad.accountId, webhook)
    await Promise.all([hub.post(bad.key, events(5)), hub.post(good.key, events(50))])
    const drain = hub.drain()
    await goodReceiver.waitFor(50)
    await until(async () => (await queued(bad.accountId)).every(({ lease }) => lease > 0))
    await sleep(200)
    // Deferred for a minute, with no call, no failure, and no retry used up.
    expect(badReceiver.requests).toHaveLength(0)
    expect(await calls(bad.accountId)).toEqual([])
    for (const { seconds, abandoned_claims, attempts } of await queued(bad.accountId)) {
      expect([abandoned_claims, attempts]).toEqual([0, 0])
      expect(seconds).toBeGreaterThan(50)
    }
    // The operator brings the key back.
    const table = what === 'signing secret' ? 'webhook_secrets' : 'pre_shared_keys'
    await hub.rows(`update ${table} set sealed = $2 where account_id = $1`, [bad.accountId, restore()])
    await hub.rows('update queue set run_at = hub_now() where account_id = $1', [bad.accountId])
    drain.wake()
    await badReceiver.waitFor(5)
    expect(new Set(badReceiver.requests.map(({ headers }) => headers['hearback-attempt']))).toEqual(new Set(['1']))
  })

for (const [what, table] of [
  ['pre-shared key', 'pre_shared_keys'],
  ['signing secret', 'webhook_secrets'],
] as const)
  test(`a ${what} whose seal is damaged fails only its own deliveries, after as many attempts as any other failure`, async () => {
    const { bad, good, badReceiver, goodReceiver } = await pair()
    await setPreSharedKey(hub.db, bad.accountId, null, 'the key')
    // Of another row: it opens nowhere but there.
    await hub.rows(
      `update ${table} set sealed = (select sealed from ${table} where account_id = $1 limit 1) || 'A' where account_id = $1`,
      [bad.accountId],
    )
    await Promise.all([hub.post(bad.key, events(5)), hub.post(good.key, events(50))])
    const drain = hub.drain()
    await goodReceiver.waitFor(50)
    const failed = (n: number) => [{ failure: 'unsendable', detail: 'secret-unreadable', n }]
    await until(async () => (await calls(bad.accountId))[0]?.n === 5)
    expect(await calls(bad.accountId)).toEqual(failed(5))
    for (const { attempts, seconds } of await queued(bad.accountId)) {
      expect(attempts).toBe(1)
      expect(seconds).toBeGreaterThan(2)
    }
    await hub.rows('update queue set run_at = hub_now() where account_id = $1', [bad.accountId])
    drain.wake()
    await until(async () => (await queued(bad.accountId)).length === 0)
    expect(await calls(bad.accountId)).toEqual(failed(10))
    expect(await outcomes(bad.accountId)).toEqual([{ kind: 'exhausted', reason: 'retries-used-up', n: 5 }])
    expect(badReceiver.requests).toHaveLength(0)
    expect(await calls(good.accountId)).toEqual([{ failure: null, detail: null, n: 50 }])
  })

test('a delivery whose payload is gone ends as expired, even when its whole day is gone', async () => {
  const { bad, good, badReceiver, goodReceiver, webhook } = await pair()
  await Promise.all([hub.post(bad.key, events(3)), hub.post(good.key, events(3))])
  await hub.rows('delete from payloads where account_id = $1', [bad.accountId])
  // A delivery of a day whose partitions were dropped.
  await hub.rows(
    `insert into queue (account_id, delivery_id, webhook_id, payload_id)
     values ($1, '01800000-0000-7000-8000-000000000001', $2, '01800000-0000-7000-8000-000000000002')`,
    [bad.accountId, webhook],
  )
  hub.drain()
  await goodReceiver.waitFor(3)
  await until(async () => (await queued(bad.accountId)).length === 0)
  expect(await outcomes(bad.accountId)).toEqual([{ kind: 'exhausted', reason: 'expired', n: 3 }])
  expect(badReceiver.requests).toHaveLength(0)
})

test('an event that was accepted while its webhook was being deleted is cancelled as deleted, without a call', async () => {
  const { account, receiver, webhookId: webhook } = await makeSubscriber(hub)
  const letGo = await hub.holdUp('payloads')
  const posted = hub.post(account.key, someEvent())
  await until(async () => (await hub.heldUp()) === 1)
  await deleteWebhook(hub.db, account.accountId, null, webhook)
  await letGo()
  expect((await posted).body.events).toMatchObject([{ deliveries: 1 }])
  hub.drain()
  await until(async () => (await queued(account.accountId)).length === 0)
  expect(await outcomes(account.accountId)).toEqual([{ kind: 'cancelled', reason: 'deleted', n: 1 }])
  expect(receiver.requests).toHaveLength(0)
})

test('a row whose drainers died three times is called with nothing beside it; after 25 times it ends', async () => {
  const { account, receiver } = await makeSubscriber(hub, { delayMs: 100 })
  await hub.post(account.key, events(40))
  const [three, last, ended] = await queued(account.accountId)
  const abandon = (row: typeof three, claims: number) =>
    hub.rows('update queue set abandoned_claims = $2 where delivery_id = $1', [row?.delivery_id, claims])
  await Promise.all([abandon(three, 3), abandon(last, 24), abandon(ended, 25)])
  hub.drain()
  await until(async () => (await queued(account.accountId)).length === 0)
  expect(receiver.requests).toHaveLength(39)
  const spans = receiver.requests.map((request) => ({
    id: deliveryOf(request),
    from: request.at,
    to: request.at + 100,
  }))
  const rows = await hub.rows<{ delivery_id: string }>('select delivery_id from outcomes where account_id = $1', [
    account.accountId,
  ])
  expect(rows.map(({ delivery_id }) => delivery_id)).toEqual([ended?.delivery_id])
  expect(await outcomes(account.accountId)).toEqual([{ kind: 'exhausted', reason: 'drainer-lost', n: 1 }])
  for (const { delivery_id } of [three, last] as { delivery_id: string }[]) {
    const alone = spans.find(({ id }) => id === showId('delivery', delivery_id))
    const beside = spans.filter(
      (span) => span !== alone && span.from < (alone?.to ?? 0) && span.to > (alone?.from ?? 0),
    )
    expect(beside).toEqual([])
  }
})

test('many rows with abandoned claims do not keep the others waiting', async () => {
  const account = await makeSender(hub)
  const [slow, fast] = [await aReceiver({ delayMs: 150 }), await aReceiver()]
  await makeLocalWebhook(hub, account, { url: slow.url })
  await hub.post(account.key, events(60))
  await hub.rows('update queue set abandoned_claims = 3 where account_id = $1', [account.accountId])
  const other = await makeSender(hub)
  await makeLocalWebhook(hub, other, { url: fast.url })
  hub.drain()
  await slow.waitFor(1)
  const sent = performance.now()
  await hub.post(other.key, events(5))
  const [first] = await fast.waitFor(5)
  expect((first?.at ?? 0) - sent).toBeLessThan(4000)
  expect(slow.requests.length).toBeLessThan(40)
}, 30_000)
