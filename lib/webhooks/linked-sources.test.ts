import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeAccount, makeSource, type TestAccount, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { accounts, audit, webhookSources } from '../db/schema'
import { archiveSource } from '../sources/change-source'
import { testFirst } from '../sources/source-words'
import { proofOf, recordPass } from '../test-fires/test-passes'
import { openedLinks, readLinks } from './linked-sources'
import { registerWebhook } from './register-webhook'
import { saveLinks } from './save-links'
import { updateWebhook } from './update-webhook'
import { contentOfForm } from './webhook-content'
import { readWebhookForEdit } from './webhook-queries'
import type { WebhookForm } from './webhook-schema'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})

/** Keeps a pass for a form, as a test fire of it does. */
async function pass({ accountId }: TestAccount, form: WebhookForm) {
  const content = contentOfForm(form)
  if (!content.ok) throw new Error(JSON.stringify(content.errors))
  const { format, encoding, secret } = form
  const call = { format, encoding, content: content.value, secret, webhookId: null }
  await recordPass(db, accountId, await proofOf(db, accountId, call))
}

/** An account with three sources, a, b and c, and a tested WebHook linked to some of them. */
async function world(linked: ('a' | 'b' | 'c')[]) {
  const account = await makeAccount(db)
  const [a, b, c] = [
    await makeSource(db, account, { name: 'a' }),
    await makeSource(db, account, { name: 'b' }),
    await makeSource(db, account, { name: 'c' }),
  ]
  const of = (names: string[]): WebhookForm['sources'] => ({
    kind: 'chosen',
    ids: names.map((name) => ({ a, b, c })[name] as string),
  })
  const form = webhookForm({ sources: of(linked) })
  await pass(account, form)
  const saved = await registerWebhook(db, { ...account, form })
  if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
  return { ...account, account, a, b, c, of, form, webhookId: saved.value.webhookId }
}

const names = async (accountId: string, webhookId: string) =>
  (await readLinks(db, accountId, webhookId))?.map(({ name }) => name) ?? 'all'
const configVersion = async (accountId: string) =>
  (await db.select({ v: accounts.configVersion }).from(accounts).where(eq(accounts.id, accountId)))[0]?.v ?? 0

describe('an edit of the links', () => {
  test('makes a new version, raises the config version and is named in the audit log', async () => {
    const { accountId, userId, webhookId, form, of } = await world(['a', 'b'])
    const before = await configVersion(accountId)
    await updateWebhook(db, {
      accountId,
      userId,
      webhookId,
      openedVersion: 1,
      form: { ...form, sources: of(['b', 'c']) },
    })
    expect(await names(accountId, webhookId)).toEqual(['b', 'c'])
    expect(await readWebhookForEdit(db, accountId, webhookId)).toMatchObject({ version: 2, allSources: false })
    expect(await configVersion(accountId)).toBe(before + 1)
    const rows = await db
      .select()
      .from(audit)
      .where(and(eq(audit.accountId, accountId), eq(audit.action, 'webhook.updated')))
    expect(rows[0]?.detail).toMatchObject({ changed: ['sources'], version: 2 })
  })

  test('with the same sources in another order changes nothing', async () => {
    const { accountId, userId, webhookId, form, of } = await world(['a', 'b'])
    await updateWebhook(db, {
      accountId,
      userId,
      webhookId,
      openedVersion: 1,
      form: { ...form, sources: of(['b', 'a', 'a']) },
    })
    expect(await readWebhookForEdit(db, accountId, webhookId)).toMatchObject({ version: 1 })
  })

  test('to all sources drops the links, and choosing them again needs a test fire', async () => {
    const { accountId, userId, webhookId, form, of } = await world(['a'])
    await updateWebhook(db, {
      accountId,
      userId,
      webhookId,
      openedVersion: 1,
      form: { ...form, sources: { kind: 'all' } },
    })
    expect(await names(accountId, webhookId)).toBe('all')
    expect(await db.select().from(webhookSources).where(eq(webhookSources.accountId, accountId))).toEqual([])
    const moved = { ...form, url: 'https://93.184.215.14/moved', sources: of(['a']) }
    expect(await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 2, form: moved })).toMatchObject({
      errors: [{ field: 'sources', message: testFirst }],
    })
  })

  test('keeps an archived source that is linked, and refuses to add an archived one', async () => {
    const { accountId, userId, webhookId, form, of, a, c } = await world(['a', 'b'])
    await archiveSource(db, accountId, userId, a, true)
    await archiveSource(db, accountId, userId, c, true)
    const save = (version: number, sources: string[]) =>
      updateWebhook(db, {
        accountId,
        userId,
        webhookId,
        openedVersion: version,
        form: { ...form, sources: of(sources) },
      })
    expect(await save(1, ['a'])).toMatchObject({ ok: true })
    expect(await names(accountId, webhookId)).toEqual(['a'])
    expect(await save(2, ['a', 'c'])).toMatchObject({ ok: false, errors: [{ field: 'sources' }] })
  })

  test('reports a conflict when somebody else changed the links meanwhile, and can overwrite theirs', async () => {
    const { accountId, userId, webhookId, form, of } = await world(['a'])
    const opened = openedLinks(await readLinks(db, accountId, webhookId))
    await updateWebhook(db, {
      accountId,
      userId,
      webhookId,
      openedVersion: 1,
      form: { ...form, sources: of(['a', 'b']) },
    })
    const mine = { ...form, sources: of(['a', 'c']) }
    expect(
      await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 1, form: mine, openedLinks: opened }),
    ).toMatchObject({
      ok: true,
      value: {
        conflict: {
          version: 2,
          differences: [
            { label: 'Sources', before: '1 source: a', theirs: '2 sources: a, b', yours: '2 sources: a, c' },
          ],
        },
      },
    })
    await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 2, form: mine, openedLinks: opened })
    expect(await names(accountId, webhookId)).toEqual(['a', 'c'])
  })

  test('reports no conflict when somebody else changed something else, or made the same change to the links', async () => {
    const { accountId, userId, webhookId, form, of } = await world(['a'])
    const opened = openedLinks(await readLinks(db, accountId, webhookId))
    const theirs = { ...form, sources: of(['b']), name: 'Theirs' }
    await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 1, form: theirs })
    const result = await updateWebhook(db, {
      accountId,
      userId,
      webhookId,
      openedVersion: 1,
      form: { ...theirs, retries: 2 },
      openedLinks: opened,
    })
    expect(result).toEqual({ ok: true, value: { webhookId } })
  })
})

describe('linking on the page of a saved WebHook', () => {
  test('needs a test fire to add a source, and none to remove one', async () => {
    const { account, accountId, userId, webhookId, form, of } = await world(['a'])
    const save = (version: number, sources: string[]) =>
      saveLinks(db, { accountId, userId, webhookId, openedVersion: version, sources: of(sources) })
    expect(await save(1, ['a', 'b'])).toMatchObject({ ok: true })
    const moved = { ...form, url: 'https://93.184.215.14/moved', sources: of(['a', 'b']) }
    await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 2, form: moved })
    expect(await save(3, ['a', 'b', 'c'])).toMatchObject({ errors: [{ field: 'sources', message: testFirst }] })
    expect(await save(3, ['b'])).toMatchObject({ ok: true })
    expect(await names(accountId, webhookId)).toEqual(['b'])
    await pass(account, moved)
    expect(await save(4, ['b', 'c'])).toMatchObject({ ok: true })
    expect(await readWebhookForEdit(db, accountId, webhookId)).toMatchObject({ version: 5, url: moved.url })
  })

  test('overwrites nothing that somebody else changed', async () => {
    const { accountId, userId, webhookId, form, of } = await world(['a'])
    await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 1, form: { ...form, name: 'Renamed' } })
    expect(
      await saveLinks(db, { accountId, userId, webhookId, openedVersion: 1, sources: { kind: 'all' } }),
    ).toMatchObject({ ok: false })
    expect(await saveLinks(db, { accountId, userId, webhookId, openedVersion: 1, sources: of(['a']) })).toMatchObject({
      ok: true,
    })
    expect(await names(accountId, webhookId)).toEqual(['a'])
  })

  test('is refused for another account', async () => {
    const { webhookId, accountId } = await world(['a'])
    const other = await makeAccount(db)
    expect(await saveLinks(db, { ...other, webhookId, openedVersion: 1, sources: { kind: 'all' } })).toMatchObject({
      ok: false,
    })
    expect(await readLinks(db, other.accountId, webhookId)).toBeNull()
    expect(await names(accountId, webhookId)).toEqual(['a'])
  })
})

test('ten thousand sources are linked at once', async () => {
  const account = await makeAccount(db)
  const { accountId, userId } = account
  await db.$client.query(
    `insert into sources (account_id, id, key, name, kind)
     select $1, gen_random_uuid(), 'k' || n, 'Source ' || n, 'email' from generate_series(1, 10000) n`,
    [accountId],
  )
  const { rows } = await db.$client.query<{ id: string }>('select id from sources where account_id = $1', [accountId])
  const form = webhookForm({ sources: { kind: 'chosen', ids: rows.map(({ id }) => id) } })
  await pass(account, form)
  const saved = await registerWebhook(db, { accountId, userId, form })
  expect(saved).toMatchObject({ ok: true })
  const webhookId = saved.ok ? saved.value.webhookId : ''
  expect(await readLinks(db, accountId, webhookId)).toHaveLength(10_000)
  const fewer = { ...form, sources: { kind: 'chosen' as const, ids: rows.slice(1).map(({ id }) => id) } }
  await updateWebhook(db, { accountId, userId, webhookId, openedVersion: 1, form: fewer })
  expect(await readLinks(db, accountId, webhookId)).toHaveLength(9_999)
})
