import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey, revokeApiKey } from '@/lib/accounts/api-keys'
import { readId } from '@/lib/type-id'
import { removePreSharedKey, setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { deleteWebhook, switchWebhook } from '@/lib/webhooks/switch-webhook'
import { updateWebhook } from '@/lib/webhooks/update-webhook'
import { webhookForm } from '../fixtures/data/webhooks'
import { localForms, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { type Child, endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'

// Two processes keep an account's configuration in memory, and a third changes it. Every event that is sent after the
// answer to the change is processed with the new configuration (docs/delivery.md).

const hub = await openTestHub()
let children: [Child, Child]
beforeAll(async () => {
  children = await Promise.all([startChild({ url: hub.url, web: true }), startChild({ url: hub.url, web: true })])
})
afterAll(endChildren)

const url = 'http://127.0.0.1:1/hook'

test('an edit that was confirmed before an event was sent applies to that event in every process', async () => {
  const account = await makeSender(hub)
  const { accountId, key } = account
  const form = webhookForm({ url, name: 'edited' }, localForms)
  const edited = await makeLocalWebhook(hub, account, form)
  const standard = { format: 'standard', encoding: 'json', npsCondition: false, basicPassword: false } as const
  const stored = { ...localForms, stored: standard }
  const now = { enabled: true, version: 1, rating: 0, keyVersion: null as number | null }
  const others: string[] = []
  let keys = 0
  let loading = true
  // Other senders post throughout, so that both processes read the configuration while it changes.
  const load = children.map(async ({ post }) => {
    while (loading) {
      await post(key, someEvent({ notify: false })).catch(() => {})
      await sleep(5)
    }
  })
  const edits = [
    async () => {
      now.enabled = !now.enabled
      await switchWebhook(hub.db, accountId, null, edited, now.enabled)
    },
    async () => {
      now.rating = (now.rating % 5) + 1
      const condition = { kind: 'service' as const, ratings: [now.rating] }
      const saved = await updateWebhook(hub.db, {
        accountId,
        userId: null,
        webhookId: edited,
        openedVersion: now.version++,
        form: webhookForm({ ...form, condition }, stored),
      })
      expect(saved.ok).toBe(true)
    },
    async () => {
      now.keyVersion = ++keys
      await setPreSharedKey(hub.db, accountId, null, `key number ${keys}`)
    },
    async () => {
      now.keyVersion = null
      await removePreSharedKey(hub.db, accountId, null)
    },
    async () => {
      const gone = others.pop()
      if (gone) await deleteWebhook(hub.db, accountId, null, gone)
      else others.push(await makeLocalWebhook(hub, account, { url }))
    },
  ]
  for (let n = 0; n < 60; n++) {
    await edits[n % edits.length]?.()
    const rating = now.rating || 3
    const event = () => someEvent({}, { service: { rating } })
    const answers = await Promise.all(children.map(({ post }) => post(key, [event(), event()])))
    const wanted = (now.enabled ? 1 : 0) + others.length
    expect(answers.flatMap(({ body }) => body.events.map(({ deliveries }) => deliveries))).toEqual(
      Array(4).fill(wanted),
    )
    const ids = answers.flatMap(({ body }) => body.events.map(({ id }) => readId('event', id)))
    const made = await hub.rows<{ webhook_id: string; webhook_version: number; key_version: number | null }>(
      `select q.webhook_id, d.webhook_version, q.key_version from deliveries d join queue q on q.delivery_id = d.id
       where d.event_id = any($1)`,
      [ids],
    )
    expect(made).toHaveLength(4 * wanted)
    for (const { webhook_id, webhook_version, key_version } of made) {
      expect(key_version).toBe(now.keyVersion)
      if (webhook_id === edited) expect(webhook_version).toBe(now.version)
    }
  }
  loading = false
  await Promise.all(load)
}, 60_000)

test('a revoked API key is refused at once by every process that has cached it', async () => {
  const { accountId, userId } = await makeSender(hub)
  for (let n = 0; n < 10; n++) {
    const { id, key } = await createApiKey(hub.db, accountId, null, { name: 'short-lived', scopes: ['ingest'] })
    const before = await Promise.all(children.map(({ post }) => post(key, someEvent())))
    expect(before.map(({ status }) => status)).toEqual([202, 202])
    await revokeApiKey(hub.db, accountId, userId, id)
    const after = await Promise.all(children.map(({ post }) => post(key, someEvent())))
    expect(after.map(({ status }) => status)).toEqual([401, 401])
  }
  expect(await hub.count('events where account_id = $1', [accountId])).toBe(20)
})

test('events whose key is revoked while they wait are refused, and other events of the group are accepted', async () => {
  const revoked = await makeSender(hub)
  const neighbour = await makeSender(hub)
  for (const { key } of [revoked, neighbour]) await hub.post(key, someEvent())
  const letGo = await hub.holdUp('ingest_keys', 'access exclusive')
  const groups = [1, 2].map((n) => sleep(n * 100).then(() => hub.post(neighbour.key, someEvent({ id: `${n}` }))))
  await until(async () => (await hub.heldUp()) === 2)
  const waiting = [hub.post(revoked.key, someEvent()), hub.post(neighbour.key, someEvent())]
  await sleep(100)
  await revokeApiKey(hub.db, revoked.accountId, revoked.userId, revoked.keyId)
  await letGo()
  await Promise.all(groups)
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([401, 202])
  expect(await hub.count('events where account_id = $1', [revoked.accountId])).toBe(1)
  expect(await hub.count('events where account_id = $1', [neighbour.accountId])).toBe(4)
})
