import { eq } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { recoveryJobs } from '@/lib/db/schema'
import { startRecovery } from '@/lib/recovery/recovery-jobs'
import { switchWebhook } from '@/lib/webhooks/switch-webhook'
import { byDelivery, deliveryOf, drainSettings, someEvent, until } from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

const hub = await openTestHub()
afterEach(endChildren)

const each = 120
const kills = 3

test('a recovery whose process is killed again and again queues each delivery once, and all of them arrive', async () => {
  const failing = await makeSubscriber(hub, 500, { retries: 0 })
  const missing = await makeSubscriber(hub)
  const { accountId } = failing.account
  await switchWebhook(hub.db, missing.account.accountId, null, missing.webhookId, false)
  const events = () => Array.from({ length: each }, () => someEvent())
  await hub.post(failing.account.key, events())
  await hub.post(missing.account.key, events())
  const drain = hub.drain()
  const ended = () => hub.count('outcomes where account_id = $1', [accountId])
  await until(async () => {
    // After ten failures in a row it is probing, and the others would wait for the next probe.
    await hub.pool.query(`delete from webhook_health`)
    await hub.pool.query(`update queue set run_at = hub_now() where run_at > hub_now() + interval '1 min'`)
    return (await ended()) === each
  }, 60_000)
  await drain.stop()
  await hub.pool.query('delete from webhook_health')
  await switchWebhook(hub.db, missing.account.accountId, null, missing.webhookId, true)
  failing.receiver.respond(200)
  const before = failing.receiver.requests.length

  const range = { since: Date.now() - 3_600_000, until: Date.now() + 60_000, perMinute: 6_000 as const }
  for (const { account, webhookId, expected } of [
    { ...failing, expected: { failed: each } },
    { ...missing, expected: { missed: each } },
  ])
    await startRecovery(hub.db, account.accountId, null, { ...range, webhookId, expected })
  const settings = drainSettings(hub.url)
  const sent = () => missing.receiver.requests.length
  for (let kill = 0; kill < kills; kill++) {
    const child = await startChild({ url: hub.url, drain: { settings } })
    const atLeast = sent() + 15
    await until(() => sent() >= Math.min(atLeast, each), 20_000)
    await child.kill()
  }
  await startChild({ url: hub.url, drain: { settings } })
  const jobs = () => hub.db.select().from(recoveryJobs).where(eq(recoveryJobs.state, 'done'))
  await until(async () => (await jobs()).length === 2, 30_000)
  await until(async () => (await hub.count('queue')) === 0, 30_000)

  expect((await jobs()).map(({ queued, leftOut }) => [queued, leftOut])).toEqual([
    [each, 0],
    [each, 0],
  ])
  expect(await ended()).toBe(0)
  expect(byDelivery(failing.receiver.requests.slice(before)).size).toBe(each)
  const arrived = new Set(missing.receiver.requests.map(deliveryOf))
  expect(arrived.size).toBe(each)
  expect(await hub.count('(select distinct event_id from late_deliveries) made')).toBe(each)
  // What arrived twice was answered just before its process was killed: no call is recorded twice.
  expect(await hub.count('calls where webhook_id = $1', [missing.webhookId])).toBe(each)
}, 120_000)
