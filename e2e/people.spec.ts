import type { Page } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { makeAuth } from '@/lib/accounts/auth'
import { createAccountFor } from '@/lib/accounts/create-account'
import { users } from '@/lib/db/people-schema'
import { invite } from '@/lib/people/invitations'
import { makeResetPath } from '@/lib/people/reset-password'
import { expect, expectAccessible, expectNoSidewaysScroll, signIn, test } from './fixtures/browser/test'
import { totp } from './fixtures/data/totp'

// The ways back in, members, roles, two-factor sign-in, sessions and the audit log, at 390 px too.

async function expectFitsPhone(page: Page) {
  const wide = page.viewportSize() ?? { width: 1280, height: 720 }
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  await page.setViewportSize(wide)
}

test('a reset link sets a new password, once, and signs out everywhere', async ({ page, account, hub, database }) => {
  const auth = makeAuth(database.db, { url: hub.url, secret: hub.sessionSecret })
  await page.goto('/forgotten')
  await expect(page.getByText('This hub sends no mail')).toBeVisible()
  const path = await makeResetPath(auth, account.userId)
  await page.goto(path)
  await page.getByLabel('New password', { exact: true }).fill('password123')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText(/most common passwords/)).toBeVisible()
  await expectFitsPhone(page)
  await page.getByLabel('New password', { exact: true }).fill('four smaller words')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Your password is changed')).toBeVisible()
  await expectAccessible(page)
  await page.goto('/sign-in')
  await page.goto(path)
  await expect(page.getByText('This link no longer works')).toBeVisible()
  await signIn(page, { ...account, password: 'four smaller words' })
})

test('an owner invites a person by a link, who joins, gets a role and is taken out', async ({
  settings: page,
  browser,
  hub,
}) => {
  await page.goto('/settings/members')
  await page.getByLabel('E-mail address').fill(`jan-${Date.now()}@example.net`)
  await page.getByLabel('Role', { exact: true }).selectOption('admin')
  await page.getByRole('button', { name: 'Invite' }).click()
  const link = (await page.getByRole('group', { name: 'Invitation link' }).textContent()) ?? ''
  await expect(page.getByRole('table', { name: 'Open invitations' })).toContainText('jan-')
  await expectAccessible(page)
  await expectFitsPhone(page)

  const context = await browser.newContext({ baseURL: hub.url, viewport: { width: 390, height: 844 } })
  const other = await context.newPage()
  await other.goto(link)
  await expect(other.getByRole('heading', { name: 'Join Quay Ltd' })).toBeVisible()
  await expectNoSidewaysScroll(other)
  await other.getByLabel('Choose a password').fill('three small words')
  await other.getByRole('button', { name: 'Join' }).click()
  await expect(other.getByRole('heading', { name: 'WebHooks', exact: true })).toBeVisible()

  await page.reload()
  const row = page.getByRole('table', { name: 'Members' }).getByRole('row', { name: /jan-/ })
  await row.getByLabel(/Role of/).selectOption('viewer')
  await expect(page.getByText(/is viewer now/)).toBeVisible()
  await other.goto('/settings/audit')
  await expect(other.getByText(/role|allow/i).first()).toBeVisible()
  await row.getByRole('button', { name: /Remove/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await expect(row).toHaveCount(0)
  await other.goto('/settings/webhooks')
  await expect(other).toHaveURL(/\/sign-in/)
  await context.close()
  // The last owner cannot go.
  await page.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
  await expect(page.getByText(/An account needs an owner/)).toBeVisible()
})

test('a person joins a second account with the sign-in they have, and switches between both', async ({
  settings: page,
  account,
  database,
}) => {
  const { db } = database
  const name = { name: 'Quay Chairs', identifier: `chairs-${account.identifier}` }
  const [other] = await db
    .insert(users)
    .values({ id: crypto.randomUUID(), name: 'x', email: `x-${account.email}` })
    .returning({ id: users.id })
  const second = await createAccountFor(db, name, other?.id ?? '')
  if (!second.ok) throw new Error('refused')
  const invited = await invite(
    db,
    { accountId: second.value.accountId, by: null },
    { email: account.email, role: 'viewer' },
  )
  if (!invited.ok) throw new Error('refused')
  await page.goto(invited.value.path)
  await page.getByRole('button', { name: 'Join Quay Chairs' }).click()
  await expect(page.getByRole('button', { name: /Account: Quay Chairs/ })).toBeVisible()
  await page.getByRole('button', { name: /Account: Quay Chairs/ }).click()
  await page.getByRole('menuitem', { name: 'Quay Ltd' }).click()
  await expect(page.getByRole('button', { name: /Account: Quay Ltd/ })).toBeVisible()
})

test('two-factor sign-in is set up, asked for, demanded by the account, and a recovery code replaces it', async ({
  settings: page,
  account,
}) => {
  await page.goto('/settings/profile')
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('dialog').getByLabel('Your password').fill(account.password)
  await page.getByRole('button', { name: 'Continue' }).click()
  const key = (await page.getByRole('group', { name: 'Authenticator key' }).textContent()) ?? ''
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  await expectAccessible(page)
  await expectFitsPhone(page)
  await page.getByLabel('Code', { exact: true }).fill(totp(key))
  await page.getByRole('button', { name: 'Turn on' }).click()
  const shown = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await expect(shown).toHaveCount(10)
  const codes = await shown.allTextContents()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.goto('/settings/members')
  await page.getByRole('button', { name: 'Demand it of everyone' }).click()
  await expect(page.getByRole('button', { name: 'Stop demanding it' })).toBeVisible()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Enter your code' })).toBeVisible()
  await page.getByLabel('Code', { exact: true }).fill('000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('This code is not right.')).toBeVisible()
  await page.getByLabel('Code', { exact: true }).fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'WebHooks', exact: true })).toBeVisible()
})

test('sessions are listed and ended, and the audit log has a page with filters and an export', async ({
  settings: page,
  account,
  hub,
  database,
}) => {
  const auth = makeAuth(database.db, { url: hub.url, secret: hub.sessionSecret })
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0'
  const headers = new Headers({ 'user-agent': userAgent })
  await auth.api.signInEmail({ body: { email: account.email, password: account.password }, headers })
  await page.goto('/settings/profile')
  const list = page.getByRole('table', { name: 'Where you are signed in' })
  await list.getByRole('button', { name: 'Sign out Firefox on Windows' }).click()
  await expect(list.getByRole('row')).toHaveCount(2)
  await expectFitsPhone(page)

  await page.goto('/settings/audit')
  const log = page.getByRole('table', { name: 'Audit log' })
  await expect(log.getByRole('row', { name: /Sign-in: session ended/ })).toContainText(account.email)
  await expectAccessible(page)
  await expectFitsPhone(page)
  await page.getByLabel('About', { exact: true }).selectOption('account')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(log.getByRole('row')).toHaveCount(2)
  const csv = await page.request.get('/settings/audit/export?format=csv&about=user')
  expect(await csv.text()).toContain('user.session-ended')

  await page.goto('/settings/profile')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  expect(await database.db.$count(users, eq(users.id, account.userId))).toBe(1)
})
