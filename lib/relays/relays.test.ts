import { expect, test } from 'vitest'
import { listen, type Relay, type RelayedCall } from '@/clients/typescript/src/listen'
import { verify } from '@/clients/typescript/src/verify'
import { aReceiver, makeSender, silentLog, someEvent, until } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import { createApiKey } from '../accounts/api-keys'
import { openApi } from '../api/open-api'
import { formatKeys } from '../formats/format'
import { readId } from '../type-id'
import { setPreSharedKey } from '../webhooks/pre-shared-key'
import { releaseWebhook, switchWebhook } from '../webhooks/switch-webhook'

// The hub's side and the client's together: listen() takes the calls of a relay from the API and makes them at a receiver.

const hub = await openTestHub()
const fast = { perSecond: 100_000, burst: 100_000 }
const api = openApi({
  db: hub.db,
  log: silentLog,
  addressOf: () => '203.0.113.9',
  rates: { key: fast, stranger: fast },
})
const url = 'http://hub.test'
/** As fetch does: who aborts waits no longer. */
const asked: typeof fetch = (input, init) =>
  Promise.race([
    api(new Request(input as URL, init)),
    new Promise<never>((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
  ])

async function makeListener() {
  const sender = await makeSender(hub)
  const { key: apiKey } = await createApiKey(hub.db, sender.accountId, null, { name: 'listen', scopes: ['manage'] })
  return { ...sender, apiKey }
}
type Listener = Awaited<ReturnType<typeof makeListener>>

const ask = (apiKey: string, path: string, init: RequestInit = {}) =>
  asked(new URL(`/api/v1/relays${path}`, url), {
    ...init,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
  })

/** Listens until `close`. */
async function startListening({ apiKey }: Listener, to: string, format: Relay['format'] = 'standard') {
  const stop = new AbortController()
  const calls: RelayedCall[] = []
  let relay: Relay | undefined
  const ended = listen({
    ...{ url, apiKey, fetch: asked, to, format, signal: stop.signal },
    onOpen: (opened) => (relay = opened),
    onCall: (call) => calls.push(call),
  })
  ended.catch(() => {})
  await until(() => relay !== undefined)
  const close = () => {
    stop.abort()
    return ended
  }
  return { relay: relay as unknown as Relay, calls, close }
}

const callsOf = (account: { accountId: string }) =>
  hub.rows<{ status: number | null; failure: string | null; response_body: string; attempt: number }>(
    'select status, failure, response_body, attempt from calls where account_id = $1 order by id',
    [account.accountId],
  )

test('the calls of a relay reach the machine byte for byte, and its answer is the one that is recorded', async () => {
  hub.drain()
  const { post } = await hub.drainAndPost()
  const account = await makeListener()
  const receiver = await aReceiver({ status: 201, body: 'taken', headers: { 'x-own': 'yes' } })
  const { relay, calls, close } = await startListening(account, `${receiver.url}/hooks`)
  const { body } = await post(account.key, someEvent({}, { comment: 'Später 🙂' }))
  expect(body.events).toMatchObject([{ deliveries: 1 }])
  await until(() => calls.length === 1)

  const [request] = receiver.requests
  const { headers = {}, body: bytes = Buffer.alloc(0) } = request ?? {}
  expect(
    verify({ format: 'standard', headers: headers as Record<string, string>, body: bytes, secret: relay.secret ?? '' }),
  ).toBe(true)
  const [payload] = await hub.rows<{ body: string }>('select body from payloads where account_id = $1', [
    account.accountId,
  ])
  expect(bytes.toString()).toBe(payload?.body)
  expect(calls).toMatchObject([{ delivery: headers['webhook-id'], status: 201, attempt: 1, recorded: true }])
  expect(await callsOf(account)).toMatchObject([{ status: 201, failure: null, response_body: 'taken', attempt: 1 }])
  expect(await hub.count('queue where account_id = $1', [account.accountId])).toBe(0)
  await close()
  expect((await ask(account.apiKey, `/${relay.id}/calls`)).status).toBe(404)
})

test.each(formatKeys)('what a relay of the format %s is sent is genuine', async (format) => {
  const account = await makeListener()
  await setPreSharedKey(hub.db, account.accountId, null, 'the key of this account')
  const receiver = await aReceiver()
  const { relay, close } = await startListening(account, receiver.url, format)
  await hub.post(
    account.key,
    someEvent({}, { nps: { score: 6 }, temperature: 'red', answers: [{ type: 'Rating', title: 'How?', response: 3 }] }),
  )
  await until(() => receiver.requests.length === 1)
  const { headers, body } = receiver.requests[0] as (typeof receiver.requests)[0]
  const secret = relay.secret ?? 'the key of this account'
  const call = { format, headers: headers as Record<string, string>, body, secret }
  expect(verify(call)).toBe(true)
  expect(verify({ ...call, secret: format === 'standard' ? 'whsec_AAAA' : 'another secret' })).toBe(false)
  await close()
})

test('an answer of 500 and a machine without a server are failed calls, tried once, and nobody gets a notice', async () => {
  const account = await makeListener()
  const receiver = await aReceiver({ status: 500 })
  const first = await startListening(account, receiver.url)
  await hub.post(account.key, someEvent())
  await until(() => first.calls.length === 1)
  await first.close()
  const second = await startListening(account, 'http://127.0.0.1:1/')
  await hub.post(account.key, someEvent())
  await until(() => second.calls.length === 1)
  await second.close()
  expect(await callsOf(account)).toMatchObject([
    { status: 500, failure: 'status' },
    { status: null, failure: 'refused' },
  ])
  expect(await hub.count(`outcomes where account_id = $1 and reason = 'retries-used-up'`, [account.accountId])).toBe(2)
  expect(await hub.count('notices where account_id = $1', [account.accountId])).toBe(0)
})

test('a relay whose machine is not heard of for a minute is closed, and what waits for it is cancelled with that reason', async () => {
  const account = await makeListener()
  const opened = await ask(account.apiKey, '', { method: 'POST' })
  expect(opened.status).toBe(201)
  const relay = (await opened.json()) as Relay
  const webhookId = readId('webhook', relay.id) ?? ''
  await hub.post(account.key, someEvent())
  // A person releases it on its page: still no drainer calls it.
  await releaseWebhook(hub.db, account.accountId, account.userId, webhookId)
  expect(await hub.count(`queue where webhook_id = $1 and run_at = 'infinity'`, [webhookId])).toBe(1)
  await hub.rows(`update webhooks set held_until = hub_now() where id = $1`, [webhookId])
  hub.drain()
  await until(
    async () => (await hub.count(`outcomes where webhook_id = $1 and reason = 'relay-closed'`, [webhookId])) === 1,
  )
  expect((await ask(account.apiKey, `/${relay.id}/calls`)).status).toBe(404)
  expect(await callsOf(account)).toEqual([])
})

test('a call is answered once, within its lease, and by who was given it', async () => {
  const account = await makeListener()
  const relay = (await (await ask(account.apiKey, '', { method: 'POST' })).json()) as Relay
  await hub.post(account.key, someEvent())
  const take = async () =>
    (await (await ask(account.apiKey, `/${relay.id}/calls?wait=2`)).json()) as { calls: { call: string }[] }
  const { calls } = await take()
  expect(calls).toHaveLength(1)
  expect((await ask(account.apiKey, `/${relay.id}/calls`)).status).toBe(200)
  const answer = (call: unknown, apiKey = account.apiKey) =>
    ask(apiKey, `/${relay.id}/answers`, {
      method: 'POST',
      body: JSON.stringify({ call, durationMs: 5, result: { kind: 'error', code: 'ECONNRESET' } }),
    }).then(({ status }) => status)
  const given = calls[0]?.call
  expect(await answer(`${given}x`)).toBe(404)
  expect(await answer(7)).toBe(422)
  const stranger = await makeListener()
  expect(await answer(given, stranger.apiKey)).toBe(404)
  expect(await answer(given)).toBe(204)
  expect(await answer(given)).toBe(409)
  expect(await callsOf(account)).toMatchObject([{ failure: 'reset' }])
})

test('a relay that is switched off is closed', async () => {
  const account = await makeListener()
  const relay = (await (await ask(account.apiKey, '', { method: 'POST' })).json()) as Relay
  await hub.post(account.key, someEvent())
  const webhookId = readId('webhook', relay.id) ?? ''
  expect(await switchWebhook(hub.db, account.accountId, account.userId, webhookId, false)).toMatchObject({
    cancelled: 1,
  })
  expect((await ask(account.apiKey, `/${relay.id}/calls`)).status).toBe(404)
})

test('relays need a key of the scope manage, are of one account, and ten at most', async () => {
  const account = await makeListener()
  expect((await ask('hbk_none', '', { method: 'POST' })).status).toBe(401)
  expect((await ask(account.key, '', { method: 'POST' })).status).toBe(403)
  const bad = await ask(account.apiKey, '', { method: 'POST', body: '{"format":"none"}' })
  expect([bad.status, await bad.json()]).toMatchObject([422, { errors: [{ path: 'format' }] }])
  const relay = (await (await ask(account.apiKey, '', { method: 'POST' })).json()) as Relay
  const stranger = await makeListener()
  for (const [path, method] of [
    [`/${relay.id}/calls`, 'GET'],
    [`/${relay.id}`, 'DELETE'],
    ['/whk_none', 'DELETE'],
  ] as const)
    expect((await ask(stranger.apiKey, path, { method })).status).toBe(404)
  for (let i = 1; i < 10; i++) expect((await ask(account.apiKey, '', { method: 'POST' })).status).toBe(201)
  expect((await ask(account.apiKey, '', { method: 'POST' })).status).toBe(409)
})
