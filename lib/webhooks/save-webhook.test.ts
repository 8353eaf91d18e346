import { and, eq } from 'drizzle-orm'
import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeAccount, makeWebhook, queueDelivery, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { outcomes, queue } from '../db/history-schema'
import { newId } from '../db/ids'
import { accounts, audit, webhookSecrets, webhookVersions } from '../db/schema'
import { countQueued } from '../pipeline/queue/end'
import { unseal } from '../secrets/seal'
import { registerWebhook } from './register-webhook'
import { basicPasswordPlace, headerPlace, signingSecretPlace } from './seal-places'
import { deleteWebhook, switchWebhook } from './switch-webhook'
import { updateWebhook } from './update-webhook'
import { listWebhooks, readWebhookForEdit } from './webhook-queries'

let db: Database
let pool: pg.Pool
beforeAll(async () => {
  ;({ db, pool } = await createTestDatabase())
})

const whole = { wholeUrls: true }
const configVersion = async (accountId: string) =>
  (await db.select({ v: accounts.configVersion }).from(accounts).where(eq(accounts.id, accountId)))[0]?.v
const audited = async (accountId: string) =>
  db.select().from(audit).where(eq(audit.accountId, accountId)).orderBy(audit.id)
const version = async (accountId: string, webhookId: string, n: number) =>
  (
    await db
      .select()
      .from(webhookVersions)
      .where(
        and(
          eq(webhookVersions.accountId, accountId),
          eq(webhookVersions.webhookId, webhookId),
          eq(webhookVersions.version, n),
        ),
      )
  )[0]

describe('registering', () => {
  test('makes version 1, switched on, numbered within its account', async () => {
    const one = await makeAccount(db)
    const other = await makeAccount(db)
    await makeWebhook(db, one, { name: 'First' })
    await makeWebhook(db, one, { name: 'Second' })
    await makeWebhook(db, other, { name: 'First' })
    expect(await listWebhooks(db, one.accountId, whole)).toMatchObject([
      { number: 1, name: 'First', version: 1, enabled: true },
      { number: 2, name: 'Second' },
    ])
    expect(await listWebhooks(db, other.accountId, whole)).toMatchObject([{ number: 1, name: 'First' }])
  })

  test('seals every secret for its own place, and lists none', async () => {
    const account = await makeAccount(db)
    const form = webhookForm({
      authentication: 'basic',
      basicUser: 'hub',
      basicPassword: 'pa55-word',
      headers: [{ name: 'X-Shop', value: 'shop-secret', kept: false }],
    })
    const saved = await registerWebhook(db, { ...account, form })
    const webhookId = saved.ok ? saved.value.webhookId : ''
    const row = await version(account.accountId, webhookId, 1)
    const { accountId } = account
    expect(unseal(row?.sealedBasicPassword ?? '', basicPasswordPlace(accountId, webhookId, 1)).reveal()).toBe(
      'pa55-word',
    )
    const [header] = row?.headers ?? []
    expect(unseal(header?.sealed ?? '', headerPlace(accountId, webhookId, 1, 'x-shop')).reveal()).toBe('shop-secret')
    const [secret] = await db.select().from(webhookSecrets).where(eq(webhookSecrets.webhookId, webhookId))
    expect(unseal(secret?.sealed ?? '', signingSecretPlace(accountId, webhookId, 1)).reveal()).toBe(form.secret)
    const shown = JSON.stringify([
      await listWebhooks(db, accountId, whole),
      await readWebhookForEdit(db, accountId, webhookId),
      await audited(accountId),
    ])
    for (const hidden of ['pa55-word', 'shop-secret', form.secret, 'v1.test']) expect(shown).not.toContain(hidden)
  })

  test('refuses a name that differs only in case, spacing or Unicode form', async () => {
    const account = await makeAccount(db)
    await makeWebhook(db, account, { name: 'Café  low' })
    const again = await registerWebhook(db, { ...account, form: webhookForm({ name: 'CAFE\u0301 LOW' }) })
    expect(again).toMatchObject({ ok: false, errors: [{ field: 'name' }] })
  })

  test('accepts one of two concurrent registrations with the same name', async () => {
    const account = await makeAccount(db)
    const results = await Promise.all(
      Array.from({ length: 6 }, () => registerWebhook(db, { ...account, form: webhookForm({ name: 'Race' }) })),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await listWebhooks(db, account.accountId, whole)).toHaveLength(1)
  })

  test('names the field when only the database notices that the name is taken', async () => {
    const account = await makeAccount(db)
    const holder = await pool.connect()
    await holder.query('begin')
    await holder.query(
      `insert into webhooks (account_id, id, number, name_key, format, version) values ($1, $2, 99, 'late', 'feefo', 1)`,
      [account.accountId, newId()],
    )
    const saving = registerWebhook(db, { ...account, form: webhookForm({ name: 'Late' }) })
    await new Promise((done) => setTimeout(done, 100))
    await holder.query('commit')
    holder.release()
    expect(await saving).toMatchObject({ ok: false, errors: [{ field: 'name' }] })
  })

  test('raises the config version and writes an audit row without the path of the URL', async () => {
    const account = await makeAccount(db)
    const before = await configVersion(account.accountId)
    await makeWebhook(db, account, { name: 'Low' })
    expect(await configVersion(account.accountId)).toBe((before ?? 0) + 1)
    const [row] = await audited(account.accountId)
    expect(row).toMatchObject({ action: 'webhook.registered', userId: account.userId, detail: { name: 'Low' } })
    expect(JSON.stringify(row)).not.toContain('hooks')
    expect(JSON.stringify(row)).not.toContain('token')
  })

  test('refuses to keep a header value that was never stored', async () => {
    const account = await makeAccount(db)
    const form = webhookForm({ headers: [{ name: 'X-Shop', value: '', kept: true }] })
    expect(await registerWebhook(db, { ...account, form })).toMatchObject({
      ok: false,
      errors: [{ field: 'headers.0.value' }],
    })
  })
})

describe('updating', () => {
  const kept = {
    authentication: 'basic' as const,
    basicUser: 'hub',
    basicPassword: 'pa55-word',
    headers: [{ name: 'X-Shop', value: 'shop-secret', kept: false }],
  }

  test('makes a new version whose kept secrets open at their new place', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    const id = await makeWebhook(db, account, { name: 'Low', ...kept })
    const edit = { ...webhookForm({ name: 'Lower', ...kept }), basicPassword: '' }
    edit.headers = [{ name: 'x-shop', value: '', kept: true }]
    expect(await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 1, form: edit })).toEqual({
      ok: true,
      value: { webhookId: id },
    })
    const row = await version(accountId, id, 2)
    expect(row?.name).toBe('Lower')
    expect(unseal(row?.sealedBasicPassword ?? '', basicPasswordPlace(accountId, id, 2)).reveal()).toBe('pa55-word')
    expect(unseal(row?.headers[0]?.sealed ?? '', headerPlace(accountId, id, 2, 'X-Shop')).reveal()).toBe('shop-secret')
    expect((await version(accountId, id, 1))?.name).toBe('Low')
  })

  test('that changes nothing makes no version and no audit row', async () => {
    const account = await makeAccount(db)
    const form = webhookForm({ name: 'Same' })
    const saved = await registerWebhook(db, { ...account, form })
    const id = saved.ok ? saved.value.webhookId : ''
    await updateWebhook(db, { ...account, webhookId: id, openedVersion: 1, form })
    expect(await listWebhooks(db, account.accountId, whole)).toMatchObject([{ version: 1 }])
    expect(await audited(account.accountId)).toHaveLength(1)
  })

  test('reports a conflict when it would undo what somebody else saved since, and names what differs', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    const base = webhookForm({ name: 'Low' })
    const saved = await registerWebhook(db, { accountId, userId, form: base })
    const id = saved.ok ? saved.value.webhookId : ''
    await updateWebhook(db, {
      accountId,
      userId,
      webhookId: id,
      openedVersion: 1,
      form: { ...base, url: 'https://93.184.215.14/theirs' },
    })
    const mine = { ...base, name: 'Mine' }
    const asked = await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 1, form: mine })
    expect(asked).toMatchObject({
      ok: true,
      value: {
        conflict: {
          version: 2,
          by: 'Priya Shah',
          differences: [
            { label: 'WebHook URL', before: base.url, theirs: 'https://93.184.215.14/theirs', yours: base.url },
          ],
        },
      },
    })
    expect(await listWebhooks(db, accountId, whole)).toMatchObject([{ version: 2, name: 'Low' }])
    await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 2, form: mine })
    expect(await listWebhooks(db, accountId, whole)).toMatchObject([{ version: 3, name: 'Mine', url: base.url }])
  })

  test('reports no conflict when both made the same change', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    const base = webhookForm({ name: 'Low' })
    const saved = await registerWebhook(db, { accountId, userId, form: base })
    const id = saved.ok ? saved.value.webhookId : ''
    await updateWebhook(db, { accountId, userId, webhookId: id, openedVersion: 1, form: { ...base, retries: 3 } })
    const result = await updateWebhook(db, {
      accountId,
      userId,
      webhookId: id,
      openedVersion: 1,
      form: { ...base, retries: 3, name: 'Both' },
    })
    expect(result).toEqual({ ok: true, value: { webhookId: id } })
  })

  test('says that a changed password differs without showing either', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    const base = webhookForm({ name: 'Low', ...kept })
    const saved = await registerWebhook(db, { accountId, userId, form: base })
    const id = saved.ok ? saved.value.webhookId : ''
    await updateWebhook(db, {
      accountId,
      userId,
      webhookId: id,
      openedVersion: 1,
      form: { ...base, basicPassword: 'theirs-pass' },
    })
    const asked = await updateWebhook(db, {
      accountId,
      userId,
      webhookId: id,
      openedVersion: 1,
      form: { ...base, basicPassword: 'my-own-pass' },
    })
    expect(asked).toMatchObject({ ok: true, value: { conflict: { differences: [{ label: 'Basic password' }] } } })
    expect(JSON.stringify(asked)).not.toMatch(/pa55-word|theirs-pass|my-own-pass/)
  })

  test('leaves other accounts alone', async () => {
    const one = await makeAccount(db)
    const other = await makeAccount(db)
    const id = await makeWebhook(db, one, { name: 'Low' })
    const result = await updateWebhook(db, {
      ...other,
      webhookId: id,
      openedVersion: 1,
      form: webhookForm({ name: 'Taken over' }),
    })
    expect(result).toMatchObject({ ok: false })
    expect(await readWebhookForEdit(db, other.accountId, id)).toBeUndefined()
    expect(await listWebhooks(db, one.accountId, whole)).toMatchObject([{ name: 'Low', version: 1 }])
  })

  test('refuses the name of another WebHook and keeps its own', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    await makeWebhook(db, account, { name: 'One' })
    const two = await makeWebhook(db, account, { name: 'Two' })
    expect(
      await updateWebhook(db, {
        accountId,
        userId,
        webhookId: two,
        openedVersion: 1,
        form: webhookForm({ name: 'one' }),
      }),
    ).toMatchObject({
      ok: false,
      errors: [{ field: 'name' }],
    })
    expect(
      await updateWebhook(db, {
        accountId,
        userId,
        webhookId: two,
        openedVersion: 1,
        form: webhookForm({ name: 'TWO' }),
      }),
    ).toMatchObject({ ok: true })
  })
})

describe('switching off and deleting', () => {
  test('cancel what is queued for this webhook, with the reason, and nothing else', async () => {
    const one = await makeAccount(db)
    const other = await makeAccount(db)
    const [low, high] = [await makeWebhook(db, one, { name: 'Low' }), await makeWebhook(db, one, { name: 'High' })]
    const foreign = await makeWebhook(db, other)
    const cancelled = await queueDelivery(db, one.accountId, low)
    await queueDelivery(db, one.accountId, high)
    await queueDelivery(db, other.accountId, foreign)
    expect(await switchWebhook(db, one.accountId, one.userId, low, false)).toMatchObject({ cancelled: 1, name: 'Low' })
    expect(await countQueued(db, one.accountId, low)).toBe(0)
    expect(await db.select().from(queue)).toHaveLength(2)
    const found = await db.select().from(outcomes).where(eq(outcomes.deliveryId, cancelled))
    expect(found).toMatchObject([{ kind: 'cancelled', reason: 'switched-off' }])
    expect(await deleteWebhook(db, one.accountId, one.userId, high)).toMatchObject({ cancelled: 1 })
    expect(await db.select().from(queue)).toHaveLength(1)
  })

  test('a deleted webhook leaves the list, and its name is free', async () => {
    const account = await makeAccount(db)
    const id = await makeWebhook(db, account, { name: 'Low' })
    await deleteWebhook(db, account.accountId, account.userId, id)
    expect(await listWebhooks(db, account.accountId, whole)).toEqual([])
    expect(await readWebhookForEdit(db, account.accountId, id)).toBeUndefined()
    await makeWebhook(db, account, { name: 'Low' })
    expect(await deleteWebhook(db, account.accountId, account.userId, id)).toEqual({ outcome: 'gone' })
  })

  test('change no other account', async () => {
    const one = await makeAccount(db)
    const other = await makeAccount(db)
    const id = await makeWebhook(db, one)
    expect(await switchWebhook(db, other.accountId, other.userId, id, false)).toEqual({ outcome: 'gone' })
    expect(await deleteWebhook(db, other.accountId, other.userId, id)).toEqual({ outcome: 'gone' })
    expect(await listWebhooks(db, one.accountId, whole)).toMatchObject([{ enabled: true }])
  })

  test('raise the config version once, and only when something changed', async () => {
    const account = await makeAccount(db)
    const id = await makeWebhook(db, account)
    const before = (await configVersion(account.accountId)) ?? 0
    await switchWebhook(db, account.accountId, account.userId, id, false)
    await switchWebhook(db, account.accountId, account.userId, id, false)
    expect(await configVersion(account.accountId)).toBe(before + 1)
    await switchWebhook(db, account.accountId, account.userId, id, true)
    expect((await audited(account.accountId)).map(({ action }) => action)).toEqual([
      'webhook.registered',
      'webhook.switched-off',
      'webhook.switched-on',
    ])
  })
})

test('a viewer’s list has only the hosts of URLs', async () => {
  const account = await makeAccount(db)
  await makeWebhook(db, account)
  const [row] = await listWebhooks(db, account.accountId, { wholeUrls: false })
  expect(row?.url).toBe('https://93.184.215.14/…')
})
