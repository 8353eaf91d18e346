import type { Locator, Page } from '@playwright/test'
import { showId } from '@/lib/type-id'
import {
  type Account,
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  recentCalls,
  registerWebhook,
  test,
} from './fixtures/browser/test'
import { makeCall } from './fixtures/data/calls'
import { filledWebhook, fillLog } from './fixtures/data/long-log'

const log = (page: Page) => page.getByRole('table', { name: 'Calls', exact: true })
const lines = (page: Page) => log(page).getByRole('link', { name: /^View/ })
/** The addresses that the lines link to, without the filter of the list. There are none while the page is changing. */
const hrefs = (page: Page) =>
  lines(page)
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('?')[0] ?? null))
    .catch((): (string | null)[] => [])
const menu = (page: Page) => page.getByRole('navigation', { name: 'Settings' })
const older = (page: Page) => page.getByRole('link', { name: 'Older' })
const newer = (page: Page) => page.getByRole('link', { name: 'Newer' })

const filled = test.extend<{ log: Account }>({
  log: async ({ account, database, signedIn: _ }, use) => {
    await fillLog(database.db.$client, account.id, { webhooks: 120, calls: 400 })
    await use(account)
  },
})

test('the calls have a page of their own in the menu', async ({ settings: page }) => {
  await menu(page).getByRole('link', { name: 'Calls' }).click()
  await expect(page).toHaveURL(/\/settings\/calls$/)
  await expect(page.getByText('No calls yet')).toBeVisible()
  await expect(menu(page).getByRole('link', { name: 'Calls' })).toHaveAttribute('aria-current', 'page')
  await expectAccessible(page)
  await page.goBack()
  await expect(page).toHaveURL(/\/settings\/webhooks$/)
})

test('a call appears in the log without a reload, and opens', async ({ settings: page, account, receiver }) => {
  await registerWebhook(page, 'Everything', receiver.url)
  await page.goto('/settings/calls?result=failed')
  await expect(page.getByText('No call matches')).toBeVisible()
  receiver.respond(500)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 2 } } })
  await expect(lines(page)).toHaveCount(1)
  await expect(log(page).getByText('500')).toBeVisible()
  await lines(page).click()
  await expect(page.getByRole('heading', { name: /WebHook call\b/ })).toBeVisible()
  await page.getByRole('link', { name: 'Feedback created' }).click()
  await expect(page).toHaveURL(/\/settings\/events\/evt_/)
})

filled('the pointer on a moment and on a URL shows each in full, one tooltip at a time', async ({ page, log: _ }) => {
  await page.goto('/settings/calls')
  const tooltip = page.locator('[data-open]').filter({ has: page.locator('.tabular-nums, .font-mono') })
  const row = log(page).getByRole('row').nth(1)
  const moment = row.locator('time')
  await moment.hover()
  await expect(tooltip.getByText(/UTC$/)).toBeVisible()
  const url = row.getByRole('cell').filter({ hasText: 'http' })
  const text = await url.innerText()
  await url.locator('.font-mono').first().hover()
  await expect(tooltip.getByText(text.replaceAll('\n', ''), { exact: true })).toBeVisible()
  await expect(tooltip.getByText(/UTC$/)).toHaveCount(0)
})

filled(
  'a call opens beside its list, steps through it by keys, and has an address of its own',
  async ({ page, log: _ }) => {
    await page.goto('/settings/calls?result=failed')
    await expect(lines(page).nth(1)).toBeVisible()
    const ids = (await hrefs(page)).map((href) => href?.split('/').at(-1))
    await lines(page).first().click()
    const sheet = page.getByRole('dialog', { name: /^WebHook call/ })
    await expect(sheet.getByText('Request', { exact: true })).toBeVisible()
    await expect(page).toHaveURL(`/settings/calls?result=failed&call=${ids[0]}`)
    await expectAccessible(page)
    await page.keyboard.press('ArrowRight')
    await expect(page).toHaveURL(`/settings/calls?result=failed&call=${ids[1]}`)
    await page.keyboard.press('ArrowLeft')
    await expect(page).toHaveURL(`/settings/calls?result=failed&call=${ids[0]}`)
    await expect(sheet.getByRole('button', { name: 'Newer call' })).toBeDisabled()
    await page.reload()
    await expect(sheet).toBeVisible()
    // The arrows of a row of tabs are its own.
    await sheet.getByRole('tab', { name: 'Request' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(sheet.getByRole('tab', { name: 'Response' })).toBeFocused()
    await expect(page).toHaveURL(/call=/)
    await page.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
    await expect(page).toHaveURL('/settings/calls?result=failed')
    // On a narrow screen it is its page, which steps through the same list.
    await page.setViewportSize({ width: 390, height: 800 })
    await lines(page).first().click()
    await expect(page).toHaveURL(`/settings/calls/${ids[0]}?result=failed`)
    await expect(page.getByRole('heading', { level: 1, name: /^WebHook call/ })).toBeVisible()
    await page.keyboard.press('ArrowRight')
    await expect(page).toHaveURL(`/settings/calls/${ids[1]}?result=failed`)
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)
  },
)

filled('the log has pages of older and newer calls, and each has its own address', async ({ page, log: _ }) => {
  await page.goto('/settings/calls')
  await expect(lines(page)).toHaveCount(50)
  const first = await hrefs(page)
  await expect(page.getByRole('button', { name: 'Newer' })).toBeDisabled()
  await older(page).click()
  await expect(page).toHaveURL(/\?after=cal_/)
  await expect(newer(page)).toBeVisible()
  await expect(lines(page)).toHaveCount(50)
  const second = await hrefs(page)
  expect(first.filter((href) => second.includes(href))).toEqual([])
  const address = page.url()
  await older(page).click()
  await expect(page).not.toHaveURL(address)
  await newer(page).click()
  await expect.poll(() => hrefs(page)).toEqual(second)
  await newer(page).click()
  await expect.poll(() => hrefs(page)).toEqual(first)
  await page.goto(address)
  await expect.poll(() => hrefs(page)).toEqual(second)
  await lines(page).first().click()
  await expect(page.getByRole('heading', { name: /WebHook call\b/ })).toBeVisible()
  await page.goBack()
  await expect.poll(() => hrefs(page)).toEqual(second)
})

filled(
  'the log is filtered by result and by a WebHook that a search finds',
  async ({ page, log: account, database }) => {
    await page.goto('/settings/calls')
    await page.getByLabel('Result').selectOption('Failed')
    await expect(page).toHaveURL(/\?result=failed$/)
    await expect(log(page).getByText('200 OK')).toHaveCount(0)
    await expect(log(page).getByText('500').first()).toBeVisible()

    const picker = page.getByRole('combobox', { name: 'WebHook', exact: true })
    await picker.click()
    await expect(page.getByText('The first 50. Type to find others.')).toBeVisible()
    await picker.fill('rule 117')
    await expect(page.getByRole('listbox').getByRole('option')).toHaveText(['Rule 117'])
    await picker.press('ArrowDown')
    await picker.press('Enter')
    await expect(page).toHaveURL(/\?webhook=whk_\w+&result=failed$/)
    await expect(page.getByText('No call matches')).toBeVisible()
    await expectAccessible(page)

    await page.getByLabel('Result').selectOption('All results')
    await expect(log(page).getByRole('rowheader', { name: 'Rule 117' }).first()).toBeVisible()
    const found = await hrefs(page)
    await page.reload()
    expect(await hrefs(page)).toEqual(found)
    await expect(picker).toHaveValue('Rule 117')
    const { callId } = await makeCall(database.db, account.id, { webhookId: filledWebhook(account.id, 117) })
    await expect.poll(() => hrefs(page)).toEqual([`/settings/calls/${showId('call', callId)}`, ...found])

    await page.getByRole('button', { name: 'All WebHooks' }).click()
    await expect(page).toHaveURL(/\/settings\/calls$/)
    await expect(lines(page)).toHaveCount(50)
    await page.getByText('More filters').click()
    const status = page.getByLabel('Status code')
    await status.fill('5xx')
    await status.press('Enter')
    await expect(page.getByText('A status code is a number such as 503.')).toBeVisible()
    await status.fill('')
    await expect(page.getByText('A status code is a number such as 503.')).toHaveCount(0)
    await page.getByLabel('Test fires').selectOption('Only test fires')
    await expect(page).toHaveURL(/\?test=true$/)
    await expect(lines(page)).toHaveCount(40)
    await expect(log(page).getByText('Test', { exact: true })).toHaveCount(40)
    await page.goBack()
    await expect(lines(page)).toHaveCount(50)
    await expect(page.getByLabel('Test fires')).toHaveValue('')
  },
)

filled('a long list of WebHooks is turned and searched on the server, a few at a time', async ({ page, log: _ }) => {
  await page.goto('/settings/webhooks')
  const rows = configured(page).getByRole('rowheader')
  await expect(rows).toHaveCount(5)
  await expect(page.getByText('120 WebHooks', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Next' }).click()
  await expect(page).toHaveURL(/\?after=5$/)
  await expect(rows.first()).toHaveText('Rule 6')
  await page.getByRole('link', { name: 'Show 50' }).click()
  await expect(rows).toHaveCount(50)
  await page.getByRole('link', { name: 'Next' }).click()
  await expect(page).toHaveURL(/\?list=long&after=50$/)
  await expect(rows.first()).toHaveText('Rule 51')
  await page.getByRole('searchbox', { name: 'Search WebHooks' }).fill('rule 11')
  await expect(rows).toHaveText(['Rule 11', ...Array.from({ length: 10 }, (_, n) => `Rule ${110 + n}`)])
  await expect(page).toHaveURL(/\?search=rule\+11&list=long$/)
  await page.getByRole('searchbox', { name: 'Search WebHooks' }).fill('nothing like it')
  await expect(page.getByText('No WebHook has “nothing like it” in its name or URL.')).toBeVisible()
})

const heights = (rows: Locator) => rows.evaluateAll((found) => found.map((row) => row.getBoundingClientRect().height))

test('with 1,000 WebHooks the recent calls begin on the first screen, and on a phone a row is at most 72 px', async ({
  signedIn: page,
  account,
  database,
}) => {
  await fillLog(database.db.$client, account.id, { webhooks: 1000, calls: 400 })
  const recent = page.getByRole('heading', { name: 'Recent WebHook Calls' })
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto('/settings/webhooks')
  expect((await recent.boundingBox())?.y).toBeLessThan(900)
  await expect(recentCalls(page).getByRole('columnheader', { name: 'Payload' })).toBeVisible()
  await expect(recentCalls(page).getByRole('link', { name: /^View/ })).toHaveCount(20)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  expect((await recent.boundingBox())?.y).toBeLessThan(844)
  for (const table of [configured(page), recentCalls(page)])
    for (const height of await heights(table.locator('tbody tr'))) expect(height).toBeLessThanOrEqual(72)
  await expectNoSidewaysScroll(page)
  // One tab stop a row: times and cut URLs are none.
  await expect(recentCalls(page).locator('tbody').locator('a, button, [tabindex="0"]')).toHaveCount(20)
  await configured(page)
    .getByRole('row', { name: /Rule 3/ })
    .click()
  await expect(page.getByRole('heading', { name: 'Rule 3', exact: true })).toBeVisible()

  await page.goto('/settings/calls')
  await expect(lines(page)).toHaveCount(50)
  for (const height of await heights(log(page).locator('tbody tr'))) expect(height).toBeLessThanOrEqual(72)
  await expectNoSidewaysScroll(page)
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByText('More filters').click()
  await page.getByRole('combobox', { name: 'WebHook', exact: true }).click()
  await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible()
  await expectNoSidewaysScroll(page)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox')).toHaveCount(0)
  await expectAccessible(page)
  await log(page).getByRole('row').nth(1).click()
  await expect(page.getByRole('heading', { name: /WebHook call\b/ })).toBeVisible()
})

filled('a WebHook of another account is no filter', async ({ page, log: _, hub }) => {
  for (const webhook of [showId('webhook', filledWebhook('ffffffff-0000-4000-8000-000000000000', 1)), 'whk_1']) {
    const answer = await page.goto(`${hub.url}/settings/calls?webhook=${webhook}`)
    expect(answer?.status()).toBe(404)
  }
})
