import { expect, expectAccessible, test } from './fixtures/browser/test'
import { startHub } from './fixtures/processes/hub'

test('the printed link of the first run makes the account and its owner, who can sign out and in', async ({ page }) => {
  // It starts a hub of its own.
  test.slow()
  const hub = await startHub()
  try {
    await page.goto(`${hub.url}/`)
    await expect(page.getByRole('heading', { name: 'Open the set-up link' })).toBeVisible()
    await page.goto(`${hub.url}/setup?code=wrong`)
    await expect(page.getByRole('heading', { name: 'Open the set-up link' })).toBeVisible()

    await page.goto(hub.setupLink)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Make account' }).click()
    await expect(page.getByLabel('Account name')).toBeFocused()
    await expect(page.getByLabel('Account name')).toHaveAccessibleDescription(/./)
    await page.getByLabel('Account name').fill('Quay Ltd')
    await expect(page.getByLabel('Identifier')).toHaveValue('quay-ltd')
    await page.getByLabel('Your e-mail address').fill('priya@example.net')
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByRole('button', { name: 'Make account' }).click()
    await expect(page.getByText(/at least 10 characters/i).last()).toBeVisible()
    await page.getByLabel('Password', { exact: true }).fill('a long enough password')
    await page.getByRole('button', { name: 'Make account' }).click()

    await expect(page.getByRole('heading', { name: 'WebHooks', exact: true })).toBeVisible()
    await expect(page.getByText('No WebHook is registered yet')).toBeVisible()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await page.goto(`${hub.url}/settings/webhooks`)
    await expect(page).toHaveURL(/\/sign-in/)
    await page.getByLabel('E-mail address').fill('priya@example.net')
    await page.getByLabel('Password', { exact: true }).fill('a wrong password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('E-mail address or password is wrong.')).toBeVisible()
    await page.getByLabel('Password', { exact: true }).fill('a long enough password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('heading', { name: 'WebHooks', exact: true })).toBeVisible()

    // The link works only once.
    await page.goto(hub.setupLink)
    await expect(page.getByRole('heading', { name: 'This hub is set up already' })).toBeVisible()
  } finally {
    await hub.stop()
  }
})

test('sign-in is refused after wrong passwords, and the screen says until when', async ({ page, account }) => {
  await page.goto('/sign-in')
  for (let i = 0; i < 6; i++) {
    await page.getByLabel('E-mail address').fill(account.email)
    await page.getByLabel('Password', { exact: true }).fill(`wrong password ${i}`)
    const answered = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await answered
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  }
  await expect(page.getByText(/too many attempts.*Try again in/)).toBeVisible()
})

test('a person signs in at another loopback name of a hub whose address is this machine alone', async ({
  page,
  account,
  hub,
}) => {
  await page.goto(`${hub.url.replace('127.0.0.1', 'localhost')}/sign-in`)
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'WebHooks', exact: true })).toBeVisible()
  expect(new URL(page.url()).hostname).toBe('localhost')
})
