import type { Page } from '@playwright/test'
import { countClicks } from './fixtures/browser/count-clicks'
import {
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  formReady,
  openForm,
  registerWebhook,
  rule,
  test,
} from './fixtures/browser/test'

const box = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true })
const chooseFormat = (page: Page, name: RegExp) => page.getByRole('radio', { name }).check()
const boxes = ['Gold', 'Green', 'Yellow', 'Red'].flatMap((temperature) =>
  ['response', 'comment', 'driver'].map((part) => `${temperature}: ${part}`),
)

test('the table replaces When, with every cell ticked, and has quick choices', async ({ settings: page }) => {
  await openForm(page)
  await expect(page.getByLabel('is created')).toBeVisible()
  await chooseFormat(page, /Customer Thermometer/)
  await expect(page.getByLabel('is created')).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Where' })).toHaveCount(0)
  const table = page.getByRole('group', { name: 'Thermometer' }).getByRole('table')
  for (const name of ['Response', 'Comment', 'Driver'])
    await expect(table.getByRole('columnheader', { name })).toBeVisible()
  for (const name of ['Gold', 'Green', 'Yellow', 'Red'])
    await expect(table.getByRole('rowheader', { name })).toBeVisible()
  for (const name of boxes) await expect(box(page, name)).toBeChecked()

  await page.getByRole('button', { name: 'Low ones (yellow, red)' }).click()
  for (const name of boxes) await expect(box(page, name)).toBeChecked({ checked: /Yellow|Red/.test(name) })
  await page.getByRole('button', { name: 'None' }).click()
  for (const name of boxes) await expect(box(page, name)).not.toBeChecked()
  await page.getByRole('button', { name: 'All' }).click()
  await expect(table.getByRole('checkbox', { checked: true })).toHaveCount(12)
})

test('an empty table is refused with its own error, and save moves the focus to it', async ({
  settings: page,
  receiver,
}) => {
  await openForm(page)
  await page.getByLabel('Rule name').fill('Empty')
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await chooseFormat(page, /Customer Thermometer/)
  await page.getByRole('button', { name: 'None' }).click()
  const error = page.getByText('Tick at least one box of the thermometer table.')
  await expect(error).toBeVisible()
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(box(page, 'Gold: response')).toBeFocused()
  await expect(page).toHaveURL(/new$/)
  await page.keyboard.press('Space')
  await expect(box(page, 'Gold: response')).toBeChecked()
  await expect(error).toHaveCount(0)
  await page.keyboard.press('Tab')
  await expect(box(page, 'Gold: comment')).toBeFocused()
})

test('a comment on a red response fires once, when the comment is added; that rule is seven clicks from the WebHooks page', async ({
  settings: page,
  account,
  receiver,
}) => {
  const clicks = await countClicks(page)
  await page.getByRole('link', { name: 'Register WebHook' }).click()
  await formReady(page)
  await chooseFormat(page, /Customer Thermometer/)
  await page.getByLabel('Rule name').click()
  await page.keyboard.type('Words on red')
  await page.getByLabel('WebHook URL').click()
  await page.keyboard.type(receiver.url)
  await page.getByRole('button', { name: 'None' }).click()
  await box(page, 'Red: comment').click()
  await expect(page.getByText('when a comment is added or changed on a red response')).toBeVisible()
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(rule(page, 'Words on red')).toBeVisible()
  expect(await clicks()).toBe(7)
  await expect(configured(page).getByText('Red: comment')).toBeVisible()
  const feedback = { id: 'fb-1', temperature: 'red' }
  const written = { ...feedback, comment: 'Still broken' }
  const deliveries = async (type: string, as: object) =>
    (await account.post({ type, feedback: as })).events[0]?.deliveries
  expect(await deliveries('feedback.created', feedback)).toBe(0)
  expect(await deliveries('feedback.updated', written)).toBe(1)
  expect(await deliveries('feedback.updated', { ...written, drivers: ['Speed'] })).toBe(0)
  await receiver.waitFor(1)
  expect(JSON.parse(String(receiver.requests[0]?.body))).toMatchObject({ response: 'Red', comment: 'Still broken' })

  await configured(page).getByRole('link', { name: 'Edit Words on red' }).click()
  await expect(page.getByRole('status').getByText('1 of the last 3 events would have matched')).toBeVisible()
  for (const name of boxes) await expect(box(page, name)).toBeChecked({ checked: name === 'Red: comment' })
  await box(page, 'Red: response').check()
  await expect(page.getByRole('status').getByText('Fires for 2 instead of 1 of the last 3 events.')).toBeVisible()
  expect(receiver.requests).toHaveLength(1)
})

test('in Full event the table is one of the conditions, and the form says that it sets When', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'Low drivers', receiver.url, async () => {
    await chooseFormat(page, /Full event/)
    await page.getByLabel('Feedback is created').uncheck()
    await page.getByLabel('Where the thermometer says').check()
    await expect(page.getByText('Feedback is created or updated.')).toBeVisible()
    await expect(page.getByLabel('Feedback is created')).toHaveCount(0)
    await page.getByRole('button', { name: 'None' }).click()
    await box(page, 'Yellow: driver').check()
    await box(page, 'Red: driver').check()
  })
  await expect(configured(page).getByText('Feedback is created/updated')).toBeVisible()
  await expect(configured(page).getByText('Yellow: driver, Red: driver')).toBeVisible()
  await page.getByRole('link', { name: 'Edit Low drivers' }).click()
  await page.getByLabel('Regardless of rating').check()
  await expect(page.getByLabel('Message is deleted')).toBeChecked()
})

test('the form says what fires when a customer clicks a rating and then writes', async ({ settings: page }) => {
  await openForm(page)
  const story = page.getByText(/two events come in: created, then updated/)
  await expect(story).toContainText('for the first only')
  await page.getByLabel('is updated').check()
  await expect(story).toContainText('for both')
  await page.getByLabel('is created').uncheck()
  await expect(story).toContainText('for the second only')
  await chooseFormat(page, /Customer Thermometer/)
  await expect(story).toContainText('under Comment when the words are there')
})

test('the image of each temperature is served with a session and without one, and may be kept for 30 days', async ({
  signedIn,
  request: signedOut,
}) => {
  for (const temperature of ['gold', 'green', 'yellow', 'red'])
    for (const asker of [signedIn.request, signedOut]) {
      const answer = await asker.get(`/images/temperatures/${temperature}.png`)
      expect(answer.status()).toBe(200)
      expect(answer.headers()).toMatchObject({
        'content-type': 'image/png',
        'cache-control': 'public, max-age=2592000',
      })
      expect((await answer.body()).subarray(1, 4).toString()).toBe('PNG')
    }
  expect((await signedOut.get('/images/temperatures/blue.png')).status()).toBe(404)
})

test('axe finds no fault on the table, and at 390 px nothing scrolls sideways', async ({ settings: page }) => {
  await openForm(page)
  await chooseFormat(page, /Customer Thermometer/)
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  const { width, height } = (await box(page, 'Red: driver').boundingBox()) ?? { width: 0, height: 0 }
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(42)
})
