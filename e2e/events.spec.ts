import type { Page } from '@playwright/test'
import {
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  registerWebhook,
  rule,
  signIn,
  test,
} from './fixtures/browser/test'

const list = (page: Page) => page.getByRole('table', { name: 'Events' })
const decision = (page: Page, name: string) =>
  page.getByRole('table', { name: 'Decisions' }).getByRole('row', { name: new RegExp(`^${name}`) })

test('an event shows for every WebHook why it fired or not, and links to the call, which links back', async ({
  settings: page,
  account,
  receiver,
}) => {
  test.slow()
  await registerWebhook(page, 'Everything', `${receiver.url}/all`)
  await registerWebhook(page, 'Low ratings', `${receiver.url}/low`, async () => {
    await page.getByLabel('Where the service rating is').check()
    await page.getByRole('button', { name: 'Low ones (1–3)' }).click()
  })
  await registerWebhook(page, 'Sleeping', `${receiver.url}/off`)
  await configured(page)
    .getByRole('row', { name: /^Sleeping/ })
    .getByRole('switch')
    .click()
  await expect(page.getByText('“Sleeping” is off.')).toBeVisible()

  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Events' }).click()
  await expect(page.getByText('No event has come in yet')).toBeVisible()
  await expectAccessible(page)
  await account.post({
    type: 'feedback.created',
    source: { key: 'shop', name: 'Shop' },
    feedback: { id: 'fb-9', service: { rating: 5, text: '<img src=x onerror=alert(1)>' } },
  })
  await receiver.waitFor(1)
  await registerWebhook(page, 'Too late', `${receiver.url}/late`)

  await page.goto('/settings/events')
  await expect(list(page).getByRole('row', { name: /Feedback created.*Shop.*fb-9.*1 of 3 WebHooks/ })).toBeVisible()
  await list(page).getByRole('link', { name: 'Feedback created' }).click()
  await expect(page).toHaveURL(/\/settings\/events\/evt_/)
  await expect(decision(page, 'Everything').getByText('Fired', { exact: true })).toBeVisible()
  await expect(decision(page, 'Everything').getByText('Delivered')).toBeVisible()
  await expect(decision(page, 'Low ratings').getByText('Service rating is 5; this rule wants 1/2/3.')).toBeVisible()
  await expect(decision(page, 'Low ratings').getByText('Service rating is 1/2/3')).toBeVisible()
  await expect(decision(page, 'Sleeping').getByText(/It was switched off when the event came in/)).toBeVisible()
  await expect(
    decision(page, 'Too late').getByText(/It was registered at .* UTC, after the event came in/),
  ).toBeVisible()
  // What a customer wrote is shown as text.
  await expect(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible()
  await expect(page.locator('main img')).toHaveCount(0)
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)

  await decision(page, 'Everything').getByRole('link', { name: 'View its call' }).click()
  await expect(page.getByRole('heading', { name: /WebHook call/ })).toBeVisible()
  await page.getByRole('link', { name: 'Feedback created' }).click()
  await expect(decision(page, 'Everything')).toBeVisible()
})

test('an event shows the names and rules of its time, and says when it was loaded as history', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Before', receiver.url)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 4 } } })
  await account.post({ type: 'feedback.created', notify: false, feedback: { id: 'fb-2', service: { rating: 4 } } })
  await configured(page).getByRole('link', { name: 'Edit Before' }).click()
  await page.getByLabel('Rule name').fill('After')
  await page.getByRole('button', { name: 'Update WebHook' }).click()
  await expect(rule(page, 'After')).toBeVisible()
  await page.getByRole('button', { name: 'Delete After' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No WebHook is registered yet')).toBeVisible()

  await page.goto('/settings/events')
  await list(page).getByRole('row', { name: /fb-1/ }).getByRole('link').click()
  await expect(decision(page, 'Before').getByText('Deleted since')).toBeVisible()
  await page.goto('/settings/events')
  const history = list(page).getByRole('row', { name: /fb-2/ })
  await expect(history.getByText('Not judged: history')).toBeVisible()
  await history.getByRole('link').click()
  await expect(page.getByText('History was being loaded', { exact: true })).toBeVisible()
})

test('the events have pages and filters by type and id, and each view has its own address', async ({
  settings: page,
  account,
}) => {
  for (let n = 0; n < 52; n++)
    await account.post({ type: 'feedback.created', feedback: { id: `fb-${n}`, comment: 'Lovely' } })
  const posted = await account.post({ type: 'survey.declined', id: 'evt-at-shop', decline: { id: 'dec-1' } })
  await page.goto('/settings/events')
  const rows = list(page).getByRole('rowheader')
  await expect(rows).toHaveCount(50)
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page).toHaveURL(/\?after=evt_/)
  await expect(rows).toHaveCount(3)
  await page.goBack()
  await expect(rows).toHaveCount(50)
  await page.getByLabel('Event', { exact: true }).selectOption('Survey declined')
  await expect(page).toHaveURL(/\?type=survey.declined$/)
  await expect(rows).toHaveText(['Survey declined'])
  await page.getByLabel('Event', { exact: true }).selectOption('All events')
  const find = async (id: string) => {
    await page.goto('/settings/events')
    await page.getByRole('searchbox', { name: 'Find by id' }).fill(id)
    await page.getByRole('button', { name: 'Find' }).click()
  }
  await find('fb-17')
  await expect(page.getByRole('heading', { name: 'Feedback fb-17' })).toBeVisible()
  await find('evt-at-shop')
  await expect(page.getByRole('heading', { name: 'Survey declined' })).toBeVisible()
  await find('dec-1')
  await expect(page).toHaveURL(/\/settings\/events\?subject=dec-1$/)
  await expect(rows).toHaveText(['Survey declined'])
  await page.getByRole('link', { name: 'Clear the filter by the id' }).click()
  await expect(rows).toHaveCount(50)
  await find(posted.events[0]?.id ?? '')
  await expect(page.getByRole('heading', { name: 'Survey declined' })).toBeVisible()
  await expect(page.getByText('The account had no WebHook when this event came in, and has none now.')).toBeVisible()
  await find('fb-none')
  await expect(page.getByText('Nothing here has this id')).toBeVisible()
  await expectAccessible(page)

  // On a phone the filters are folded and the list begins on the first screen, in rows of at most 72 px.
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/settings/events')
  const lines = list(page).locator('tbody tr')
  expect((await lines.first().boundingBox())?.y).toBeLessThan(600)
  const tallest = await lines.evaluateAll((all) => Math.max(...all.map((line) => line.getBoundingClientRect().height)))
  expect(tallest).toBeLessThanOrEqual(72)
  await expect(page.getByLabel('Event', { exact: true })).toBeHidden()
  await page.getByRole('button', { name: 'Filters' }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Event', { exact: true }).selectOption('Survey declined')
  await expect(rows).toHaveText(['Survey declined'])
  await expect(page.getByRole('button', { name: 'Filters: 1 in force', expanded: true })).toBeVisible()
  await expectNoSidewaysScroll(page)
  await expectAccessible(page)
  await rows.click()
  await expect(page.getByRole('heading', { name: 'Survey declined' })).toBeVisible()
})

test('an event of another account is not found', async ({ settings: page, account, database, hub }) => {
  const posted = await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', comment: 'Secret' } })
  const { createAccount } = await import('@/lib/accounts/create-account')
  const other = { email: `other-${account.identifier}@example.net`, password: 'another long password' }
  await createAccount(database.db, { name: 'Other', identifier: `other-${account.identifier}`, ...other })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await signIn(page, other)
  for (const id of [posted.events[0]?.id, 'evt_1', 'evt_00000000000000000000000000']) {
    const answer = await page.goto(`${hub.url}/settings/events/${id}`)
    expect(answer?.status()).toBe(404)
  }
  await page.goto('/settings/events')
  await expect(page.getByText('No event has come in yet')).toBeVisible()
})
