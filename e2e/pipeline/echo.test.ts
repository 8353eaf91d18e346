import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEvent } from '@/lib/events/sample-events'
import { testFire } from '@/lib/test-fires/test-fire'
import { setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { contentOfForm } from '@/lib/webhooks/webhook-content'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'
import { webhookForm } from '../fixtures/data/webhooks'
import {
  aReceiver,
  localForms,
  makeLocalWebhook,
  makeSender,
  openPipeline,
  someEvent,
  type TestPipeline,
  until,
} from '../fixtures/processes/pipeline'

// A receiver that echoes its request and its signing secret, as a debugging page does.

process.env.HEARBACK_ALLOW_PRIVATE_TARGETS = '127.0.0.0/8'

let hub: TestPipeline
beforeAll(async () => {
  hub = await openPipeline()
})
afterAll(() => hub.close())

const key = "the account's key"
const password = 'pa55-"word"'
const secret = `whsec_${Buffer.from('thirty-two bytes of signing key!').toString('base64')}`
const base64 = Buffer.from(`hub:${password}`).toString('base64')
const keyed: Partial<WebhookForm> = { secret, headers: [{ name: 'x-shop-token', value: 'tok-123456', kept: false }] }
const basic: Partial<WebhookForm> = { ...keyed, authentication: 'basic', basicUser: 'hub', basicPassword: password }

const echoing = () =>
  aReceiver(({ rawHeaders, headers }) => ({
    status: 500,
    headers: { 'x-echo': String(headers.authorization) },
    body: JSON.stringify({ rawHeaders, secret, password, token: headers['x-shop-token'] }),
  }))

/** The stored row of the account's only call, as one text. */
async function storedAnswer(accountId: string): Promise<string> {
  const text = 'select response_headers || response_body as answer from calls where account_id = $1'
  let answers: { answer: string }[] = []
  await until(async () => {
    answers = await hub.rows(text, [accountId])
    return answers.length > 0
  })
  return answers[0]?.answer ?? ''
}

function expectMasked(answer: string) {
  expect(answer).toMatch(/"x-echo","(hmac|Basic) ••••••••"/)
  expect(answer).toContain('"secret":"••••••••"')
  expect(answer).toContain('"token":"••••••••"')
  for (const hidden of [key, secret, base64, 'tok-123456']) expect(answer).not.toContain(hidden)
}

async function anAccount() {
  const account = await makeSender(hub)
  await setPreSharedKey(hub.db, account.accountId, account.userId, key)
  return account
}

test.each([
  ['the pre-shared key', keyed],
  ['Basic', basic],
])('of a delivery with %s no secret that its receiver echoes is stored', async (_, form) => {
  const account = await anAccount()
  const receiver = await echoing()
  await makeLocalWebhook(hub, account, { ...form, url: receiver.url })
  const drain = hub.drain()
  await hub.post(account.key, someEvent())
  const answer = await storedAnswer(account.accountId)
  await drain.stop()
  expectMasked(answer)
  if (form === basic) expect(answer).toContain('"password":"••••••••"')
})

test.each([
  ['the pre-shared key', keyed],
  ['Basic', basic],
])('of a test fire with %s no secret that its receiver echoes is stored or answered', async (_, set) => {
  const account = await anAccount()
  const receiver = await echoing()
  const form = webhookForm({ ...set, url: receiver.url }, localForms)
  const content = contentOfForm(form)
  if (!content.ok) throw new Error('no content')
  const fired = await testFire(hub.db, account.accountId, {
    format: 'standard',
    encoding: 'json',
    content: content.value,
    secret: form.secret,
    webhookId: null,
    event: sampleEvent('feedback.created'),
  })
  if (!fired.ok) throw new Error(fired.message)
  expectMasked(JSON.stringify(fired.result.responseHeaders) + fired.result.responseBody)
  expectMasked(await storedAnswer(account.accountId))
})
