import fs from 'node:fs'
import type { Page } from '@playwright/test'
import {
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  recentCalls,
  registerWebhook,
  rule,
  test,
} from './fixtures/browser/test'

const longName = 'WWWWWWWWWWWWWWWWWWWWWWWW'
const longPath = `/${'a-rather-long-path/'.repeat(20)}`

async function eachScreen(page: Page, look: (name: string) => Promise<void>) {
  await look('WebHooks')
  const view = await recentCalls(page).getByRole('link', { name: /View/ }).first().getAttribute('href')
  const webhook = await configured(page).getByRole('link').first().getAttribute('href')
  for (const [name, path, heading] of [
    ['call', view, 'WebHook call'],
    ['register', '/settings/webhooks/new', 'Register New WebHook'],
    ['edit', `${webhook}/edit`, /Edit|WebHook/],
    ['API', '/settings/api', 'API'],
    ['account', '/settings/account', 'Account'],
    ['members', '/settings/members', 'Members'],
    ['profile', '/settings/profile', 'Your sign-in'],
  ] as const) {
    await page.goto(path ?? '')
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    await look(name)
  }
}

test('axe finds no fault on any screen, in light or dark', async ({ settings: page, account, receiver }) => {
  test.slow()
  await expectAccessible(page)
  await registerWebhook(page, longName, receiver.url + longPath)
  receiver.respond(500)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 4 } } })
  await expect(recentCalls(page).getByText('500')).toBeVisible()
  await eachScreen(page, async () => expectAccessible(page))
})

test('at 390 px nothing scrolls sideways, and the menu opens as a sheet', async ({
  settings: page,
  account,
  receiver,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await registerWebhook(page, longName, receiver.url + longPath)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 4 } } })
  await expect(recentCalls(page).getByText('200 OK')).toBeVisible()
  await eachScreen(page, async () => expectNoSidewaysScroll(page))
  await page.getByRole('button', { name: 'Open navigation' }).click()
  await page.getByRole('link', { name: 'WebHooks' }).click()
  await expect(page.getByRole('heading', { name: 'WebHooks', exact: true })).toBeVisible()
})

test('a WebHook is registered, saved and deleted with the keyboard alone', async ({ settings: page, receiver }) => {
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const tabTo = async (name: string | RegExp, role: 'link' | 'button' | 'textbox') => {
    const target = page.getByRole(role, { name, exact: typeof name === 'string' })
    for (let i = 0; i < 60; i++) {
      if (await target.evaluateAll((found) => found.includes(document.activeElement as never))) return
      await press('Tab')
    }
    throw new Error(`${name} can't be reached with the Tab key`)
  }
  await page.reload()
  await press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await press('Enter')
  await tabTo(/Register/, 'link')
  await press('Enter')
  await expect(page.getByRole('heading', { name: 'Register New WebHook' })).toBeVisible()
  await tabTo('Rule name', 'textbox')
  await page.keyboard.type('By keyboard')
  await tabTo('WebHook URL', 'textbox')
  await page.keyboard.type(receiver.url)
  await tabTo('Save WebHook', 'button')
  await press('Enter')
  await expect(rule(page, 'By keyboard')).toBeVisible()
  await tabTo(/Delete By keyboard/, 'button')
  await press('Enter')
  await expect(page.getByText('Delete “By keyboard”?')).toBeVisible()
  await press('Escape')
  await expect(page.getByText('Delete “By keyboard”?')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Delete By keyboard' })).toBeFocused()
  await press('Enter')
  await expect(page.getByText('Delete “By keyboard”?')).toBeVisible()
  await tabTo('Delete', 'button')
  await press('Enter')
  await expect(page.getByText('No WebHook is registered yet')).toBeVisible()
})

test('no page is prerendered, and every page carries a policy whose nonce its scripts have', async ({
  settings: page,
}) => {
  const { routes } = JSON.parse(fs.readFileSync('.next/prerender-manifest.json', 'utf8'))
  // Next always writes its fallback error page at build. An error of the hub is answered by a page with a nonce.
  const served = Object.keys(routes).filter((route) => route !== '/_global-error')
  expect(served).toEqual(['/icon.svg'])
  for (const path of [
    '/sign-in',
    '/setup',
    '/settings/webhooks',
    '/settings/webhooks/new',
    '/settings/api',
    '/no-such-page',
  ]) {
    const answer = await page.goto(path)
    const policy = answer?.headers()['content-security-policy'] ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    expect(policy, path).toContain("frame-ancestors 'none'")
    expect(policy, path).not.toContain("script-src 'self' 'unsafe-inline'")
    expect(nonce, path).toBeTruthy()
    const html = (await answer?.text()) ?? ''
    const nonces = [...html.matchAll(/<script\b([^>]*)>/g)].map(
      ([, attributes]) => /nonce="([^"]+)"/.exec(attributes ?? '')?.[1],
    )
    expect(new Set(nonces), path).toEqual(new Set([nonce]))
  }
})

test('a form accepts no input before the page is hydrated, and loses none after', async ({ page, account, hub }) => {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/_next/static/**/*.js', async (route) => {
    await released
    await route.continue()
  })
  const gone = page.waitForRequest(/[?&](email|password)=/, { timeout: 2_000 }).catch(() => 'no request')
  // Not `goto`, which waits for the scripts that are blocked here.
  await page.evaluate((address) => location.assign(address), `${hub.url}/sign-in`)
  const field = page.getByLabel('E-mail address')
  await expect(field).toBeDisabled()
  await field.focus()
  await page.keyboard.type(`${account.email}\n`)
  expect(await gone).toBe('no request')
  release()
  await expect(field).toBeEnabled()
  await field.fill(account.email)
  await expect(field).toHaveValue(account.email)
})

test('opening a page fetches none of the pages that it links to', async ({ settings: page }) => {
  const fetched: string[] = []
  page.on('request', (request) => request.url().includes('_rsc=') && fetched.push(request.url()))
  await page.reload()
  await page.getByRole('link', { name: 'Events', exact: true }).hover()
  await page.waitForLoadState('networkidle')
  expect(fetched).toEqual([])
})
