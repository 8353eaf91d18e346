import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeAccount, makeSource, makeWebhook, type TestAccount, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import { type Receiver, startReceiver } from '@/e2e/fixtures/receivers/receiver'
import type { Database } from '../db/client'
import { webhookSources } from '../db/schema'
import { countGraphemes } from '../entered-name'
import { fireStored } from '../test-fires/test-fire-form'
import { registerWebhook } from '../webhooks/register-webhook'
import { listWebhooks, readWebhookForEdit } from '../webhooks/webhook-queries'
import { archiveSource } from './change-source'
import { ruleNameOf } from './rule-name'
import { readSourceWebhook, saveSourceWebhook } from './source-webhook'
import { linkedChoices, sourcesOfWebhooks, webhooksOfSource } from './webhook-sources'

process.env.HEARBACK_ALLOW_PRIVATE_TARGETS = '127.0.0.0/8'

const whole = { wholeUrls: true }
let db: Database
let receiver: Receiver
let account: TestAccount
beforeAll(async () => {
  db = (await createTestDatabase()).db
  receiver = await startReceiver()
})
afterAll(() => receiver.close())
beforeEach(async () => {
  account = await makeAccount(db)
})
const save = (sourceId: string, url: string) => saveSourceWebhook(db, { ...account, sourceId, url })

describe('a source’s own Settings tab', () => {
  test('makes a WebHook in format Rateup, named after the source and linked to it alone, not tested', async () => {
    const { accountId } = account
    const sourceId = await makeSource(db, account, { name: 'Exit survey' })
    expect(await readSourceWebhook(db, accountId, sourceId, whole)).toBeUndefined()
    const saved = await save(sourceId, `${receiver.url}/exit`)
    const webhookId = saved.ok ? saved.value.webhookId : ''
    expect(await readWebhookForEdit(db, accountId, webhookId)).toMatchObject({
      name: 'Exit survey',
      format: 'rateup',
      retries: 3,
      enabled: true,
      sourceIds: [sourceId],
    })
    expect(await db.select().from(webhookSources).where(eq(webhookSources.accountId, accountId))).toMatchObject([
      { webhookId, sourceId, tested: false },
    ])
    expect(await readSourceWebhook(db, accountId, sourceId, whole)).toMatchObject({
      id: webhookId,
      url: `${receiver.url}/exit`,
      tested: false,
    })
    expect((await readSourceWebhook(db, accountId, sourceId, { wholeUrls: false }))?.url).toBe(`${receiver.url}/…`)
  })

  test('is shown as tested once a test fire passed, and as untested after its URL changed', async () => {
    const { accountId } = account
    const sourceId = await makeSource(db, account)
    const saved = await save(sourceId, `${receiver.url}/one`)
    const webhookId = saved.ok ? saved.value.webhookId : ''
    await fireStored(db, accountId, webhookId)
    expect(await readSourceWebhook(db, accountId, sourceId, whole)).toMatchObject({ tested: true })
    expect(await save(sourceId, `${receiver.url}/two`)).toEqual({ ok: true, value: { webhookId } })
    expect(await readSourceWebhook(db, accountId, sourceId, whole)).toMatchObject({
      id: webhookId,
      url: `${receiver.url}/two`,
      tested: false,
    })
    expect(await listWebhooks(db, accountId, whole)).toHaveLength(1)
  })

  test('refuses a URL by the same rules as the WebHook form, at its field', async () => {
    const sourceId = await makeSource(db, account)
    for (const url of ['', 'not a url', 'https://10.0.0.1/', 'http://192.168.1.1/', 'ftp://93.184.215.14/'])
      expect(await save(sourceId, url)).toMatchObject({ ok: false, errors: [{ field: 'url' }] })
    expect(await listWebhooks(db, account.accountId, whole)).toEqual([])
  })

  test('finds a free name that fits', async () => {
    const name = 'A survey whose name is far too long for a rule'
    await makeWebhook(db, account, { name: 'a SURVEY whose name is f' })
    const one = await makeSource(db, account, { name })
    const two = await makeSource(db, account, { name })
    await save(one, receiver.url)
    await save(two, receiver.url)
    const names = (await listWebhooks(db, account.accountId, whole)).map((webhook) => webhook.name)
    expect(names).toEqual(['a SURVEY whose name is f', 'A survey whose name is 2', 'A survey whose name is 3'])
  })

  test('registers another WebHook when the existing one is linked to other sources too', async () => {
    const { accountId, userId } = account
    const [one, two] = [await makeSource(db, account), await makeSource(db, account)]
    const shared = webhookForm({ format: 'rateup', sources: { kind: 'chosen', ids: [one, two] } })
    await registerWebhook(db, { accountId, userId, form: shared, untested: true })
    expect(await readSourceWebhook(db, accountId, one, whole)).toBeUndefined()
    await save(one, receiver.url)
    expect(await webhooksOfSource(db, accountId, one)).toHaveLength(2)
  })

  test('registers none for another account’s source or an archived one', async () => {
    const sourceId = await makeSource(db, account)
    const other = await makeAccount(db)
    expect(await saveSourceWebhook(db, { ...other, sourceId, url: receiver.url })).toMatchObject({
      ok: false,
    })
    await archiveSource(db, account.accountId, account.userId, sourceId, true)
    const refused = await save(sourceId, receiver.url)
    expect(refused).toMatchObject({ ok: false, errors: [{ message: expect.stringContaining('archived') }] })
  })
})

describe('the name of a rule made of a source’s name', () => {
  test.each([
    ['Exit survey', [], 'Exit survey'],
    ['Exit survey', ['Exit survey', 'Exit survey 2'], 'Exit survey 3'],
    ['   \n ', [], 'Source'],
    ['👩‍👩‍👧‍👦'.repeat(30), [], '👩‍👩‍👧‍👦'.repeat(13)],
    ['A line\nand another', [], 'A line and another'],
  ])('%j is as far as it fits and is free', (source, taken, name) => {
    const made = ruleNameOf(source, (candidate) => (taken as string[]).includes(candidate))
    expect(made).toBe(name)
    expect(countGraphemes(made)).toBeLessThanOrEqual(24)
  })
})

describe('what the list shows of a WebHook’s sources', () => {
  test('is "all", or the linked ones by name, and whether none is in use', async () => {
    const { accountId, userId } = account
    const email = await makeSource(db, account, { name: 'Mail', kind: 'email' })
    const flow = await makeSource(db, account, { name: 'flow', kind: 'whatsapp_flow' })
    const link = async (ids: string[]) => {
      const saved = await registerWebhook(db, {
        accountId,
        userId,
        form: webhookForm({ sources: { kind: 'chosen', ids } }),
        untested: true,
      })
      return saved.ok ? saved.value.webhookId : ''
    }
    const [all, both, one] = [await makeWebhook(db, account), await link([email, flow]), await link([flow])]
    await archiveSource(db, accountId, userId, flow, true)
    const found = await sourcesOfWebhooks(db, accountId, [all, both, one])
    expect(found.get(all)).toEqual({ all: true })
    expect(found.get(both)).toEqual({
      all: false,
      count: 2,
      allArchived: false,
      sources: [
        { id: flow, name: 'flow', kind: 'whatsapp_flow', archived: true },
        { id: email, name: 'Mail', kind: 'email', archived: false },
      ],
    })
    expect(found.get(one)).toMatchObject({ count: 1, allArchived: true })
    expect(await linkedChoices(db, accountId, both)).toHaveLength(2)
    expect(await webhooksOfSource(db, accountId, email)).toMatchObject([{ id: both, only: true }])
    expect(await webhooksOfSource(db, accountId, flow)).toMatchObject([
      { id: both, only: false },
      { id: one, only: true },
    ])
    const other = await makeAccount(db)
    expect(await sourcesOfWebhooks(db, other.accountId, [all, both, one])).toEqual(new Map())
    expect(await linkedChoices(db, other.accountId, both)).toEqual([])
    expect(await webhooksOfSource(db, other.accountId, flow)).toEqual([])
  })

  test('names the first hundred of many and counts the rest', async () => {
    const { accountId, userId } = account
    await db.$client.query(
      `insert into sources (account_id, id, key, name, kind)
       select $1, gen_random_uuid(), 'k' || n, 'Source ' || lpad(n::text, 3, '0'), 'email' from generate_series(1, 150) n`,
      [accountId],
    )
    const { rows } = await db.$client.query<{ id: string }>('select id from sources where account_id = $1', [accountId])
    const form = webhookForm({ sources: { kind: 'chosen', ids: rows.map(({ id }) => id) } })
    const saved = await registerWebhook(db, { accountId, userId, form, untested: true })
    const webhookId = saved.ok ? saved.value.webhookId : ''
    const found = (await sourcesOfWebhooks(db, accountId, [webhookId])).get(webhookId)
    if (!found || found.all) throw new Error('is not linked')
    expect(found.count).toBe(150)
    expect(found.sources).toHaveLength(100)
    expect(found.sources.at(-1)?.name).toBe('Source 100')
  })
})
