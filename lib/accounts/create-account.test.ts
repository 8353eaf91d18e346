import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { members, users } from '../db/people-schema'
import { accounts, audit } from '../db/schema'
import { showId } from '../type-id'
import { makeAuth } from './auth'
import { createAccount, createFirstAccount, hasNoAccount } from './create-account'
import { findMembership } from './membership'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})

const inputOf = (word: string) => ({
  name: `Shop ${word}`,
  identifier: `shop-${word}`,
  email: `owner@${word}.example`,
  password: `the words of ${word}`,
})
const auth = () => makeAuth(test.db, { url: 'https://hub.example.com', secret: 'a secret of thirty-two characters!' })
const signIn = (email: string, password: string) =>
  auth().api.signInEmail({ body: { email, password }, returnHeaders: true })

describe('the first account', () => {
  it('is made once, however many ask at the same time', async () => {
    expect(await hasNoAccount(test.db)).toBe(true)
    const answers = await Promise.all(['one', 'two', 'three'].map((word) => createFirstAccount(test.db, inputOf(word))))
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(1)
    expect(await test.db.$count(accounts)).toBe(1)
    expect(await hasNoAccount(test.db)).toBe(false)
  })
})

describe('an account', () => {
  it('has an owner who can sign in, and an audit entry without the password', async () => {
    const made = await createAccount(test.db, inputOf('lamps'))
    if (!made.ok) throw new Error('refused')
    const { accountId, userId } = made.value
    expect(await findMembership(test.db, userId)).toMatchObject({
      role: 'owner',
      account: {
        id: accountId,
        identifier: 'shop-lamps',
        name: 'Shop lamps',
        npsEnabled: false,
        publishReviews: false,
      },
    })
    const { headers, response } = await signIn('owner@lamps.example', 'the words of lamps')
    expect(response.user.id).toBe(userId)
    const cookie = headers.get('set-cookie')
    expect(cookie).toMatch(/^__Secure-hearback\.session_token=.*; Max-Age=2592000; .*HttpOnly; Secure; SameSite=Lax/i)
    const entries = await test.db.select().from(audit).where(eq(audit.accountId, accountId))
    expect(entries).toMatchObject([
      { userId: null, action: 'account.created', subject: `account ${showId('account', accountId)}` },
    ])
    expect(JSON.stringify(entries)).not.toContain('the words of')
  })

  it('keeps the password only as a hash', async () => {
    const { rows } = await test.pool.query<{ all: string }>(
      `select string_agg(c::text, '') || (select string_agg(u::text, '') from users u) as all from credentials c`,
    )
    expect(rows[0]?.all).not.toContain('the words of')
  })

  it('refuses a wrong password and an unknown person alike', async () => {
    await createAccount(test.db, inputOf('chairs'))
    const wrong = await signIn('owner@chairs.example', 'the words of lamps').catch((error) => error)
    const unknown = await signIn('nobody@chairs.example', 'the words of chairs').catch((error) => error)
    expect(wrong.body).toEqual(unknown.body)
  })

  it('refuses an identifier or e-mail address that is taken, beside its field, and leaves nothing behind', async () => {
    await createAccount(test.db, inputOf('tables'))
    const before = [await test.db.$count(accounts), await test.db.$count(users), await test.db.$count(members)]
    const sameIdentifier = await createAccount(test.db, { ...inputOf('sofas'), identifier: 'shop-tables' })
    expect(sameIdentifier).toMatchObject({ ok: false, errors: [{ field: 'identifier' }] })
    const sameEmail = await createAccount(test.db, { ...inputOf('sofas'), email: 'owner@tables.example' })
    expect(sameEmail).toMatchObject({ ok: false, errors: [{ field: 'email' }] })
    expect([await test.db.$count(accounts), await test.db.$count(users), await test.db.$count(members)]).toEqual(before)
  })

  it.each(['Password123', '1234567890', '1111111111', 'qwertyuiop'])(
    'refuses the common password %s beside its field, also for the first account',
    async (password) => {
      const input = { ...inputOf('stools'), password }
      for (const result of [await createAccount(test.db, input), await createFirstAccount(test.db, input)])
        expect(result).toMatchObject({
          ok: false,
          errors: [{ field: 'password', message: expect.stringMatching(/most common/) }],
        })
    },
  )

  it('signs nobody up by the library’s own way', async () => {
    const body = { name: 'x', email: 'stranger@example.net', password: 'a password of strangers' }
    await expect(auth().api.signUpEmail({ body })).rejects.toThrow(/not enabled/)
  })
})
