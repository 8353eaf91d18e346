import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { switchWebhook } from '@/lib/webhooks/switch-webhook'
import { aReceiver, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// A process that ingests and drains preclaims: it inserts queue rows already claimed and passes them to its drain in memory.

const hub = await openTestHub()

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const calls = (accountId: string) => hub.count('calls where account_id = $1', [accountId])
const queued = (accountId: string, also = '') => hub.count(`queue where account_id = $1 ${also}`, [accountId])

test('a delivery is inserted as claimed, for a full lease, and called without another claim', async () => {
  const { account, receiver } = await makeSubscriber(hub)
  const { post } = await hub.drainAndPost()
  // A claim would be an update of the row.
  await hub.rows(`create sequence updates;
    create function count_update() returns trigger language plpgsql as $$
      begin perform nextval('updates'); return new; end $$;
    create trigger count_update before update on queue for each row execute function count_update()`)
  await post(account.key, someEvent())
  await until(async () => (await calls(account.accountId)) === 1)
  const letGo = await hub.holdUp('calls')
  await post(account.key, events(3))
  await receiver.waitFor(4)
  const rows = await hub.rows<{ lease: number; abandoned_claims: number; seconds: number }>(
    `select lease, abandoned_claims, extract(epoch from run_at - hub_now())::float8 as seconds from queue where account_id = $1`,
    [account.accountId],
  )
  expect(rows.map(({ lease, abandoned_claims }) => ({ lease, abandoned_claims }))).toEqual(
    Array(3).fill({ lease: 1, abandoned_claims: 1 }),
  )
  for (const { seconds } of rows) expect(seconds).toSatisfy((s: number) => s > 50 && s <= 60)
  await letGo()
  await until(async () => (await queued(account.accountId)) === 0)
  expect(await calls(account.accountId)).toBe(4)
  expect(await hub.rows('select is_called from updates')).toEqual([{ is_called: false }])
  await hub.rows('drop trigger count_update on queue')
})

test('deliveries that the drain has no room for are queued unclaimed, and each is called once', async () => {
  const { account, receiver } = await makeSubscriber(hub)
  const { post } = await hub.drainAndPost()
  await Promise.all([post(account.key, events(400)), post(account.key, events(400)), post(account.key, events(400))])
  await until(async () => (await queued(account.accountId)) === 0, 30_000)
  expect(await calls(account.accountId)).toBe(1_200)
  expect(receiver.requests.length).toBe(1_200)
}, 60_000)

test('deliveries of a webhook that is probing or has a rate limit are not preclaimed', async () => {
  const account = await makeSender(hub)
  const slow = await aReceiver()
  const ill = await aReceiver(500)
  const slowId = await makeLocalWebhook(hub, account, { url: slow.url, name: 'Slow', ratePerMinute: 1 })
  const illId = await makeLocalWebhook(hub, account, { url: ill.url, name: 'Ill' })
  const { post } = await hub.drainAndPost()
  await post(account.key, events(15))
  const probing = `webhook_health where account_id = $1 and state = 'probing'`
  await until(async () => (await hub.count(probing, [account.accountId])) === 1)
  await until(async () => (await queued(account.accountId, 'and abandoned_claims > 0')) === 0)
  const before = ill.requests.length
  await post(account.key, events(5))
  await sleep(500)
  expect(slow.requests).toHaveLength(1)
  expect(ill.requests).toHaveLength(before)
  expect(await queued(account.accountId, `and webhook_id = '${slowId}' and abandoned_claims = 0`)).toBe(19)
  expect(await queued(account.accountId, `and webhook_id = '${illId}' and abandoned_claims = 0`)).toBe(20)
})

test.each([
  ['new', () => events(5)],
  ['known', () => Array.from({ length: 5 }, () => someEvent({}, { id: 'fb-known' }))],
])(
  'a webhook that is switched off while its events are written is not called: feedback that is %s',
  async (_, make) => {
    const { account, receiver, webhookId } = await makeSubscriber(hub)
    const { post } = await hub.drainAndPost()
    await post(account.key, someEvent({}, { id: 'fb-known' }))
    await receiver.waitFor(1)
    const goOn = await holdUpInserts()
    const posted = post(account.key, make())
    await until(async () => (await hub.heldUp()) > 0)
    await switchWebhook(hub.db, account.accountId, null, webhookId, false)
    // The drain has heard of it; not yet so late that it would ask again anyway.
    await sleep(300)
    await goOn()
    expect((await posted).body.accepted).toBe(5)
    await until(async () => (await queued(account.accountId)) === 0)
    expect(receiver.requests).toHaveLength(1)
    const ended = `outcomes where account_id = $1 and kind = 'cancelled' and reason = 'switched-off'`
    expect(await hub.count(ended, [account.accountId])).toBe(5)
  },
)

/**
 * Blocks statements of ingest in their midst, when they have seen what they see, until the returned function is called. The
 * trigger stays: to drop it would wait for these statements, which may then wait for it.
 */
async function holdUpInserts(): Promise<() => Promise<void>> {
  await hub.rows(`create or replace function wait_in_insert() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(1); return new; end $$;
    create or replace trigger wait_in_insert before insert on payloads for each row execute function wait_in_insert()`)
  const client = await hub.pool.connect()
  await client.query('select pg_advisory_lock(1)')
  return async () => {
    await client.query('select pg_advisory_unlock(1)')
    client.release()
  }
}
