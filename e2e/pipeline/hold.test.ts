import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { upkeepHolds } from '@/lib/pipeline/health/hold'
import { deleteWebhook, holdWebhook, releaseWebhook, switchWebhook } from '@/lib/webhooks/switch-webhook'
import { aReceiver, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// The switch's third position: events keep coming, and nothing is called until the webhook is released.

const hub = await openTestHub()
afterEach(async () => {
  await hub.setAhead(0)
})

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const queued = (accountId: string) => hub.count('queue where account_id = $1', [accountId])
const heldRows = (accountId: string) =>
  hub.count(`queue where account_id = $1 and run_at = 'infinity' and abandoned_claims = 0`, [accountId])

type Subscriber = Awaited<ReturnType<typeof makeSubscriber>>
const hold = ({ account, webhookId }: Subscriber, untilTime: Date | null = null) =>
  holdWebhook(hub.db, account.accountId, account.userId, webhookId, untilTime)
const release = ({ account, webhookId }: Subscriber) =>
  releaseWebhook(hub.db, account.accountId, account.userId, webhookId)

test('while a webhook is held, what waits and what comes in is queued as due at no time, and nothing is called', async () => {
  const one = await makeSubscriber(hub)
  const { account, receiver } = one
  await hub.post(account.key, events(3))
  await hold(one)
  expect(await heldRows(account.accountId)).toBe(3)
  const { post } = await hub.drainAndPost()
  await post(account.key, events(20))
  expect(await heldRows(account.accountId)).toBe(23)
  await sleep(1_200)
  expect(receiver.requests).toHaveLength(0)
  expect(await heldRows(account.accountId)).toBe(23)
})

test('a hold in mid-drain starts no call 1 s later, and leaves all that was not called to wait', async () => {
  const one = await makeSubscriber(hub)
  const { account, receiver } = one
  receiver.respond({ status: 200, delayMs: 200 })
  const { post } = await hub.drainAndPost()
  await post(account.key, events(400))
  await receiver.waitFor(20)
  await hold(one)
  const heldAt = performance.now()
  await until(async () => (await queued(account.accountId)) === (await heldRows(account.accountId)))
  await sleep(1_500)
  const late = receiver.requests.filter(({ at }) => at > heldAt + 1_000)
  expect(late).toEqual([])
  expect((await queued(account.accountId)) + receiver.requests.length).toBe(400)
})

test('a failed call that was under way when its webhook was held is recorded, and its delivery waits', async () => {
  const one = await makeSubscriber(hub, 500)
  const { account, receiver } = one
  receiver.respond({ status: 500, delayMs: 500 })
  hub.drain()
  await hub.post(account.key, someEvent())
  await receiver.waitFor(1)
  await hold(one)
  await until(async () => (await hub.count('calls where account_id = $1', [account.accountId])) === 1)
  // Its retry is due in 5 s: the drainer that is given it then lets it wait.
  await hub.setAhead(7)
  await until(async () => (await heldRows(account.accountId)) === 1)
  expect(receiver.requests).toHaveLength(1)
})

test('released by hand, what was held becomes due over a ramp, each delivery once and with its first id', async () => {
  const one = await makeSubscriber(hub)
  const { account, receiver } = one
  await hold(one)
  await hub.post(account.key, events(60))
  hub.drain()
  await sleep(300)
  const releasedAt = performance.now()
  await release(one)
  await until(async () => (await queued(account.accountId)) === 0)
  expect(receiver.requests).toHaveLength(60)
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(60)
  // Ten, then twenty, then the rest: not all at once.
  expect(receiver.requests.filter(({ at }) => at < releasedAt + 900).length).toBeLessThanOrEqual(30)
  await until(
    async () =>
      (await hub.count(`webhook_health where account_id = $1 and state = 'healthy'`, [account.accountId])) === 1,
  )
})

test('a hold with a set time ends by itself, and says so in the audit', async () => {
  const one = await makeSubscriber(hub)
  const { account, receiver } = one
  await hold(one, new Date(Date.now() + 3_600_000))
  await hub.post(account.key, events(2))
  hub.drain()
  await sleep(1_200)
  expect(receiver.requests).toHaveLength(0)
  await hub.setAhead(3_601)
  await receiver.waitFor(2)
  const [entry] = await hub.rows<{ user_id: string | null }>(
    `select user_id from audit where account_id = $1 and action = 'webhook.released'`,
    [account.accountId],
  )
  expect(entry).toEqual({ user_id: null })
})

test('off and delete cancel what is held', async () => {
  for (const end of [switchWebhook, deleteWebhook]) {
    const one = await makeSubscriber(hub)
    const { accountId, userId } = one.account
    await hold(one)
    await hub.post(one.account.key, events(3))
    const ended =
      end === switchWebhook
        ? await switchWebhook(hub.db, accountId, userId, one.webhookId, false)
        : await deleteWebhook(hub.db, accountId, userId, one.webhookId)
    expect(ended).toMatchObject({ outcome: 'done', cancelled: 3 })
    expect(await queued(accountId)).toBe(0)
    expect(await hub.count(`outcomes where account_id = $1 and kind = 'cancelled'`, [accountId])).toBe(3)
    expect(await hub.count('webhooks where account_id = $1 and held_at is null', [accountId])).toBe(1)
  }
})

test('a webhook that is off is switched on by a hold, and calls nothing before its release', async () => {
  const one = await makeSubscriber(hub)
  const { account, receiver } = one
  await switchWebhook(hub.db, account.accountId, account.userId, one.webhookId, false)
  await hold(one)
  hub.drain()
  await hub.post(account.key, someEvent())
  expect(await heldRows(account.accountId)).toBe(1)
  await release(one)
  await receiver.waitFor(1)
})

test('a hold past seven days is told of once, and the notice ends with the hold', async () => {
  const one = await makeSubscriber(hub)
  const { account } = one
  await hold(one)
  await upkeepHolds(hub.db)
  const told = () => hub.count(`notices where account_id = $1 and kind = 'held'`, [account.accountId])
  expect(await told()).toBe(0)
  await hub.setAhead(7 * 86_400 + 1)
  await upkeepHolds(hub.db)
  await upkeepHolds(hub.db)
  expect(await told()).toBe(1)
  await release(one)
  expect(
    await hub.count(`notices where account_id = $1 and kind = 'held' and dismissed_at is null`, [account.accountId]),
  ).toBe(0)
})

test('events that come in while holds begin and end are all called, and none is left behind', async () => {
  const one = await makeSubscriber(hub)
  const { account, receiver } = one
  const { post } = await hub.drainAndPost()
  hub.drain()
  let going = true
  const posting = (async () => {
    let posted = 0
    while (going) {
      await Promise.all([post(account.key, events(5)), hub.post(account.key, events(5))])
      posted += 10
    }
    return posted
  })()
  for (let n = 0; n < 15; n++) {
    await hold(one)
    await sleep(20)
    await release(one)
    await sleep(20)
  }
  going = false
  const posted = await posting
  await until(async () => (await queued(account.accountId)) === 0, 30_000)
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(posted)
}, 60_000)

test('a webhook that is held while it is probing gets no probe, and goes on with its probes when it is released', async () => {
  const one = await makeSubscriber(hub, 500)
  const { account, receiver } = one
  hub.drain()
  await hub.post(account.key, events(15))
  const state = (name: string) =>
    hub.count('webhook_health where account_id = $1 and state = $2', [account.accountId, name])
  await until(async () => (await state('probing')) === 1)
  await hold(one)
  await until(async () => (await queued(account.accountId)) === (await heldRows(account.accountId)))
  const before = receiver.requests.length
  await hub.setAhead(120)
  await sleep(1_500)
  expect(receiver.requests).toHaveLength(before)
  receiver.respond(200)
  await release(one)
  await until(async () => (await queued(account.accountId)) === 0)
  await until(async () => (await state('healthy')) === 1)
})

test('a hold of another account’s webhook changes nothing', async () => {
  const [mine, theirs] = [await makeSubscriber(hub), await makeSubscriber(hub)]
  expect(await holdWebhook(hub.db, mine.account.accountId, null, theirs.webhookId, null)).toEqual({ outcome: 'gone' })
  await aReceiver()
  expect(await hub.count('webhooks where account_id = $1 and held_at is not null', [theirs.account.accountId])).toBe(0)
})
