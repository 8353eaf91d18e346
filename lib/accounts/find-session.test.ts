import { eq, sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { members, sessions, users } from '../db/people-schema'
import { accounts } from '../db/schema'
import { makeAuth } from './auth'
import { createAccount, createAccountFor } from './create-account'
import { findSession } from './find-session'
import { switchAccount } from './membership'
import { hasSession, sessionCookieName, signedToken } from './session-cookie'

const sessionSecret = 'a session secret of enough length'

let own: TestDatabase
beforeAll(async () => {
  own = await createTestDatabase()
})

let made = 0
async function makeAccount() {
  const word = `quay-${++made}`
  const account = { name: word, identifier: word, email: `${word}@quay.example`, password: 'three small words' }
  const created = await createAccount(own.db, account)
  if (!created.ok) throw new Error('refused')
  return { ...account, ...created.value }
}

/** Signs in as a browser does: the cookies that it sends from now on, and the value of the session's. */
async function signIn({ email, password }: { email: string; password: string }, hubUrl = 'http://hub.example') {
  const { api } = makeAuth(own.db, { url: hubUrl, secret: sessionSecret, setsCookies: false })
  const { headers } = await api.signInEmail({ body: { email, password }, returnHeaders: true })
  const cookies = headers.getSetCookie().map((line) => line.split(';')[0] as string)
  const pair = cookies.find((cookie) => cookie.startsWith(`${sessionCookieName(hubUrl)}=`)) ?? ''
  const value = decodeURIComponent(pair.slice(pair.indexOf('=') + 1))
  return { api, cookies: cookies.join('; '), value, token: signedToken(value, sessionSecret) ?? '' }
}

test('the cookie that better-auth sets names a session, its person and their account', async () => {
  const account = await makeAccount()
  const { api, cookies, token } = await signIn(account)
  const found = await findSession(own.db, token)
  const theirs = await api.getSession({ headers: new Headers({ cookie: cookies }) })
  expect(found?.session.id).toBe(theirs?.session.id)
  expect(found?.user).toEqual({ id: account.userId, name: theirs?.user.name, email: account.email, twoFactor: false })
  expect(found?.membership).toMatchObject({
    role: 'owner',
    account: { id: account.accountId, identifier: account.identifier, suspended: false, demandsTwoFactor: false },
  })
})

test('a cookie that was changed, or that another hub signed, names nothing', async () => {
  const { cookies, value } = await signIn(await makeAccount())
  const hub = { hubUrl: 'http://hub.example', sessionSecret }
  expect(hasSession(`theme=dark; ${cookies}`, hub)).toBe(true)
  expect(hasSession(cookies, { ...hub, sessionSecret: 'another secret of enough length' })).toBe(false)
  for (const wrong of [`x${value}`, value.slice(0, -3), value.split('.')[0], '', undefined, '.', 'a.b'])
    expect(signedToken(wrong, sessionSecret)).toBeUndefined()
})

test('a hub on https takes a cookie that only https can have set', async () => {
  const { cookies } = await signIn(await makeAccount(), 'https://hub.example')
  const hub = { hubUrl: 'https://hub.example', sessionSecret }
  expect(cookies).toContain('__Secure-hearback.session_token=')
  expect(hasSession(cookies, hub)).toBe(true)
  expect(hasSession(cookies.replace('__Secure-', ''), hub)).toBe(false)
})

test('a session that was ended or has expired is none', async () => {
  const account = await makeAccount()
  const { token } = await signIn(account)
  await own.db
    .update(sessions)
    .set({ expiresAt: sql`hub_now() - interval '1 second'` })
    .where(eq(sessions.token, token))
  expect(await findSession(own.db, token)).toBeUndefined()
  const second = await signIn(account)
  await own.db.delete(sessions).where(eq(sessions.token, second.token))
  expect(await findSession(own.db, second.token)).toBeUndefined()
  expect(await findSession(own.db, 'no token')).toBeUndefined()
})

test('the account is the one that the session switched to, else the first that the person joined', async () => {
  const account = await makeAccount()
  const { token } = await signIn(account)
  const second = await createAccountFor(own.db, { name: 'Two', identifier: `two-${made}` }, account.userId)
  if (!second.ok) throw new Error('refused')
  const current = async () => (await findSession(own.db, token))?.membership?.account.id
  expect(await current()).toBe(account.accountId)
  const { id: sessionId } = (await findSession(own.db, token))?.session ?? { id: '' }
  await switchAccount(own.db, { userId: account.userId, sessionId, accountId: second.value.accountId })
  expect(await current()).toBe(second.value.accountId)
  await own.db.delete(members).where(eq(members.accountId, second.value.accountId))
  expect(await current()).toBe(account.accountId)
})

test('a person without an account has a session, and two-factor sign-in and suspension are seen at once', async () => {
  const account = await makeAccount()
  const { token } = await signIn(account)
  await own.db.update(users).set({ twoFactorEnabled: true }).where(eq(users.id, account.userId))
  await own.db.update(accounts).set({ suspendedAt: sql`hub_now()` }).where(eq(accounts.id, account.accountId))
  expect(await findSession(own.db, token)).toMatchObject({
    user: { twoFactor: true },
    membership: { account: { suspended: true } },
  })
  await own.db.delete(members).where(eq(members.userId, account.userId))
  expect(await findSession(own.db, token)).toMatchObject({ user: { id: account.userId }, membership: null })
})
