import fs from 'node:fs'
import type { Page } from '@playwright/test'
import { countClicks } from './fixtures/browser/count-clicks'
import { expect, expectAccessible, expectNoSidewaysScroll, registerWebhook, test } from './fixtures/browser/test'

const menu = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true })
const decision = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) })

test('why a review did not arrive is told, with its values, two clicks after the WebHooks page', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Everything', `${receiver.url}/all`)
  await registerWebhook(page, 'Low ratings', `${receiver.url}/low`, async () => {
    await page.getByLabel('Where the service rating is').check()
    await page.getByRole('button', { name: 'Low ones (1–3)' }).click()
  })
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-9', service: { rating: 4 } } })
  await account.post({ type: 'feedback.updated', feedback: { id: 'fb-9', service: { rating: 5, text: 'Better' } } })
  await receiver.waitFor(1)

  const clicks = await countClicks(page)
  await menu(page, 'Calls').click()
  await page.getByRole('searchbox', { name: 'Find by id' }).click()
  await page.keyboard.type('fb-9')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Feedback fb-9' })).toBeVisible()
  await expect(decision(page, 'Low ratings').getByText('Service rating is 4; this rule wants 1/2/3.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Feedback updated, version 2' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Feedback created, version 1' })).toBeVisible()

  // Its calls stand on the same page, and open.
  const calls = page.getByRole('table', { name: 'All its calls' })
  await expect(calls.getByRole('rowheader')).toHaveText(['Everything'])
  expect(await clicks()).toBe(2)
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  await calls.getByRole('link', { name: /^View/ }).click()
  await expect(page.getByRole('heading', { name: /WebHook call\b/ })).toBeVisible()
})

test('what is filtered is exported with one click, defused, and the audit log says so', async ({
  settings: page,
  account,
}) => {
  await account.post({
    type: 'feedback.created',
    feedback: { id: 'fb-1', service: { rating: 4, text: '=2+3', title: 'Fine' } },
  })
  await account.post({ type: 'survey.declined', decline: { id: 'dec-1' } })
  await page.goto('/settings/events?type=feedback.created')
  const clicks = await countClicks(page)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV file of these events' }).click()
  const saved = await download
  expect(await clicks()).toBe(1)
  expect(saved.suggestedFilename()).toBe('events.csv')
  const text = fs.readFileSync(await saved.path(), 'utf8')
  expect(text.trim().split('\r\n')).toHaveLength(2)
  expect(text).toContain(",fb-1,1,true,0,0,4,Fine,'=2+3,")
  await page.goto('/settings/audit?about=event')
  await expect(page.getByText('Event: exported')).toBeVisible()
  await expect(page.getByText('filter: type=feedback.created')).toBeVisible()
})
