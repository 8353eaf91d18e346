import { eq } from 'drizzle-orm'
import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeAccount, makeSource } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { accounts, audit } from '../db/schema'
import { archiveSource, createSource, updateSource } from './change-source'
import { findChoices, listSources, readSource } from './source-queries'
import { newSourceSchema, sourceFilterSchema, sourceSchema } from './source-schema'

let db: Database
let pool: pg.Pool
beforeAll(async () => {
  ;({ db, pool } = await createTestDatabase())
})

const all = { search: '', archived: false }
const namesIn = async (accountId: string, filter: Parameters<typeof listSources>[2] = all) =>
  (await listSources(db, accountId, filter)).rows.map(({ name }) => name)
const configVersion = async (accountId: string) =>
  (await db.select({ v: accounts.configVersion }).from(accounts).where(eq(accounts.id, accountId)))[0]?.v ?? 0
const audited = async (accountId: string) =>
  db.select().from(audit).where(eq(audit.accountId, accountId)).orderBy(audit.id)

describe('creating a source', () => {
  test('raises the config version, is in the audit log and numbers the source', async () => {
    const account = await makeAccount(db)
    const before = await configVersion(account.accountId)
    const one = await makeSource(db, account, { key: 'ticket-closed', name: 'Ticket closed', kind: 'email' })
    const two = await makeSource(db, account)
    expect(await configVersion(account.accountId)).toBe(before + 2)
    const [first, second] = [await readSource(db, account.accountId, one), await readSource(db, account.accountId, two)]
    expect(first).toMatchObject({ key: 'ticket-closed', name: 'Ticket closed', kind: 'email', vendorIds: {} })
    expect(first?.number).not.toBe(second?.number)
    expect((await audited(account.accountId))[0]).toMatchObject({
      action: 'source.created',
      userId: account.userId,
      detail: { key: 'ticket-closed', name: 'Ticket closed', kind: 'email' },
    })
  })

  test('refuses a taken key at its field and names the source that has it, archived or not', async () => {
    const account = await makeAccount(db)
    const id = await makeSource(db, account, { key: 'app', name: 'Our app' })
    const again = () => createSource(db, { ...account, source: { key: 'app', name: 'Another', kind: 'embedded' } })
    expect(await again()).toEqual({
      ok: false,
      errors: [{ field: 'key', message: 'The key "app" is taken by the source "Our app". Choose another key.' }],
    })
    await archiveSource(db, account.accountId, account.userId, id, true)
    expect(await again()).toMatchObject({ errors: [{ field: 'key', message: expect.stringContaining('is archived') }] })
    expect(await makeSource(db, await makeAccount(db), { key: 'app' })).toBeTruthy()
  })

  test('accepts one of several concurrent sources with the same key', async () => {
    const { accountId, userId } = await makeAccount(db)
    const results = await Promise.all(
      Array.from({ length: 6 }, () =>
        createSource(db, { accountId, userId, source: { key: 'race', name: 'Race', kind: 'email' } }),
      ),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('is refused beyond 10,000 sources', async () => {
    const account = await makeAccount(db)
    await pool.query(
      `insert into sources (account_id, id, key, name, kind)
       select $1, gen_random_uuid(), 'k' || n, 'Source ' || n, 'email' from generate_series(1, 10000) n`,
      [account.accountId],
    )
    const more = await createSource(db, {
      accountId: account.accountId,
      userId: null,
      source: { key: 'one-more', name: 'One more', kind: 'email' },
    })
    expect(more).toMatchObject({ ok: false, errors: [{ message: expect.stringContaining('10,000') }] })
  })

  test.each([
    [{ key: '' }, 'key'],
    [{ key: 'k'.repeat(101) }, 'key'],
    [{ key: 'a\nb' }, 'key'],
    [{ name: '  ' }, 'name'],
    [{ name: 'n'.repeat(201) }, 'name'],
    [{ kind: 'pigeon' }, 'kind'],
  ])('%j is refused at %s', (wrong, field) => {
    const parsed = newSourceSchema.safeParse({ key: 'k', name: 'Name', kind: 'email', ...wrong })
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
  })
})

describe('changing a source', () => {
  test('keeps its key, raises the config version, and names each change in the audit log, from and to', async () => {
    const account = await makeAccount(db)
    const id = await makeSource(db, account, { key: 'app', name: 'App', kind: 'embedded' })
    const before = await configVersion(account.accountId)
    const vendorIds = { thermometerId: 412, rateupSurveyId: '4365b702' }
    const saved = await updateSource(db, {
      ...account,
      sourceId: id,
      source: {
        name: 'Our app',
        kind: 'embedded',
        vendorIds,
      },
    })
    expect(saved.ok).toBe(true)
    expect(await readSource(db, account.accountId, id)).toMatchObject({ key: 'app', name: 'Our app', vendorIds })
    expect(await configVersion(account.accountId)).toBe(before + 1)
    expect((await audited(account.accountId)).at(-1)).toMatchObject({
      action: 'source.updated',
      detail: {
        name: { from: 'App', to: 'Our app' },
        thermometerId: { from: null, to: 412 },
        rateupSurveyId: { from: null, to: '4365b702' },
      },
    })
  })

  test('to the same values changes nothing', async () => {
    const account = await makeAccount(db)
    const id = await makeSource(db, account, { name: 'App', kind: 'email' })
    const before = await configVersion(account.accountId)
    await updateSource(db, { ...account, sourceId: id, source: { name: 'App', kind: 'email', vendorIds: {} } })
    expect(await configVersion(account.accountId)).toBe(before)
    expect(await audited(account.accountId)).toHaveLength(1)
  })

  test.each([
    [{ thermometerId: 1.5 }],
    [{ thermometerId: Number.NaN }],
    [{ wootricSurveyId: 0 }],
    [{ rateupSurveyId: ' ' }],
  ])('vendor ids %j are refused at their field', (vendorIds) => {
    const parsed = sourceSchema.safeParse({ name: 'App', kind: 'email', vendorIds })
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['vendorIds', ...Object.keys(vendorIds)]])
  })

  test('archiving takes it out of the list and of what pickers offer; bringing it back undoes that', async () => {
    const account = await makeAccount(db)
    const { accountId, userId } = account
    const id = await makeSource(db, account, { name: 'Old' })
    const before = await configVersion(accountId)
    await archiveSource(db, accountId, userId, id, true)
    await archiveSource(db, accountId, userId, id, true)
    expect(await configVersion(accountId)).toBe(before + 1)
    expect(await namesIn(accountId)).toEqual([])
    expect(await namesIn(accountId, { ...all, archived: true })).toEqual(['Old'])
    expect(await findChoices(db, accountId, all, { size: 10 })).toEqual({ sources: [], more: false })
    await archiveSource(db, accountId, userId, id, false)
    expect(await namesIn(accountId)).toEqual(['Old'])
    expect((await audited(accountId)).map(({ action }) => action).slice(1)).toEqual([
      'source.archived',
      'source.restored',
    ])
  })

  test('another account’s source can’t be read or changed', async () => {
    const one = await makeAccount(db)
    const other = await makeAccount(db)
    const id = await makeSource(db, one, { name: 'Mine', kind: 'email' })
    expect(await readSource(db, other.accountId, id)).toBeUndefined()
    expect(
      await updateSource(db, { ...other, sourceId: id, source: { name: 'Theirs', kind: 'email', vendorIds: {} } }),
    ).toMatchObject({ ok: false })
    expect(await archiveSource(db, other.accountId, other.userId, id, true)).toMatchObject({ ok: false })
    expect(await readSource(db, one.accountId, id)).toMatchObject({ name: 'Mine', archived: false })
    expect(await namesIn(other.accountId)).toEqual([])
  })
})

describe('the list of sources', () => {
  test('finds by a part of name or key, whatever the case, with % and _ as themselves', async () => {
    const account = await makeAccount(db)
    for (const [key, name] of [
      ['a', 'Ticket closed'],
      ['ticket-open', 'Opened'],
      ['c', '100 % happy'],
      ['d', 'Web_shop'],
    ] as const)
      await makeSource(db, account, { key, name })
    const found = (search: string) => namesIn(account.accountId, { ...all, search })
    expect(await found('TICKET')).toEqual(['Opened', 'Ticket closed'])
    expect(await found('%')).toEqual(['100 % happy'])
    expect(await found('_')).toEqual(['Web_shop'])
    expect(await found('nowhere')).toEqual([])
  })

  test('finds nothing for text that no name or key can hold', async () => {
    const account = await makeAccount(db)
    await makeSource(db, account, { name: 'Web shop' })
    for (const search of ['Web\0', '\0', 'Web\ud800', '\udc00', '\x07', 'Web\x85']) {
      const filter = sourceFilterSchema.parse({ search })
      expect(await namesIn(account.accountId, { ...filter, archived: false })).toEqual([])
      expect(await findChoices(db, account.accountId, filter, { size: 10 })).toEqual({ sources: [], more: false })
    }
  })

  test('filters by kind', async () => {
    const account = await makeAccount(db)
    await makeSource(db, account, { name: 'Mail', kind: 'email' })
    await makeSource(db, account, { name: 'Flow', kind: 'whatsapp_flow' })
    expect(await namesIn(account.accountId, { ...all, kind: 'whatsapp_flow' })).toEqual(['Flow'])
  })

  test('has pages by name, forward and back, that neither lose nor repeat sources of the same name', async () => {
    const account = await makeAccount(db)
    for (const name of ['b', 'Same', 'a', 'same', 'C', 'SAME', 'd']) await makeSource(db, account, { name })
    const forth: string[][] = []
    let from: string | null = null
    do {
      const page = await listSources(db, account.accountId, all, from ? { from, backward: false } : undefined, 3)
      forth.push(page.rows.map(({ id }) => id))
      from = page.next
    } while (from)
    expect(forth.map(({ length }) => length)).toEqual([3, 3, 1])
    expect(new Set(forth.flat()).size).toBe(7)
    const last = forth[2]?.[0] as string
    const back = await listSources(db, account.accountId, all, { from: last, backward: true }, 3)
    expect(back.rows.map(({ id }) => id)).toEqual(forth[1])
  })

  test('gives a picker its choices in consecutive ranges', async () => {
    const account = await makeAccount(db)
    for (const name of ['a', 'b', 'c']) await makeSource(db, account, { name })
    const first = await findChoices(db, account.accountId, all, { size: 2 })
    expect(first).toMatchObject({ sources: [{ name: 'a' }, { name: 'b' }], more: true })
    const after = first.sources[1]?.id
    expect(await findChoices(db, account.accountId, all, { after, size: 2 })).toMatchObject({
      sources: [{ name: 'c' }],
      more: false,
    })
  })

  test('reads its filters from an address, and ignores an unknown kind', () => {
    expect(sourceFilterSchema.parse({ search: ' x ', kind: 'pigeon' })).toEqual({ search: 'x', kind: undefined })
    expect(sourceFilterSchema.parse({})).toEqual({ search: '' })
  })
})
