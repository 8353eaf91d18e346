import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeAccount, makeSource, type TestAccount, testFormContext, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import { type Receiver, startReceiver } from '@/e2e/fixtures/receivers/receiver'
import type { Database } from '../db/client'
import { testPasses } from '../db/schema'
import { sampleEvent } from '../events/sample-events'
import { testFirst } from '../sources/source-words'
import { editFormValues } from '../webhooks/form-defaults'
import { setPreSharedKey } from '../webhooks/pre-shared-key'
import { registerWebhook } from '../webhooks/register-webhook'
import { rotateSecret } from '../webhooks/rotate-secret'
import { updateWebhook } from '../webhooks/update-webhook'
import { readWebhookForEdit } from '../webhooks/webhook-queries'
import { type WebhookForm, webhookFormSchema } from '../webhooks/webhook-schema'
import { fireForm, fireStored } from './test-fire-form'
import { storedHasPassed } from './test-passes'

process.env.HEARBACK_ALLOW_PRIVATE_TARGETS = '127.0.0.0/8'

const context = { ...testFormContext, urlPolicy: { ...testFormContext.urlPolicy, privateTargets: ['127.0.0.0/8'] } }
const sample = sampleEvent('feedback.created')
const refusal = { ok: false, errors: [{ field: 'sources', message: testFirst }] }

let db: Database
let receiver: Receiver
let account: TestAccount
let ids: string[]
beforeAll(async () => {
  db = (await createTestDatabase()).db
  receiver = await startReceiver()
})
afterAll(() => receiver.close())
beforeEach(async () => {
  receiver.respond(200)
  account = await makeAccount(db)
  ids = [await makeSource(db, account), await makeSource(db, account)]
})

/** A form to the receiver, listening to the first source. */
const chosen = (set: Partial<WebhookForm> = {}) =>
  webhookForm({ url: `${receiver.url}/hooks`, sources: { kind: 'chosen', ids: ids.slice(0, 1) }, ...set }, context)
const fire = (values: WebhookForm, webhookId: string | null = null) =>
  fireForm(db, account.accountId, { webhookId, values, sample })
const register = (form: WebhookForm) => registerWebhook(db, { ...account, form })
const registered = async (form: WebhookForm) => {
  const saved = await register(form)
  if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
  return saved.value.webhookId
}

describe('a new WebHook with chosen sources', () => {
  test('is refused until a test fire of its values was answered 2xx', async () => {
    const form = chosen()
    expect(await register(form)).toEqual(refusal)
    receiver.respond(500)
    expect(await fire(form)).toMatchObject({ ok: true, value: { passed: false } })
    expect(await register(form)).toEqual(refusal)
    receiver.respond(204)
    expect(await fire(form)).toMatchObject({ ok: true, value: { passed: true } })
    expect(await register(form)).toMatchObject({ ok: true })
  })

  test('can be tested before any source is chosen', async () => {
    const form = chosen()
    expect(await fire({ ...form, sources: { kind: 'chosen', ids: [] } })).toMatchObject({ value: { passed: true } })
    expect(await register(form)).toMatchObject({ ok: true })
  })

  test('with all sources needs no test fire', async () => {
    expect(await register(chosen({ sources: { kind: 'all' } }))).toMatchObject({ ok: true })
  })

  const basic = { authentication: 'basic', basicUser: 'hub', basicPassword: 'pa55-word' } as const
  const header = (value: string) => ({ headers: [{ name: 'X-Shop', value, kept: false }] })
  const rateup = { format: 'rateup', secret: 'a-secret-of-the-receiver', events: ['feedback.created'] } as const
  const wootric = { ...rateup, format: 'wootric' } as const
  test.each<[string, Partial<WebhookForm>, Partial<WebhookForm>]>([
    ['URL', {}, { url: 'https://93.184.215.14/elsewhere' }],
    ['format', { ...rateup, events: ['feedback.created'] }, { ...wootric, events: ['feedback.created'] }],
    ['encoding', { ...wootric, events: ['feedback.created'], encoding: 'json' }, { encoding: 'form' }],
    ['authentication', {}, basic],
    ['Basic user', basic, { basicUser: 'hub2' }],
    ['Basic password', basic, { basicPassword: 'pa55-word2' }],
    ['custom header', header('one'), header('two')],
    ['signing secret', {}, { secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }],
  ])('is refused again when another %s is saved than was tested', async (_, tested, changed) => {
    const form = chosen(tested)
    await fire(form)
    expect(await register({ ...form, ...changed })).toEqual(refusal)
    expect(await register(form)).toMatchObject({ ok: true })
  })

  test('is refused again once the account has another pre-shared key, unless Basic takes its place', async () => {
    const [byKey, byBasic] = [chosen(), chosen(basic)]
    await fire(byKey)
    await fire(byBasic)
    await setPreSharedKey(db, account.accountId, account.userId, 'another key')
    expect(await register(byKey)).toEqual(refusal)
    expect(await register(byBasic)).toMatchObject({ ok: true })
  })

  test('may have another rule, name, timeout or order of headers than was tested', async () => {
    const headers = ['X-One', 'X-Two'].map((name) => ({ name, value: 'v', kept: false }))
    const form = chosen({ headers })
    await fire(form)
    const saved = { ...form, name: 'Renamed', timeoutSeconds: 9, retries: 0, headers: headers.toReversed() }
    expect(await register({ ...saved, condition: { kind: 'service', ratings: [1] } })).toMatchObject({ ok: true })
  })

  test('is not opened by what another account tested', async () => {
    const form = chosen()
    await fire(form)
    const other = await makeAccount(db)
    const sources = { kind: 'chosen' as const, ids: [await makeSource(db, other)] }
    expect(await registerWebhook(db, { ...other, form: { ...form, sources } })).toEqual(refusal)
  })

  test('refuses a source that is archived or another account’s', async () => {
    const form = chosen()
    await fire(form)
    const foreign = await makeSource(db, await makeAccount(db))
    const wrong = { ok: false, errors: [{ field: 'sources', message: expect.stringContaining('archived') }] }
    expect(await register({ ...form, sources: { kind: 'chosen', ids: [ids[0] as string, foreign] } })).toEqual(wrong)
  })
})

describe('a saved WebHook', () => {
  test('keeps its links when its URL changes, and needs another test fire to add one', async () => {
    const form = chosen()
    await fire(form)
    const id = await registered(form)
    const moved = { ...form, url: `${receiver.url}/moved` }
    const { accountId, userId } = account
    expect(await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 1, form: moved })).toMatchObject({
      ok: true,
    })
    const more = { ...moved, sources: { kind: 'chosen' as const, ids } }
    expect(await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 2, form: more })).toEqual(refusal)
    await fire(more, id)
    expect(await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 2, form: more })).toMatchObject({
      ok: true,
    })
    expect((await readWebhookForEdit(db, accountId, id))?.sourceIds?.toSorted()).toEqual(ids.toSorted())
  })

  test('tested from the list, or as a form before it was saved, has passed', async () => {
    const tested = chosen({ sources: { kind: 'all' } })
    await fire(tested)
    expect(await storedHasPassed(db, account.accountId, await registered(tested))).toBe(true)
    const id = await registered(chosen({ sources: { kind: 'all' } }))
    expect(await storedHasPassed(db, account.accountId, id)).toBe(false)
    expect(await fireStored(db, account.accountId, id)).toMatchObject({ ok: true, value: { passed: true } })
    expect(await storedHasPassed(db, account.accountId, id)).toBe(true)
    const other = await makeAccount(db)
    expect(await storedHasPassed(db, other.accountId, id)).toBe(false)
  })

  test('whose form keeps the stored secrets is tested with those', async () => {
    const form = chosen({
      sources: { kind: 'all' },
      authentication: 'basic',
      basicUser: 'hub',
      basicPassword: 'pa55-word',
      headers: [{ name: 'X-Shop', value: 'shop-secret', kept: false }],
    })
    const { accountId, userId } = account
    const id = await registered(form)
    const stored = await readWebhookForEdit(db, accountId, id)
    if (!stored) throw new Error('is not there')
    const kept = webhookFormSchema({
      ...context,
      stored: { format: 'standard', encoding: 'json', npsCondition: false, basicPassword: true },
    }).parse({ ...editFormValues(stored), sources: { kind: 'chosen', ids } })
    expect(await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 1, form: kept })).toEqual(refusal)
    await fire(kept, id)
    expect(await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 1, form: kept })).toMatchObject({
      ok: true,
    })
  })

  test('has to be tested again after its signing secret was rotated', async () => {
    const form = chosen({ sources: { kind: 'all' } })
    await fire(form)
    const id = await registered(form)
    const rotation = { entered: false, secret: '', overlapHours: 24 }
    expect(await rotateSecret(db, { ...account, webhookId: id, rotation })).toMatchObject({ ok: true })
    expect(await storedHasPassed(db, account.accountId, id)).toBe(false)
    await fireStored(db, account.accountId, id)
    expect(await storedHasPassed(db, account.accountId, id)).toBe(true)
  })
})

test('what is kept of a test fire is 32 bytes, the same for the same values', async () => {
  const form = chosen({ authentication: 'basic', basicUser: 'hub', basicPassword: 'pa55-word' })
  await fire(form)
  await fire({ ...form, name: 'Another name' })
  const passes = await db.select().from(testPasses).where(eq(testPasses.accountId, account.accountId))
  expect(passes.map(({ hash }) => hash.length)).toEqual([32])
})
