import { and, eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeAccount, makeWebhook, type TestAccount, testFormContext, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { audit, webhookVersions } from '../db/schema'
import { unseal } from '../secrets/seal'
import { accountKeyWebhooks } from './account-key-webhooks'
import { setPreSharedKey } from './pre-shared-key'
import { headerPlace } from './seal-places'
import { deleteWebhook } from './switch-webhook'
import { updateWebhook } from './update-webhook'
import { readWebhookForEdit } from './webhook-queries'
import { type WebhookForm, webhookFormSchema } from './webhook-schema'

// The choice of authentication, from the form to what is stored. What calls then send: e2e/pipeline/drain-config.test.ts.

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})

const stored = {
  format: 'standard' as const,
  encoding: 'json' as const,
  npsCondition: false,
  basicPassword: false,
  ownHeader: true,
}
const errorsOf = (set: Partial<WebhookForm>, context = testFormContext) => {
  const parsed = webhookFormSchema(context).safeParse({ ...webhookForm(), ...set })
  return parsed.success
    ? {}
    : Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]))
}
const own = { authentication: 'own-header', ownHeader: 'Bearer of-the-shop' } as const

async function inForce(accountId: string, webhookId: string) {
  const webhook = await readWebhookForEdit(db, accountId, webhookId)
  const [row] = await db
    .select()
    .from(webhookVersions)
    .where(and(eq(webhookVersions.webhookId, webhookId), eq(webhookVersions.version, webhook?.version ?? 0)))
  const header = row?.headers.find(({ name }) => name.toLowerCase() === 'authorization')
  return {
    version: row?.version,
    authentication: row?.authentication,
    own: header && unseal(header.sealed, headerPlace(accountId, webhookId, row?.version ?? 0, header.name)).reveal(),
    names: row?.headers.map(({ name }) => name),
  }
}

const edit = (account: TestAccount, webhookId: string, openedVersion: number, set: Partial<WebhookForm>) =>
  updateWebhook(db, {
    ...account,
    webhookId,
    openedVersion,
    form: webhookForm({ name: 'Low', ...set }, { ...testFormContext, stored }),
  })

describe('an own header', () => {
  test('has a value that a header can carry, or keeps the stored one', () => {
    expect(errorsOf({ ...own, ownHeader: '' })).toEqual({ ownHeader: 'Enter the value that your endpoint expects.' })
    expect(errorsOf({ ...own, ownHeader: '' }, { ...testFormContext, stored })).toEqual({})
    for (const ownHeader of [' Bearer x', 'Bearer x\r\nx: y', 'Bearer é', 'x'.repeat(2049), '********'])
      expect(Object.keys(errorsOf({ ...own, ownHeader }))).toEqual(['ownHeader'])
    expect(errorsOf({ ...own, ownHeader: 'x'.repeat(2048) })).toEqual({})
  })

  test('is the only Authorization: a custom header of this name is refused with every choice', () => {
    const headers = [{ name: 'AUTHORIZATION', value: 'Bearer x', kept: false }]
    for (const authentication of ['account-key', 'none'] as const)
      expect(errorsOf({ authentication, headers })).toEqual({
        'headers.0.name': 'Enter Authorization above, under Authentication, as “Own header”.',
      })
  })

  test('is stored sealed as one Authorization beside the custom headers, and kept when an edit leaves it empty', async () => {
    const account = await makeAccount(db)
    const headers = [{ name: 'X-Shop', value: 'quay', kept: false }]
    const id = await makeWebhook(db, account, { name: 'Low', ...own, headers })
    expect(await inForce(account.accountId, id)).toEqual({
      version: 1,
      authentication: 'own-header',
      own: own.ownHeader,
      names: ['Authorization', 'X-Shop'],
    })
    const kept = { ...own, ownHeader: '', headers: [{ name: 'X-Shop', value: '', kept: true }] }
    await edit(account, id, 1, { ...kept, retries: 3 })
    expect(await inForce(account.accountId, id)).toMatchObject({ version: 2, own: own.ownHeader })
    const [last] = await db.select().from(audit).where(eq(audit.accountId, account.accountId)).orderBy(sql`id desc`)
    expect(last?.detail).toMatchObject({ changed: ['retries'] })
    expect(JSON.stringify(await db.select().from(audit).where(eq(audit.accountId, account.accountId)))).not.toContain(
      'of-the-shop',
    )
  })

  test('is removed when another choice is saved, and none is left to keep', async () => {
    const account = await makeAccount(db)
    const id = await makeWebhook(db, account, { name: 'Low', ...own })
    await edit(account, id, 1, { authentication: 'none' })
    expect(await inForce(account.accountId, id)).toEqual({
      version: 2,
      authentication: 'none',
      own: undefined,
      names: [],
    })
    expect(await edit(account, id, 2, { ...own, ownHeader: '' })).toMatchObject({
      ok: false,
      errors: [{ field: 'ownHeader' }],
    })
  })

  test('that is stored beside the account key since version 0.1.0 can be chosen without entering it again', async () => {
    const account = await makeAccount(db)
    const id = await makeWebhook(db, account, { name: 'Low', ...own })
    await db.update(webhookVersions).set({ authentication: 'account-key' }).where(eq(webhookVersions.webhookId, id))
    await edit(account, id, 1, { ...own, ownHeader: '' })
    expect(await inForce(account.accountId, id)).toMatchObject({ authentication: 'own-header', own: own.ownHeader })
  })
})

describe('a pre-shared key', () => {
  test('names the webhooks it applies to: those of this account whose authentication is the account key', async () => {
    const account = await makeAccount(db)
    expect(await accountKeyWebhooks(db, account.accountId)).toEqual({ names: [], total: 0 })
    await makeWebhook(db, await makeAccount(db), { name: 'Foreign' })
    for (let n = 1; n <= 12; n++) await makeWebhook(db, account, { name: `Rule ${n}` })
    await makeWebhook(db, account, { name: 'Own', ...own })
    await makeWebhook(db, account, { name: 'None', authentication: 'none' })
    await makeWebhook(db, account, {
      name: 'Basic',
      authentication: 'basic',
      basicUser: 'hub',
      basicPassword: 'secret',
    })
    const gone = await makeWebhook(db, account, { name: 'Deleted' })
    await deleteWebhook(db, account.accountId, account.userId, gone)
    const { names, total } = await accountKeyWebhooks(db, account.accountId)
    expect(names).toEqual(Array.from({ length: 10 }, (_, n) => `Rule ${n + 1}`))
    expect(total).toBe(12)
  })

  test('that is added never replaces an own header that is sent, also one of version 0.1.0', async () => {
    const account = await makeAccount(db)
    const id = await makeWebhook(db, account, { name: 'Low', ...own })
    const keyed = await makeWebhook(db, account, { name: 'Keyed' })
    await db.update(webhookVersions).set({ authentication: 'account-key' }).where(eq(webhookVersions.webhookId, id))
    expect(await accountKeyWebhooks(db, account.accountId)).toEqual({ names: ['Keyed'], total: 1 })
    await setPreSharedKey(db, account.accountId, account.userId, 'the key of the account')
    expect(await inForce(account.accountId, id)).toMatchObject({ authentication: 'own-header', own: own.ownHeader })
    expect(await inForce(account.accountId, keyed)).toMatchObject({ authentication: 'account-key' })
    expect(await accountKeyWebhooks(db, account.accountId)).toEqual({ names: ['Keyed'], total: 1 })
  })
})
