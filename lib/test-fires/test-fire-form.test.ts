import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAccount, makeWebhook, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import { type Receiver, startReceiver } from '@/e2e/fixtures/receivers/receiver'
import { listCalls } from '../calls/call-queries'
import type { Database } from '../db/client'
import { queue } from '../db/history-schema'
import { sampleEvent } from '../events/sample-events'
import { newFormValues } from '../webhooks/form-defaults'
import { fireForm, fireStored } from './test-fire-form'

process.env.HEARBACK_ALLOW_PRIVATE_TARGETS = '127.0.0.0/8'

let db: Database
let receiver: Receiver
let url: string
beforeAll(async () => {
  db = (await createTestDatabase()).db
  receiver = await startReceiver({ respond: { body: 'noted' } })
  url = `${receiver.url}/hooks`
})
afterAll(() => receiver.close())

const sample = sampleEvent('feedback.created')

test('an unsaved form without a name is fired, and signed with the secret it shows', async () => {
  const { accountId } = await makeAccount(db)
  const form = { ...webhookForm(), url, name: '' }
  const fired = await fireForm(db, accountId, { webhookId: null, values: form, sample })
  expect(fired).toMatchObject({ ok: true, value: { status: 200, failure: null, responseBody: 'noted' } })
  const request = receiver.requests.at(-1)
  expect(
    new Webhook(form.secret).verify(String(request?.body), request?.headers as Record<string, string>),
  ).toMatchObject({
    type: 'feedback.created',
  })
  expect(request?.headers['hearback-test']).toBe('true')
  expect(await listCalls(db, accountId, { wholeUrls: true })).toMatchObject([
    { test: true, ruleName: 'Unsaved WebHook' },
  ])
  expect(await db.select().from(queue)).toEqual([])
})

test('an edit that leaves the password empty is fired with the stored one', async () => {
  const account = await makeAccount(db)
  const webhookId = await makeWebhook(db, account, {
    authentication: 'basic',
    basicUser: 'hub',
    basicPassword: 'pa55-word',
    headers: [{ name: 'X-Shop', value: 'shop-secret', kept: false }],
  })
  const values = {
    ...webhookForm({ authentication: 'basic', basicUser: 'hub', basicPassword: 'unused-here' }),
    basicPassword: '',
    headers: [{ name: 'X-Shop', value: '', kept: true }],
    url,
  }
  expect(await fireForm(db, account.accountId, { webhookId, values, sample })).toMatchObject({ ok: true })
  expect(receiver.requests.at(-1)?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from('hub:pa55-word').toString('base64')}`,
    'x-shop': 'shop-secret',
  })
})

test('an answer other than 2xx is returned, not thrown', async () => {
  const { accountId } = await makeAccount(db)
  receiver.respond(500)
  const fired = await fireForm(db, accountId, { webhookId: null, values: { ...webhookForm(), url }, sample })
  receiver.respond({ body: 'noted' })
  expect(fired).toMatchObject({ ok: true, value: { status: 500, failure: 'status' } })
})

test('an invalid value is an error at its field, and nothing is sent', async () => {
  const { accountId } = await makeAccount(db)
  const before = receiver.requests.length
  const values = { ...webhookForm(), url }
  expect(
    await fireForm(db, accountId, { webhookId: null, values: { ...values, url: 'http://10.0.0.1/' }, sample }),
  ).toMatchObject({ ok: false, errors: [{ field: 'url' }] })
  expect(
    await fireForm(db, accountId, { webhookId: null, values, sample: { type: 'feedback.created' } }),
  ).toMatchObject({ ok: false, errors: [{ field: 'sample' }] })
  const feefo = { ...values, format: 'feefo', events: ['feedback.created'] }
  expect(
    await fireForm(db, accountId, { webhookId: null, values: feefo, sample: sampleEvent('message.created') }),
  ).toMatchObject({ ok: false, errors: [{ field: 'sample' }] })
  expect(receiver.requests).toHaveLength(before)
})

test('a sample that the format can’t send is an error at its field, and nothing is sent', async () => {
  const { accountId } = await makeAccount(db)
  const before = receiver.requests.length
  for (const [format, words] of [
    ['customer-thermometer', /It fires by temperature, and the feedback has none/],
    ['wootric', /neither an NPS score nor a service rating/],
    ['rateup', /no answers/],
  ] as const) {
    const values = { ...webhookForm(), ...newFormValues(format), secret: 'a secret of ours', url }
    const comment = { type: 'feedback.created', feedback: { id: 'fb-1', comment: 'Words only' } }
    expect(await fireForm(db, accountId, { webhookId: null, values, sample: comment })).toMatchObject({
      ok: false,
      errors: [{ field: 'sample', message: expect.stringMatching(words) }],
    })
  }
  expect(receiver.requests).toHaveLength(before)
})

test('another account’s WebHook can’t be fired', async () => {
  const one = await makeAccount(db)
  const other = await makeAccount(db)
  const webhookId = await makeWebhook(db, one)
  expect(await fireStored(db, other.accountId, webhookId)).toMatchObject({ ok: false })
  const values = { ...webhookForm(), url }
  expect(await fireForm(db, other.accountId, { webhookId, values, sample })).toMatchObject({ ok: false })
})
