import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { accounts, audit } from '../db/schema'
import { accountSettingsSchema } from './account-schema'
import { createAccount } from './create-account'
import { readAccountSettings, updateAccountSettings } from './settings'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})

async function makeAccount(word: string) {
  const made = await createAccount(test.db, {
    name: word,
    identifier: `shop-${word}`,
    email: `owner@${word}.example`,
    password: `the words of ${word}`,
  })
  if (!made.ok) throw new Error('refused')
  return made.value
}
const read = async (accountId: string) => {
  const [row] = await test.db.select().from(accounts).where(eq(accounts.id, accountId))
  return row
}
const settingsOf = (word: string) => ({
  name: word,
  identifier: `shop-${word}`,
  npsEnabled: false,
  publishReviews: false,
  noticeAddresses: '',
  wootricToken: '',
  teamId: '',
})

describe('account settings', () => {
  it('change one account, raise its config version and name what changed', async () => {
    const [one, two] = [await makeAccount('one'), await makeAccount('two')]
    const before = await read(one.accountId)
    const other = await read(two.accountId)
    const result = await updateAccountSettings(test.db, one.accountId, one.userId, {
      ...settingsOf('one'),
      name: 'One and only',
      npsEnabled: true,
    })
    expect(result).toEqual({ ok: true, value: undefined })
    expect(await read(one.accountId)).toMatchObject({
      name: 'One and only',
      npsEnabled: true,
      publishReviews: false,
      configVersion: (before?.configVersion ?? 0) + 1,
    })
    expect(await read(two.accountId)).toEqual(other)
    const entries = await test.db
      .select()
      .from(audit)
      .where(and(eq(audit.accountId, one.accountId), eq(audit.action, 'account.updated')))
    expect(entries).toMatchObject([
      {
        userId: one.userId,
        detail: { name: { from: 'one', to: 'One and only' }, npsEnabled: { from: false, to: true } },
      },
    ])
  })

  it('that say nothing new change and record nothing', async () => {
    const { accountId, userId } = await makeAccount('same')
    const before = await read(accountId)
    await updateAccountSettings(test.db, accountId, userId, settingsOf('same'))
    expect(await read(accountId)).toEqual(before)
  })

  it('refuse an identifier that another account has, beside its field', async () => {
    const [one, two] = [await makeAccount('red'), await makeAccount('blue')]
    const wanted = { ...settingsOf('red'), identifier: 'shop-blue' }
    const result = await updateAccountSettings(test.db, one.accountId, one.userId, wanted)
    expect(result).toMatchObject({ ok: false, errors: [{ field: 'identifier' }] })
    expect(await read(one.accountId)).toMatchObject({ identifier: 'shop-red' })
    expect(await read(two.accountId)).toMatchObject({ identifier: 'shop-blue' })
  })

  it('give an identifier that two want at the same time to one of them', async () => {
    const made = await Promise.all(['pen', 'ink', 'nib'].map(makeAccount))
    const results = await Promise.all(
      made.map(({ accountId, userId }) =>
        updateAccountSettings(test.db, accountId, userId, { ...settingsOf('x'), identifier: 'wanted' }),
      ),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  })
})

describe('what an account has at its vendors', () => {
  const vendor = { wootricToken: 'NPS-1a2B3c4d', teamId: '1B4E28BA-2fa1-4d3b-8c5e-0123456789ab' }

  it('is kept as entered, told to ingest, named in the audit, and can be taken out again', async () => {
    const [one, two] = [await makeAccount('gate'), await makeAccount('quay')]
    const save = (settings: typeof vendor) =>
      updateAccountSettings(test.db, one.accountId, one.userId, { ...settingsOf('gate'), ...settings })
    const before = await read(one.accountId)
    expect(before).toMatchObject({ wootricToken: null, teamId: null })
    await save(vendor)
    expect(await read(one.accountId)).toMatchObject({ ...vendor, configVersion: (before?.configVersion ?? 0) + 1 })
    expect(await readAccountSettings(test.db, one.accountId)).toEqual({ ...settingsOf('gate'), ...vendor })
    expect(await readAccountSettings(test.db, two.accountId)).toEqual(settingsOf('quay'))
    await save({ wootricToken: '', teamId: '' })
    expect(await read(one.accountId)).toMatchObject({ wootricToken: null, teamId: null })
    const entries = await test.db
      .select({ detail: audit.detail })
      .from(audit)
      .where(and(eq(audit.accountId, one.accountId), eq(audit.action, 'account.updated')))
      .orderBy(audit.id)
    expect(entries).toMatchObject([
      { detail: { wootricToken: { from: '', to: vendor.wootricToken }, teamId: { from: '', to: vendor.teamId } } },
      { detail: { wootricToken: { from: vendor.wootricToken, to: '' }, teamId: { from: vendor.teamId, to: '' } } },
    ])
  })

  it.each([
    ['wootricToken', 'NPS-1a2b3c4'],
    ['wootricToken', 'NPS-1a2b3c4g'],
    ['wootricToken', '1a2b3c4d'],
    ['teamId', '1b4e28ba2fa14d3b8c5e0123456789ab'],
    ['teamId', '1b4e28ba-2fa1-4d3b-8c5e-0123456789abc'],
    ['teamId', 'team-1'],
  ] as const)('%s is refused as "%s", at its field', (field, text) => {
    const { error } = accountSettingsSchema.safeParse({ ...settingsOf('gate'), [field]: text })
    expect(error?.issues).toMatchObject([{ path: [field] }])
  })
})
