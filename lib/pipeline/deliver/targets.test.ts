import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAccount, testFormContext, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
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

async function open() {
  const account = await makeAccount(database.db)
  const targets = openTargets(database.pool, context.urlPolicy)
  const form = webhookForm({ url: `${receiver.url}/hook` }, context)
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
