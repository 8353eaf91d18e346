import type { Page } from '@playwright/test'
import { countClicks } from './fixtures/browser/count-clicks'
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  recentCalls,
  registerWebhook,
  test,
} from './fixtures/browser/test'

// A merchant hands one failed call over to a developer who has no account.

const send = (page: Page) => page.getByRole('button', { name: 'Send this to your developer' })

test('a call is handed over by a link: its page needs no sign-in, masks keys and personal data, and ends when it is revoked', async ({
  settings: page,
  account,
  receiver,
  browser,
  hub,
}) => {
  await registerWebhook(page, 'Help desk', `${receiver.url}/hooks/a-secret-path`, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
  })
  receiver.respond({ status: 422, body: 'Priya Shah: the field "sku" is missing' })
  await account.post({
    type: 'feedback.created',
    feedback: { id: 'fb-1', comment: 'It broke', service: { rating: 2 }, customer: { name: 'Priya Shah' } },
  })
  const clicks = await countClicks(page)
  await recentCalls(page).getByRole('link', { name: /View/ }).click()
  await send(page).click()
  await page.getByRole('button', { name: 'Make link' }).click()
  const link = (await page.getByText(/\/shared\/[\w-]{22}$/).innerText()).trim()
  expect(await clicks()).toBe(3)

  const developer = await (await browser.newContext()).newPage()
  await developer.goto(link)
  await expect(developer.getByRole('heading', { level: 1, name: /^WebHook call 422/ })).toBeVisible()
  await expect(developer.getByText('It read the body but could not use it.', { exact: false })).toBeVisible()
  await expect(developer.getByText('the field "sku" is missing')).toBeVisible()
  await expect(developer.getByText('"rating": 2')).toBeVisible()
  await expect(developer.getByRole('heading', { name: 'Verify it' })).toBeVisible()
  await expect(developer.getByText('receiver.mjs').first()).toBeVisible()
  const source = await developer.content()
  for (const hidden of ['Priya', 'It broke', 'a-secret-path', account.id]) expect(source).not.toContain(hidden)
  await expectAccessible(developer)
  await developer.setViewportSize({ width: 390, height: 800 })
  await expectNoSidewaysScroll(developer)

  // With the box ticked, personal data is shown.
  await page.getByRole('button', { name: 'Done' }).click()
  await send(page).click()
  await page.getByLabel('Show personal data').check()
  await page.getByRole('button', { name: 'Make link' }).click()
  const other = (await page.getByText(/\/shared\/[\w-]{22}$/).innerText()).trim()
  await developer.goto(other)
  await expect(developer.getByText('"Priya Shah"')).toBeVisible()
  await expectAccessible(page)

  for (const left of [1, 0]) {
    await page.getByRole('button', { name: 'Revoke' }).first().click()
    await expect(page.getByRole('button', { name: 'Revoke' })).toHaveCount(left)
  }
  for (const ended of [link, other]) {
    expect((await developer.goto(ended))?.status()).toBe(404)
    await expect(developer.getByRole('heading', { name: 'This link opens nothing' })).toBeVisible()
  }
  expect((await fetch(`${hub.url}/settings/webhooks`, { redirect: 'manual' })).status).toBe(307)
  await developer.context().close()
})

test('a call is copied as cURL and as a replay script, without its key', async ({
  settings: page,
  context,
  account,
  receiver,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Add key' }).click()
  await page.getByLabel('Key', { exact: true }).fill('the key of this account')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('The pre-shared key is set.')).toBeVisible()
  await registerWebhook(page, 'Own code', `${receiver.url}/hooks?shop=7`)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 2 } } })
  const [request] = await receiver.waitFor(1)
  await recentCalls(page).getByRole('link', { name: /View/ }).click()
  const copied = () => page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Copy as cURL' }).click()
  await expect.poll(copied).toContain(`curl -X POST '${receiver.url}/hooks?shop=7'`)
  expect(await copied()).toContain(`--data-raw '${request?.body}'`)
  expect(await copied()).not.toContain('the key of this account')
  await page.getByRole('button', { name: 'Copy replay script' }).click()
  await expect.poll(copied).toContain('node replay.mjs http://localhost:3000/hooks?shop=7')
  expect(await copied()).not.toContain('the key of this account')

  await page.getByRole('tab', { name: 'Timings' }).click()
  const panel = page.getByRole('tabpanel')
  for (const part of ['Waiting', 'Connect', 'First byte', 'Body', 'Duration'])
    await expect(panel.getByText(part, { exact: true })).toBeVisible()
  await expect(panel.getByText('127.0.0.1', { exact: true })).toBeVisible()
  await page.getByRole('tab', { name: /Attempts/ }).click()
  await expect(page.getByRole('list', { name: 'Attempts' }).getByRole('listitem')).toHaveText([
    /Attempt 1 · this call/,
    /Delivered/,
  ])
})
