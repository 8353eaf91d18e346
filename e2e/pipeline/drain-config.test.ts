import net, { type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { removePreSharedKey, setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { deleteWebhook, switchWebhook } from '@/lib/webhooks/switch-webhook'
import { updateWebhook } from '@/lib/webhooks/update-webhook'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'
import type { TestAccount } from '../fixtures/data/webhooks'
import { webhookForm } from '../fixtures/data/webhooks'
import { aReceiver, localForms, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'
import { listen } from '../fixtures/receivers/calling'
import type { Receiver } from '../fixtures/receivers/receiver'

// A webhook or a key that changes while deliveries wait: what is called, with what, and what is cancelled.

const hub = await openTestHub()

const events = (count: number) => Array.from({ length: count }, () => someEvent())
const makeDue = (accountId: string) =>
  hub.rows('update queue set run_at = hub_now() where account_id = $1', [accountId])
const calls = (accountId: string) => hub.count('calls where account_id = $1', [accountId])
const queued = (accountId: string) => hub.count('queue where account_id = $1', [accountId])

/** Deliveries that were answered with a 2xx or cancelled. */
const ended = (accountId: string) =>
  hub.count(
    `(select delivery_id from calls where account_id = $1 and status = 200
      union select delivery_id from outcomes where account_id = $1) ended`,
    [accountId],
  )

async function edit(
  { accountId }: TestAccount,
  webhookId: string,
  version: number,
  form: WebhookForm,
  set: Partial<WebhookForm>,
) {
  const stored = { format: form.format, encoding: form.encoding, npsCondition: false, basicPassword: false }
  const edited = webhookForm({ ...form, ...set }, { ...localForms, stored })
  const saved = await updateWebhook(hub.db, {
    accountId,
    userId: null,
    webhookId,
    openedVersion: version,
    form: edited,
  })
  expect(saved.ok).toBe(true)
}

for (const [what, change, reason] of [
  ['switched off', (account: string, id: string) => switchWebhook(hub.db, account, null, id, false), 'switched-off'],
  ['deleted', (account: string, id: string) => deleteWebhook(hub.db, account, null, id), 'deleted'],
] as const)
  test(`when a webhook is ${what} in mid-drain, no call starts more than 1 s later and the rest is cancelled`, async () => {
    const { account, receiver, webhookId: webhook } = await makeSubscriber(hub, { delayMs: 50 })
    await hub.post(account.key, events(600))
    for (let n = 0; n < 2; n++) hub.drain()
    await receiver.waitFor(50)
    const changed = await change(account.accountId, webhook)
    const answered = performance.now()
    expect(changed.outcome).toBe('done')
    await until(async () => (await queued(account.accountId)) === 0)
    await sleep(1500)
    const late = receiver.requests.filter(({ at }) => at > answered + 1000)
    expect(late).toHaveLength(0)
    expect(receiver.requests.length).toBeLessThan(600)
    const outcomes = await hub.rows<{ kind: string; reason: string; n: number }>(
      'select kind, reason, count(*)::int as n from outcomes where account_id = $1 group by 1, 2',
      [account.accountId],
    )
    expect(outcomes).toEqual([{ kind: 'cancelled', reason, n: expect.any(Number) }])
    // The receiver's log and the database agree, down to the calls that were under way.
    expect(await calls(account.accountId)).toBe(receiver.requests.length)
    expect(await ended(account.accountId)).toBe(600)
  }, 30_000)

test('a call that is under way when its webhook is switched off is recorded, and the delivery stays cancelled', async () => {
  const { account, receiver, webhookId: webhook } = await makeSubscriber(hub, { delayMs: 400 }, { retries: 0 })
  await hub.post(account.key, events(6))
  hub.drain()
  await receiver.waitFor(6)
  await switchWebhook(hub.db, account.accountId, null, webhook, false)
  await until(async () => (await calls(account.accountId)) === 6)
  expect(await hub.count('calls where account_id = $1 and status = 200 and attempt = 1', [account.accountId])).toBe(6)
  expect(await hub.count('outcomes where account_id = $1 and kind = $2', [account.accountId, 'cancelled'])).toBe(6)
  expect(receiver.requests).toHaveLength(6)
})

test('switching on and off under load never fails and never loses a delivery', async () => {
  const { account, webhookId: webhook } = await makeSubscriber(hub, (_, index) => (index % 3 === 0 ? 500 : 200))
  const drains = [hub.drain(), hub.drain()]
  for (let n = 0; n < 15; n++) {
    await hub.post(account.key, events(200))
    for (const drain of drains) drain.wake()
    await sleep(Math.random() * 40)
    await switchWebhook(hub.db, account.accountId, null, webhook, false)
    await switchWebhook(hub.db, account.accountId, null, webhook, true)
  }
  await switchWebhook(hub.db, account.accountId, null, webhook, false)
  await until(async () => (await queued(account.accountId)) === 0)
  expect(await ended(account.accountId)).toBe(3000)
  expect(await hub.rows('select deadlocks from pg_stat_database where datname = $1', [hub.name])).toEqual([
    { deadlocks: 0 },
  ])
}, 40_000)

test('later retries use the edited URL, with the payload of the trigger', async () => {
  const account = await makeSender(hub)
  const [old, edited] = [await aReceiver(500), await aReceiver(200)]
  const form = webhookForm({ url: `${old.url}/old` }, localForms)
  const webhook = await makeLocalWebhook(hub, account, form)
  await hub.post(account.key, events(5))
  const drain = hub.drain()
  await until(async () => (await calls(account.accountId)) === 5)
  await edit(account, webhook, 1, form, { url: `${edited.url}/new` })
  await makeDue(account.accountId)
  drain.wake()
  await until(async () => (await queued(account.accountId)) === 0)
  expect(old.requests).toHaveLength(5)
  const bodies = (requests: typeof old.requests) =>
    requests.map(({ headers, body }) => `${headers['webhook-id']} ${body}`).sort()
  expect(bodies(edited.requests)).toEqual(bodies(old.requests))
  expect(new Set(edited.requests.map(({ url, headers }) => `${url} ${headers['hearback-attempt']}`))).toEqual(
    new Set(['/new 2']),
  )
  const versions = await hub.rows(
    'select attempt, webhook_version from calls where account_id = $1 group by 1, 2 order by 1',
    [account.accountId],
  )
  expect(versions).toEqual([
    { attempt: 1, webhook_version: 1 },
    { attempt: 2, webhook_version: 2 },
  ])
})

test('an edit while calls are buffered and in flight breaks none of them', async () => {
  const account = await makeSender(hub)
  const receivers = [await aReceiver({ delayMs: 20 }), await aReceiver({ delayMs: 20 })]
  const url = (n: number) => `${receivers[n % 2]?.url}/${n}`
  const form = webhookForm({ url: url(0) }, localForms)
  const webhook = await makeLocalWebhook(hub, account, form)
  await hub.post(account.key, events(800))
  hub.drain()
  await receivers[0]?.waitFor(20)
  for (let n = 1; n <= 10; n++) {
    await edit(account, webhook, n, form, { url: url(n) })
    await sleep(50)
  }
  await until(async () => (await queued(account.accountId)) === 0, 20_000)
  const failures = await hub.rows('select failure, count(*)::int as n from calls where account_id = $1 group by 1', [
    account.accountId,
  ])
  expect(failures).toEqual([{ failure: null, n: 800 }])
  expect(receivers.reduce((sum, { requests }) => sum + requests.length, 0)).toBe(800)
}, 30_000)

test('every retry carries the pre-shared key of the trigger; later events carry the new one, or none', async () => {
  const account = await makeSender(hub)
  const { accountId, key } = account
  const receiver = await aReceiver(500)
  await makeLocalWebhook(hub, account, { url: receiver.url })
  await hub.post(key, someEvent({}, { id: 'before any key' }))
  await setPreSharedKey(hub.db, accountId, null, 'first key')
  await hub.post(key, someEvent({}, { id: 'first' }))
  const drain = hub.drain()
  await until(async () => (await calls(accountId)) === 2)
  await setPreSharedKey(hub.db, accountId, null, 'second key')
  await hub.post(key, someEvent({}, { id: 'second' }))
  await removePreSharedKey(hub.db, accountId, null)
  await hub.post(key, someEvent({}, { id: 'removed' }))
  for (const wanted of [4, 8]) {
    await makeDue(accountId)
    drain.wake()
    await until(async () => (await calls(accountId)) >= wanted)
  }
  const sent = new Set(
    receiver.requests.map(({ headers, body }) =>
      [JSON.parse(body.toString()).data.feedback.id, headers.authorization].join(': '),
    ),
  )
  expect([...sent].sort()).toEqual([
    'before any key: ',
    'first: hmac first key',
    'removed: ',
    'second: hmac second key',
  ])
  const versions = await hub.rows('select distinct key_version from calls where account_id = $1 order by 1', [
    accountId,
  ])
  expect(versions).toEqual([{ key_version: 1 }, { key_version: 2 }, { key_version: null }])
})

test('a call sends the account key, Basic, an own header or no Authorization, as chosen, and a key added later changes only the first', async () => {
  const account = await makeSender(hub)
  const chosen: [Partial<WebhookForm>, before: string | undefined, after: string | undefined][] = [
    [{ authentication: 'account-key' }, undefined, 'hmac the key that came later'],
    [{ authentication: 'basic', basicUser: 'hub', basicPassword: 'a pass:word' }, basicLine, basicLine],
    [{ authentication: 'own-header', ownHeader: 'Bearer of-the-shop' }, 'Bearer of-the-shop', 'Bearer of-the-shop'],
    [{ authentication: 'none' }, undefined, undefined],
  ]
  const receivers = await Promise.all(chosen.map(() => aReceiver()))
  for (const [i, [form]] of chosen.entries())
    await makeLocalWebhook(hub, account, { ...form, url: (receivers[i] as Receiver).url })
  hub.drain()
  await hub.post(account.key, events(1))
  await Promise.all(receivers.map((receiver) => receiver.waitFor(1)))
  await setPreSharedKey(hub.db, account.accountId, null, 'the key that came later')
  await hub.post(account.key, events(1))
  for (const [i, [, before, after]] of chosen.entries()) {
    const sent = await (receivers[i] as Receiver).waitFor(2)
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([before, after])
  }
})

const basicLine = `Basic ${Buffer.from('hub:a pass:word').toString('base64')}`

test('a 302 delivers where success is “2xx or 3xx”, and is a failed call elsewhere', async () => {
  const account = await makeSender(hub)
  const { accountId } = account
  const [script, other] = [await aReceiver(302), await aReceiver(302)]
  const webhookId = await makeLocalWebhook(hub, account, { url: script.url, success: '2xx-3xx' })
  const strict = await makeLocalWebhook(hub, account, { url: other.url })
  hub.drain()
  await hub.post(account.key, events(1))
  await until(async () => (await calls(accountId)) === 2)
  const made = await hub.rows('select webhook_id, status, failure from calls where account_id = $1', [accountId])
  expect(made).toContainEqual({ webhook_id: webhookId, status: 302, failure: null })
  expect(made).toContainEqual({ webhook_id: strict, status: 302, failure: 'redirect' })
  expect(await hub.rows('select webhook_id from queue where account_id = $1', [accountId])).toEqual([
    { webhook_id: strict },
  ])
})

test('a request that was sent again on a new connection is one call, recorded as that, with one attempt number', async () => {
  const account = await makeSender(hub)
  const requests: string[] = []
  const seen = new WeakSet<Socket>()
  const server = net.createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        requests.push(String(bytes))
        // The second request on a connection finds it closed.
        if (seen.has(socket)) return socket.resetAndDestroy()
        seen.add(socket)
        return socket.write('HTTP/1.1 204 No Content\r\n\r\n')
      })
  })
  const url = `http://127.0.0.1:${await listen(server)}/`
  await makeLocalWebhook(hub, account, { url })
  hub.drain()
  for (let n = 1; n <= 2; n++) {
    await hub.post(account.key, events(1))
    await until(async () => (await hub.count('calls where account_id = $1', [account.accountId])) === n)
  }
  expect(
    await hub.rows('select attempt, status, failure, reconnected from calls where account_id = $1 order by id', [
      account.accountId,
    ]),
  ).toEqual([
    { attempt: 1, status: 204, failure: null, reconnected: null },
    { attempt: 1, status: 204, failure: null, reconnected: true },
  ])
  expect(requests).toHaveLength(3)
  expect(requests[2]).toBe(requests[1])
})
