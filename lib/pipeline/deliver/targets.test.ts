import net, { type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAccount, testFormContext, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { listen } from '@/e2e/fixtures/receivers/calling'
import { type Receiver, startReceiver } from '@/e2e/fixtures/receivers/receiver'
import { registerWebhook } from '../../webhooks/register-webhook'
import { updateWebhook } from '../../webhooks/update-webhook'
import { deliver } from './deliver'
import { openTargets, type Target } from './targets'

const allowed = ['127.0.0.0/8']
const context = { ...testFormContext, urlPolicy: { http: 'always' as const, ports: [], privateTargets: allowed } }
const call = { path: '/hook', headers: [], body: '{}' }

let database: TestDatabase
let receiver: Receiver
beforeAll(async () => {
  database = await createTestDatabase()
  receiver = await startReceiver()
})
afterAll(() => receiver.close())

async function open(url = `${receiver.url}/hook`) {
  const account = await makeAccount(database.db)
  const targets = openTargets(database.pool, context.urlPolicy)
  const form = webhookForm({ url }, context)
  const saved = await registerWebhook(database.db, { ...account, form })
  const { webhookId } = saved.ok ? saved.value : { webhookId: '' }
  const get = async (id: string, version: number) => (await targets.get(account.accountId, id, version)) as Target
  return { ...account, targets, form, webhookId, get }
}

test('a target that was read before an edit can still be called', async () => {
  const { accountId, userId, targets, form, webhookId, get } = await open()
  const before = await get(webhookId, 1)
  expect((await deliver(before.client, call, 10_000)).failure).toBeNull()
  await updateWebhook(database.db, {
    accountId,
    userId,
    webhookId,
    openedVersion: 1,
    form: { ...form, timeoutSeconds: 9 },
  })
  const after = await get(webhookId, before.configVersion + 1)
  expect(after.timeoutMs).toBe(9_000)
  expect((await deliver(after.client, call, 10_000)).failure).toBeNull()
  expect((await deliver(before.client, call, 10_000)).failure).toBeNull()
  await targets.close()
})

test('a target that is kept while 2,100 other webhooks are called can still be called', async () => {
  const { accountId, targets, webhookId, get } = await open()
  const first = await get(webhookId, 1)
  expect((await deliver(first.client, call, 10_000)).failure).toBeNull()
  const { rows } = await database.pool.query<{ id: string }>(
    `with copies as (
      insert into webhooks (account_id, id, number, name_key, format, version)
      select account_id, gen_random_uuid(), n, 'copy ' || n, 'feefo', 1 from webhooks, generate_series(100, 2199) n
      where account_id = $1 and id = $2 returning id),
    versions as (
      insert into webhook_versions (account_id, webhook_id, version, name, url, rule, authentication, retries, timeout_seconds)
      select $1, c.id, 1, name, url, rule, authentication, retries, timeout_seconds from webhook_versions, copies c
      where account_id = $1 and webhook_id = $2)
    select id from copies`,
    [accountId, webhookId],
  )
  await Promise.all(rows.map(({ id }) => get(id, 1)))
  expect((await deliver(first.client, call, 10_000)).failure).toBeNull()
  expect((await deliver((await get(webhookId, 1)).client, call, 10_000)).failure).toBeNull()
  await targets.close()
})

test('a receiver that closes idle connections gets no later call on one that was idle for so long', async () => {
  let resets = 0
  const keptMs = 150
  const port = await listen(
    net.createServer((socket: Socket) => {
      let usedAt = performance.now()
      socket.on('data', () => {
        const idleMs = performance.now() - usedAt
        usedAt = performance.now()
        if (idleMs < keptMs) return socket.write('HTTP/1.1 204 No Content\r\n\r\n')
        resets++
        return socket.resetAndDestroy()
      })
    }),
  )
  const { targets, webhookId, get } = await open(`http://127.0.0.1:${port}/hook`)
  const target = await get(webhookId, 1)
  const send = () => deliver(target.client, call, 10_000)
  expect(await send()).toMatchObject({ status: 204, reconnected: false })
  await sleep(keptMs + 50)
  expect(await send()).toMatchObject({ status: 204, failure: null, reconnected: true })
  for (let i = 0; i < 2; i++) {
    expect(await send()).toMatchObject({ status: 204, reconnected: false })
    await sleep(keptMs + 50)
  }
  expect(resets).toBe(1)
  await targets.close()
})

test('a receiver that restarts amid calls keeps its idle connections as long as before', async () => {
  const { targets, webhookId, get } = await open()
  const target = await get(webhookId, 1)
  const before = target.client
  before.foundClosed(99)
  expect(target.client).toBe(before)
  before.foundClosed(100)
  expect(target.client).not.toBe(before)
  await targets.close()
})

test.each([
  ['http://93.184.215.14/hook', 'http'],
  ['https://93.184.215.14:8443/hook', 'port 8443'],
])('%s, saved when it was allowed, is not called once it no longer is', async (url, detail) => {
  const account = await makeAccount(database.db)
  const once = { ...testFormContext, urlPolicy: { http: 'always' as const, ports: [8443], privateTargets: [] } }
  const saved = await registerWebhook(database.db, { ...account, form: webhookForm({ url }, once) })
  const targets = openTargets(database.pool, { http: 'format', ports: [], privateTargets: [] })
  const target = (await targets.get(account.accountId, saved.ok ? saved.value.webhookId : '', 1)) as Target
  const result = await deliver(target.client, call, 10_000)
  expect(result).toMatchObject({ status: null, failure: 'blocked-url', detail, connectMs: null })
  await targets.close()
})
