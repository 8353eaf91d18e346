import type { Page } from '@playwright/test'
import { countClicks } from './fixtures/browser/count-clicks'
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

// From seeing to doing: what fails is made well, one call is sent again, a WebHook is held and released. The number of clicks
// is part of the promise.

const event = (id: string) => ({ type: 'feedback.created', feedback: { id, service: { rating: 2 } } })

const state = (page: Page) => page.getByRole('region', { name: /^State/ })

test('calls that fail are made well in at most five clicks and without a wait: the page says why, and tries at once', async ({
  settings: page,
  account,
  receiver,
}) => {
  test.slow()
  await registerWebhook(page, 'Low ratings', receiver.url)
  receiver.respond(503)
  for (let n = 0; n < 12; n++) await account.post(event(`fb-${n}`))
  // After ten failures in a row the others wait.
  await receiver.waitFor(10)
  await expect(async () => {
    await page.reload()
    await expect(configured(page).getByText('Probing')).toBeVisible({ timeout: 1_000 })
  }).toPass()
  const clicks = await countClicks(page)
  await expect(configured(page).getByText('Probing')).toBeVisible()
  await expect(configured(page).getByText(/failures in a row/)).toBeVisible()
  await expect(configured(page).getByText(/Waits for the next probe/)).toBeVisible()
  await rule(page, 'Low ratings').getByRole('link').click()
  await expect(state(page)).toContainText('Your endpoint answered 503')
  await expect(state(page)).toContainText('It is overloaded or down for maintenance.')
  await expect(state(page)).toContainText('12 deliveries')
  await expect(state(page)).toContainText(/Waits for the next probe, \d\d:\d\d · in /)
  await expectAccessible(page)
  // The endpoint is cured.
  const before = receiver.requests.length
  receiver.respond(200)
  await page.getByRole('button', { name: 'Try now' }).click()
  await expect(page.getByText('The oldest that waits is called now.')).toBeVisible()
  await receiver.waitFor(before + 1, 5_000)
  await expect(state(page)).toContainText('On since', { timeout: 15_000 })
  await expect(state(page)).toContainText('Nothing.', { timeout: 15_000 })
  expect(await clicks()).toBeLessThanOrEqual(5)
  const delivered = receiver.requests.slice(before).map(({ headers }) => headers['webhook-id'])
  expect(new Set(delivered).size).toBe(12)
})

test('one call is sent again in at most two clicks, and the page shows how it went', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Low ratings', receiver.url)
  await account.post(event('fb-1'))
  await receiver.waitFor(1)
  await expect(recentCalls(page).getByText('200 OK')).toBeVisible()
  const clicks = await countClicks(page)
  await recentCalls(page).getByRole('link', { name: /^View/ }).click()
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect(page.getByText('It is on its way again.')).toBeVisible()
  const [first, again] = await receiver.waitFor(2)
  expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(again?.headers['hearback-replay']).toBe('true')
  expect(again?.body).toEqual(first?.body)
  expect(await clicks()).toBeLessThanOrEqual(2)
  await page.getByRole('link', { name: 'View the latest attempt' }).click()
  await expect(page.getByText('hearback-replay')).toBeVisible()
  await expectAccessible(page)
})

test('a WebHook is held for maintenance and released: what came in meanwhile is called then', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Low ratings', receiver.url)
  await rule(page, 'Low ratings').getByRole('link').click()
  await state(page).getByText('Held', { exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Hold “Low ratings”?' })
  await expect(dialog).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('At a set time').check()
  await dialog.getByLabel('Release at').fill('2020-01-01T10:00')
  await dialog.getByRole('button', { name: 'Hold', exact: true }).click()
  await expect(dialog.getByText('This time is over. Choose a later one.')).toBeVisible()
  await dialog.getByLabel('By hand').check()
  await dialog.getByRole('button', { name: 'Hold', exact: true }).click()
  await expect(page.getByText('“Low ratings” is held.')).toBeVisible()
  await account.post(event('fb-1'))
  await account.post(event('fb-2'))
  await expect(state(page)).toContainText('2 deliveries')
  await expect(state(page)).toContainText('Waits until somebody releases the WebHook.')
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  await page.goto('/settings/webhooks')
  await expect(configured(page).getByText('Held', { exact: true })).toBeVisible()
  await expectNoSidewaysScroll(page)
  expect(receiver.requests).toHaveLength(0)
  await rule(page, 'Low ratings').getByRole('link').click()
  await page.getByRole('button', { name: 'Release' }).click()
  await receiver.waitFor(2)
  await expect(state(page)).toContainText('On since')
  await expect(state(page)).toContainText('Nothing.')
})

test('a waiting delivery is cancelled, says so, and can be sent again', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Low ratings', receiver.url)
  receiver.respond({ status: 429, headers: { 'retry-after': '3600' } })
  await account.post(event('fb-1'))
  await receiver.waitFor(1)
  await recentCalls(page).getByRole('link', { name: /^View/ }).click()
  await expect(page.getByText(/Waits for/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Somebody cancelled it by hand.').first()).toBeVisible()
  receiver.respond(200)
  await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible()
  await expectAccessible(page)
})
