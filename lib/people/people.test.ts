import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totp } from '@/e2e/fixtures/data/totp'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { type MailServer, startMailServer } from '@/e2e/fixtures/receivers/mail-server'
import { auth, makeAuth } from '../accounts/auth'
import type { Authorised } from '../accounts/authorise'
import { asCaller } from '../accounts/caller'
import { createAccount, createAccountFor } from '../accounts/create-account'
import { findMembership, switchAccount } from '../accounts/membership'
import type { Role } from '../accounts/roles'
import { changePassword, signInWithPassword } from '../accounts/sign-in'
import { countResetRequest } from '../accounts/throttle'
import { database } from '../db/client'
import { members, sessions, users, verifications } from '../db/people-schema'
import { audit } from '../db/schema'
import { demandTwoFactor } from './demand-two-factor'
import { mailInvitation } from './invitation-mail'
import { invite, listInvitations, openInvitation, withdrawInvitation } from './invitations'
import { insertPerson, joinAsNewPerson, joinAsPerson } from './join'
import { changeRole, listMembers, removeMember } from './members'
import { isResetToken, mailResetLink, makeResetPath, resetPassword } from './reset-password'
import { endSession, endSessions, listSessions } from './sessions'
import { confirmTwoFactor, endTwoFactor, renewRecoveryCodes, signInWithCode, startTwoFactor } from './two-factor'

let test: TestDatabase
let mail: MailServer
beforeAll(async () => {
  test = await createTestDatabase()
  mail = await startMailServer()
  Object.assign(process.env, {
    DATABASE_URL: test.url,
    HEARBACK_URL: 'http://hub.example',
    HEARBACK_SECRET_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
    HEARBACK_SESSION_SECRET: 'a session secret of enough length',
    SMTP_URL: mail.url,
    MAIL_FROM: 'Hearback <hub@quay.example>',
  })
})
afterAll(() => Promise.all([database().pool.end(), mail.close()]))

let made = 0
async function makeAccount() {
  const word = `shop-${++made}`
  const account = { name: word, identifier: word, email: `${word}@quay.example`, password: 'three small words' }
  const created = await createAccount(test.db, account)
  if (!created.ok) throw new Error('refused')
  return { ...account, ...created.value }
}
async function addPerson(accountId: string, role: Role) {
  const email = `person-${++made}@quay.example`
  const userId = await test.db.transaction((tx) => insertPerson(tx, email, 'no hash'))
  if (!userId) throw new Error('taken')
  await test.db.insert(members).values({ accountId, userId, role })
  return { userId, email }
}
const visitor = (headers = new Headers()) => ({ address: '192.0.2.1', headers })

/** Signs in as a browser does. The headers of its next requests, and its session. */
async function signIn({ email, password }: { email: string; password: string }) {
  const body = { email, password }
  const { headers: answer } = await auth().api.signInEmail({ body, returnHeaders: true })
  const cookie = answer
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const headers = new Headers({ cookie, 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0' })
  const found = await auth().api.getSession({ headers })
  return { headers, sessionId: found?.session.id ?? '' }
}
const isSignedIn = async (headers: Headers) => (await auth().api.getSession({ headers })) !== null
const actionsOf = async (accountId: string) =>
  (
    await test.db.select({ action: audit.action }).from(audit).where(eq(audit.accountId, accountId)).orderBy(audit.id)
  ).map(({ action }) => action)
const who = async (userId: string, sessionId: string): Promise<Authorised> => {
  const membership = await findMembership(test.db, userId, sessionId)
  const [user] = await test.db.select().from(users).where(eq(users.id, userId))
  if (!membership || !user) throw new Error('belongs to no account')
  const { id, name, email, twoFactorEnabled: twoFactor } = user
  return { ...membership, user: { id, name, email, twoFactor }, sessionId }
}

describe('a reset link', () => {
  const tokenOf = (path: string) => path.slice('/reset#'.length)

  it('sets a new password once, ends all sessions, and is told to each account of the person', async () => {
    const owner = await makeAccount()
    const second = await createAccountFor(test.db, { name: 'Two', identifier: `two-${owner.identifier}` }, owner.userId)
    if (!second.ok) throw new Error('refused')
    const { headers } = await signIn(owner)
    const token = tokenOf(await makeResetPath(auth(), owner.userId))
    expect(await isResetToken(auth(), token)).toBe(true)
    const results = await Promise.all(
      ['four smaller words', 'five smaller words'].map((word) => resetPassword(test.db, token, word)),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await isSignedIn(headers)).toBe(false)
    expect(await isResetToken(auth(), token)).toBe(false)
    expect(await signInWithPassword(owner, visitor())).toMatchObject({ ok: false })
    const password = results[0]?.ok ? 'four smaller words' : 'five smaller words'
    expect(await signInWithPassword({ ...owner, password }, visitor())).toMatchObject({ ok: true })
    for (const accountId of [owner.accountId, second.value.accountId])
      expect(await actionsOf(accountId)).toEqual(['account.created', 'user.password-reset'])
  })

  it('works for 30 minutes, and its token is stored as a hash alone', async () => {
    const { userId } = await makeAccount()
    const token = tokenOf(await makeResetPath(auth(), userId))
    const { rows } = await test.pool.query<{ row: string }>('select v::text as row from verifications v')
    expect(rows.filter(({ row }) => row.includes(token))).toEqual([])
    const mine = eq(verifications.value, userId)
    const [stored] = await test.db.select().from(verifications).where(mine)
    expect((stored?.expiresAt.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(30 * 60_000)
    await test.db
      .update(verifications)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(mine)
    expect(await resetPassword(test.db, token, 'four smaller words')).toMatchObject({ ok: false })
  })

  it('is not made more than three times in 15 minutes for an address, nor 20 times from one', async () => {
    const ask = (n: number, email = 'a@limit.example') =>
      countResetRequest(test.db, { email, address: `203.0.113.${n}` })
    const burst = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(n)))
    expect(burst.filter((answer) => answer === 'none')).toHaveLength(3)
    for (let n = 0; n < 20; n++) expect(await ask(99, `b${n}@limit.example`)).toBe('none')
    expect(await ask(99, 'c@limit.example')).toBe('address')
  })
})

describe('a session', () => {
  it('is listed with its device, address and last use, and ended alone or with all others', async () => {
    const owner = await makeAccount()
    const [one, two] = [await signIn(owner), await signIn(owner)]
    const stranger = await makeAccount()
    await test.db.update(sessions).set({ userAgent: two.headers.get('user-agent'), ipAddress: '192.0.2.7' })
    const listed = await listSessions(test.db, owner.userId, two.sessionId)
    expect(listed).toHaveLength(2)
    expect(listed[0]).toMatchObject({ id: two.sessionId, current: true, device: 'Firefox on Windows' })
    expect(listed[1]).toMatchObject({ current: false, address: '192.0.2.7', lastUsedAt: expect.any(Date) })
    expect(await endSession(test.db, stranger.userId, one.sessionId)).toBe(false)
    expect(await endSession(test.db, owner.userId, one.sessionId)).toBe(true)
    expect([await isSignedIn(one.headers), await isSignedIn(two.headers)]).toEqual([false, true])
    expect(await endSessions(test.db, owner.userId)).toBe(1)
    expect(await isSignedIn(two.headers)).toBe(false)
  })

  it('ends when its person changes the password elsewhere, and the entry is written with the change or not at all', async () => {
    const owner = await makeAccount()
    const [here, there] = [await signIn(owner), await signIn(owner)]
    const change = { currentPassword: owner.password, newPassword: 'four smaller words' }
    const caller = await who(owner.userId, here.sessionId)
    const wrong = await changePassword({ ...change, currentPassword: 'wrong' }, caller, visitor(here.headers))
    expect(wrong).toMatchObject({ ok: false, errors: [{ field: 'currentPassword' }] })
    expect(await actionsOf(owner.accountId)).toEqual(['account.created'])
    await asCaller({ address: '192.0.2.9' }, () => changePassword(change, caller, visitor(here.headers)))
    expect(await isSignedIn(there.headers)).toBe(false)
    const [, entry] = await test.db.select().from(audit).where(eq(audit.accountId, owner.accountId)).orderBy(audit.id)
    expect(entry).toMatchObject({ action: 'user.password-changed', userId: owner.userId, address: '192.0.2.9' })
    expect(JSON.stringify(entry)).not.toContain('words')
  })
})

describe('a person of several accounts', () => {
  it('works in the first they joined until the session is switched, and only to accounts of theirs', async () => {
    const [one, two, foreign] = [await makeAccount(), await makeAccount(), await makeAccount()]
    await test.db.insert(members).values({ accountId: two.accountId, userId: one.userId, role: 'viewer' })
    const { sessionId } = await signIn(one)
    const current = async () => (await findMembership(test.db, one.userId, sessionId))?.account.id
    const switchTo = (accountId: string) => switchAccount(test.db, { userId: one.userId, sessionId, accountId })
    expect(await current()).toBe(one.accountId)
    expect(await switchTo(two.accountId)).toBe(true)
    expect(await current()).toBe(two.accountId)
    expect(await switchTo(foreign.accountId)).toBe(false)
    expect(await current()).toBe(two.accountId)
    await removeMember(test.db, { accountId: two.accountId, by: two.userId, userId: one.userId })
    expect(await current()).toBe(one.accountId)
  })
})

describe('members', () => {
  it('keep one owner, also when two owners take each other out at the same time', async () => {
    const owner = await makeAccount()
    const { accountId, userId } = owner
    const other = await addPerson(accountId, 'owner')
    const results = await Promise.all([
      removeMember(test.db, { accountId, by: userId, userId: other.userId }),
      removeMember(test.db, { accountId, by: other.userId, userId }),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    const [left] = await listMembers(test.db, accountId)
    const last = { accountId, by: left?.userId ?? '', userId: left?.userId ?? '' }
    expect(left?.role).toBe('owner')
    expect(await removeMember(test.db, last)).toMatchObject({ ok: false })
    expect(await changeRole(test.db, last, 'admin')).toMatchObject({ ok: false })
  })

  it('change role and go, which the audit names, and are missing in other accounts', async () => {
    const [owner, foreign] = [await makeAccount(), await makeAccount()]
    const { accountId, userId: by } = owner
    const { userId } = await addPerson(accountId, 'viewer')
    expect(await changeRole(test.db, { accountId, by, userId }, 'admin')).toMatchObject({ ok: true })
    const elsewhere = { accountId: foreign.accountId, by: foreign.userId, userId }
    expect(await changeRole(test.db, elsewhere, 'viewer')).toMatchObject({ ok: false, missing: true })
    expect(await removeMember(test.db, elsewhere)).toMatchObject({ ok: false, missing: true })
    expect(await removeMember(test.db, { accountId, by: userId, userId })).toMatchObject({ ok: true })
    expect(await actionsOf(accountId)).toEqual(['account.created', 'member.role-changed', 'member.left'])
  })
})

describe('an invitation', () => {
  const inviteTo = async (accountId: string, by: string, email: string) => {
    const invited = await invite(test.db, { accountId, by }, { email, role: 'admin' })
    if (!invited.ok) throw new Error('refused')
    return invited.value.path.slice('/invitation#'.length)
  }

  it('makes a sign-in for its address once, and its token is stored as a hash alone', async () => {
    const owner = await makeAccount()
    const token = await inviteTo(owner.accountId, owner.userId, 'new@invited.example')
    const { rows } = await test.pool.query<{ row: string }>('select i::text as row from invitations i')
    expect(rows.filter(({ row }) => row.includes(token))).toEqual([])
    expect(await openInvitation(test.db, token)).toMatchObject({
      accountName: owner.name,
      hasSignIn: false,
      role: 'admin',
    })
    const joins = await Promise.all([1, 2, 3].map(() => joinAsNewPerson(test.db, token, 'three small words')))
    expect(joins.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await listMembers(test.db, owner.accountId)).toMatchObject([
      { role: 'owner' },
      { email: 'new@invited.example', role: 'admin' },
    ])
    expect(await openInvitation(test.db, token)).toBeUndefined()
  })

  it('joins a person with their own sign-in, and nobody else’s', async () => {
    const [owner, person, stranger] = [await makeAccount(), await makeAccount(), await makeAccount()]
    const token = await inviteTo(owner.accountId, owner.userId, person.email)
    expect(await openInvitation(test.db, token)).toMatchObject({ hasSignIn: true })
    expect(await joinAsNewPerson(test.db, token, 'a password of thieves')).toMatchObject({ ok: false })
    const other = { id: stranger.userId, email: stranger.email, sessionId: (await signIn(stranger)).sessionId }
    expect(await joinAsPerson(test.db, token, other)).toMatchObject({ ok: false })
    const { sessionId } = await signIn(person)
    expect(await joinAsPerson(test.db, token, { id: person.userId, email: person.email, sessionId })).toMatchObject({
      ok: true,
    })
    expect((await findMembership(test.db, person.userId, sessionId))?.account.id).toBe(owner.accountId)
  })

  it('ends when it is withdrawn, when another takes its place, and after seven days', async () => {
    const owner = await makeAccount()
    const { accountId, userId } = owner
    const [first, second] = [
      await inviteTo(accountId, userId, 'a@ends.example'),
      await inviteTo(accountId, userId, 'a@ends.example'),
    ]
    expect(await openInvitation(test.db, first)).toBeUndefined()
    const [open] = await listInvitations(test.db, accountId)
    const foreign = await makeAccount()
    const byForeign = await withdrawInvitation(test.db, foreign.accountId, foreign.userId, open?.id ?? '')
    expect(byForeign).toMatchObject({ ok: false, missing: true })
    expect(await withdrawInvitation(test.db, accountId, userId, open?.id ?? '')).toMatchObject({ ok: true })
    expect(await openInvitation(test.db, second)).toBeUndefined()
    const third = await inviteTo(accountId, userId, 'b@ends.example')
    await test.pool.query(`update invitations set expires_at = hub_now() where email = 'b@ends.example'`)
    expect(await joinAsNewPerson(test.db, third, 'three small words')).toMatchObject({ ok: false })
  })
})

describe('two-factor sign-in', () => {
  async function setUp() {
    const owner = await makeAccount()
    const first = await signIn(owner)
    const caller = await who(owner.userId, first.sessionId)
    const started = await startTwoFactor(owner.password, caller, visitor(first.headers))
    if (!started.ok) throw new Error(JSON.stringify(started.errors))
    return { owner, first, caller, ...started.value }
  }
  /** The headers after the first step: the cookie of the sign-in that waits. */
  async function enterPassword({ email, password }: { email: string; password: string }) {
    const { headers: answer } = await makeAuth(test.db, {
      url: 'http://hub.example',
      secret: 'a session secret of enough length',
    }).api.signInEmail({ body: { email, password }, returnHeaders: true })
    const cookie = answer
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    return visitor(new Headers({ cookie }))
  }

  it('is on after the first code, and then the password alone opens nothing', async () => {
    const { owner, first, caller, key, recoveryCodes } = await setUp()
    expect(recoveryCodes).toHaveLength(10)
    expect(await signInWithPassword(owner, visitor())).toMatchObject({ ok: true, value: { needsCode: false } })
    expect(await confirmTwoFactor('000000', caller, visitor(first.headers))).toMatchObject({ ok: false })
    expect(await confirmTwoFactor(totp(key), caller, visitor(first.headers))).toMatchObject({ ok: true })
    const before = await test.db.$count(sessions, eq(sessions.userId, owner.userId))
    expect(await signInWithPassword(owner, visitor())).toMatchObject({ ok: true, value: { needsCode: true } })
    expect(await test.db.$count(sessions, eq(sessions.userId, owner.userId))).toBe(before)
    const wrong = await signInWithCode('000000', await enterPassword(owner))
    expect(wrong).toMatchObject({ ok: false, errors: [{ field: 'code' }] })
    const right = await signInWithCode(totp(key), await enterPassword(owner))
    expect(right).toMatchObject({ ok: true, value: { userId: owner.userId } })
    expect(await actionsOf(owner.accountId)).toContain('user.two-factor-on')
    const { rows } = await test.pool.query<{ row: string }>('select t::text as row from two_factors t')
    expect(rows.filter(({ row }) => [key, ...recoveryCodes].some((secret) => row.includes(secret)))).toEqual([])
  })

  it('takes each recovery code once, and ends a sign-in after five wrong codes', async () => {
    const { owner, first, caller, key, recoveryCodes } = await setUp()
    await confirmTwoFactor(totp(key), caller, visitor(first.headers))
    const [code = ''] = recoveryCodes
    expect(await signInWithCode(code.replace('-', ''), await enterPassword(owner))).toMatchObject({ ok: true })
    expect(await signInWithCode(code, await enterPassword(owner))).toMatchObject({ ok: false })
    const waiting = await enterPassword(owner)
    for (let i = 0; i < 5; i++) expect(await signInWithCode('000000', waiting)).toMatchObject({ ok: false })
    expect(await signInWithCode(totp(key), waiting)).toMatchObject({ ok: false })
  })

  it('is closed for 15 minutes after ten wrong codes in a row, however many sign-ins they are spread over', async () => {
    const { owner, first, caller, key } = await setUp()
    await confirmTwoFactor(totp(key), caller, visitor(first.headers))
    for (let i = 0; i < 10; i++) await signInWithCode('000000', await enterPassword(owner))
    const closed = await signInWithCode(totp(key), await enterPassword(owner))
    expect(closed).toMatchObject({ ok: false, errors: [{ message: expect.stringMatching(/15 minutes/) }] })
  })

  it('that an account demands stays on while the person belongs to it, and is demanded only by one who has it', async () => {
    const { owner, first, caller, key } = await setUp()
    expect(await demandTwoFactor(test.db, caller, true)).toMatchObject({ ok: false })
    await confirmTwoFactor(totp(key), caller, visitor(first.headers))
    const { headers, id } = await latestSession(owner.userId)
    const protectedCaller = await who(owner.userId, id)
    expect(await demandTwoFactor(test.db, protectedCaller, true)).toMatchObject({ ok: true })
    expect((await findMembership(test.db, owner.userId))?.account.demandsTwoFactor).toBe(true)
    const refusal = await endTwoFactor(owner.password, protectedCaller, visitor(headers))
    expect(refusal).toMatchObject({ ok: false, errors: [{ message: expect.stringContaining(owner.name) }] })
    const renewed = await renewRecoveryCodes(owner.password, protectedCaller, visitor(headers))
    expect(renewed.ok && renewed.value).toHaveLength(10)
    await demandTwoFactor(test.db, protectedCaller, false)
    expect(await endTwoFactor(owner.password, protectedCaller, visitor(headers))).toMatchObject({ ok: true })
    expect(await signInWithPassword(owner, visitor())).toMatchObject({ value: { needsCode: false } })
  })

  /** The session that took the place of the one before, as its browser sends it. */
  async function latestSession(userId: string) {
    const { createHmac } = await import('node:crypto')
    const [row] = await test.db.select().from(sessions).where(eq(sessions.userId, userId))
    const { token = '', id = '' } = row ?? {}
    const signature = createHmac('sha256', 'a session secret of enough length').update(token).digest('base64')
    const cookie = `hearback.session_token=${encodeURIComponent(`${token}.${signature}`)}`
    return { headers: new Headers({ cookie }), id }
  }
})

describe('the mail to a person', () => {
  const linkIn = (text: string) => /http:\/\/hub\.example\/(\w+)#([\w-]{43})/.exec(text)?.slice(1) ?? []
  const mailTo = (email: string) => mail.mails.filter(({ to }) => to.includes(email))

  it('carries a reset link that works, and none goes to an address without a sign-in', async () => {
    const { email } = await makeAccount()
    await mailResetLink(test.db, auth(), 'nobody@quay.example')
    await mailResetLink(test.db, auth(), email)
    expect(mailTo('nobody@quay.example')).toEqual([])
    const [letter, ...more] = mailTo(email)
    expect(more).toEqual([])
    expect(letter).toMatchObject({ from: 'hub@quay.example', subject: 'Choose a new password for Hearback' })
    const [page, token = ''] = linkIn(letter?.text ?? '')
    expect(page).toBe('reset')
    expect(await resetPassword(test.db, token, 'four smaller words')).toMatchObject({ ok: true })
  })

  it('carries an invitation that works; a link whose mail is refused is handed to the person who invites', async () => {
    const { accountId, userId, email: inviter } = await makeAccount()
    const inviteBy = async (email: string) => {
      const form = { email, role: 'viewer' as const }
      const invited = await invite(test.db, { accountId, by: userId }, form)
      if (!invited.ok) throw new Error('refused')
      return mailInvitation(invited.value.path, form, { accountName: 'Quay Ltd', inviter })
    }
    expect(await inviteBy('jan@quay.example')).toEqual({ email: 'jan@quay.example' })
    const [letter] = mailTo('jan@quay.example')
    expect(letter?.subject).toBe('Join Quay Ltd in Hearback')
    const [page, token = ''] = linkIn(letter?.text ?? '')
    expect([page, (await openInvitation(test.db, token))?.email]).toEqual(['invitation', 'jan@quay.example'])
    mail.refuse('full@quay.example', 550)
    const { link } = await inviteBy('full@quay.example')
    expect(linkIn(link ?? '')[0]).toBe('invitation')
    expect(mailTo('full@quay.example')).toEqual([])
  })
})
