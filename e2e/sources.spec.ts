import { createHmac } from 'node:crypto'
import type { Page } from '@playwright/test'
import { sql } from 'drizzle-orm'
import { createSource } from '@/lib/sources/change-source'
import type { NewSourceForm } from '@/lib/sources/source-schema'
import { countClicks } from './fixtures/browser/count-clicks'
import {
  type Account,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  openForm,
  recentCalls,
  registerWebhook,
  rule,
  test,
} from './fixtures/browser/test'

const sources = (page: Page) => page.getByRole('table', { name: 'Sources' })
const row = (page: Page, name: string) => sources(page).getByRole('row', { name: new RegExp(name) })
const available = (page: Page) => page.getByRole('listbox', { name: /Available/ })
const included = (page: Page) => page.getByRole('listbox', { name: /Included/ })
const chooseSources = (page: Page) => page.getByRole('radio', { name: 'Chosen ones' }).check()
const closed = (page: Page) => page.getByText('Adding sources is closed for now')
const fire = async (page: Page) => {
  await page.getByRole('button', { name: 'Test fire' }).click()
  await expect(page.getByText('200 OK').first()).toBeVisible()
}

type Database = { db: Parameters<typeof createSource>[0] }

async function makeSources({ db }: Database, account: Account, made: (Partial<NewSourceForm> & { name: string })[]) {
  for (const source of made) {
    const key = source.key ?? source.name.toLowerCase().replaceAll(' ', '-')
    const result = await createSource(db, {
      accountId: account.id,
      userId: account.userId,
      source: { kind: 'email', ...source, key },
    })
    if (!result.ok) throw new Error(JSON.stringify(result.errors))
  }
}

const three = [
  { name: 'Exit survey', kind: 'web_survey' },
  { name: 'Shop flow', kind: 'whatsapp_flow' },
  { name: 'Ticket closed', kind: 'email' },
] as const

test('a source is made, renamed, found, archived and restored', async ({ settings: page }) => {
  await page.getByRole('link', { name: 'Sources', exact: true }).click()
  await expect(page.getByText('No source yet')).toBeVisible()
  await page.getByRole('link', { name: 'New source' }).click()
  await page.getByLabel('Name').fill('Ticket closed')
  await page.getByLabel('Kind').selectOption('Email')
  await page.getByLabel('Key').fill('ticket-closed')
  await page.getByRole('button', { name: 'Make source' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Email Ticket closed' })).toBeVisible()

  await page.getByLabel('Name').fill('Ticket solved')
  await page.getByLabel('Thermometer id').fill('412')
  await page.getByRole('button', { name: 'Save source' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Email Ticket solved' })).toBeVisible()
  await page.getByLabel('Wootric survey id').fill('many')
  await page.getByRole('button', { name: 'Save source' }).click()
  await expect(page.getByText('Enter the whole number your receivers know.')).toBeVisible()

  await page.goto('/settings/sources/new')
  await page.getByLabel('Name').fill('Another')
  await page.getByLabel('Key').fill('ticket-closed')
  await page.getByRole('button', { name: 'Make source' }).click()
  await expect(page.getByText('The key "ticket-closed" is taken by the source "Ticket solved".')).toBeVisible()
  await page.getByLabel('Key').fill('another')
  await page.getByRole('button', { name: 'Make source' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Email Another' })).toBeVisible()

  await page.goto('/settings/sources')
  await expect(row(page, 'Ticket solved')).toContainText('Thermometer 412')
  await page.getByRole('searchbox', { name: 'Search sources' }).fill('CLOSED')
  await expect(row(page, 'Another')).toHaveCount(0)
  await expect(row(page, 'Ticket solved')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search sources' }).fill('nowhere')
  await expect(page.getByText('No source in use has “nowhere” in its name or key.')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search sources' }).fill('')

  const archive = async () => {
    await page.getByRole('button', { name: 'Archive Another' }).click()
    await expect(page.getByText('No WebHook listens to it alone.')).toBeVisible()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Archive' }).click()
    await expect(page.getByText('“Another” is archived.')).toBeVisible()
    await expect(row(page, 'Another')).toHaveCount(0)
  }
  await archive()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 'Another')).toBeVisible()
  await archive()
  await page.getByLabel('In use or archived').selectOption('Archived')
  await page.getByRole('button', { name: 'Bring back Another' }).click()
  await expect(page.getByText('Nothing is archived here.')).toBeVisible()
})

test('sources can be linked with the mouse after a test fire that passed, and only their events are sent', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  await makeSources(database, account, [...three])
  await openForm(page)
  await page.getByLabel('Rule name').fill('Linked')
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await chooseSources(page)
  await expect(closed(page)).toBeVisible()
  await available(page)
    .getByRole('option', { name: /Exit survey/ })
    .click()
  await page.getByRole('button', { name: 'Add the selected sources' }).click()
  await expect(included(page).getByRole('option')).toHaveCount(0)

  receiver.respond(500)
  await page.getByRole('button', { name: 'Test fire' }).click()
  await expect(page.getByText('500').first()).toBeVisible()
  await expect(closed(page)).toBeVisible()
  receiver.respond(200)
  await fire(page)
  await expect(closed(page)).toHaveCount(0)
  await page.getByLabel('WebHook URL').fill(`${receiver.url}/elsewhere`)
  await expect(closed(page)).toBeVisible()
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await expect(closed(page)).toHaveCount(0)

  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page.getByText('Choose at least one source, or listen to all of them.')).toBeVisible()
  await page.getByRole('button', { name: 'Add the selected sources' }).click()
  await available(page)
    .getByRole('option', { name: /Ticket closed/ })
    .dblclick()
  await expect(included(page).getByRole('option')).toHaveText([/Exit survey/, /Ticket closed/])
  await included(page)
    .getByRole('option', { name: /Ticket closed/ })
    .click()
  await page.getByRole('button', { name: 'Remove the selected sources' }).click()
  await expect(included(page).getByRole('option')).toHaveText([/Exit survey/])
  await page.getByRole('radio', { name: 'All sources' }).check()
  await expect(included(page)).toHaveCount(0)
  await chooseSources(page)
  await expect(included(page).getByRole('option')).toHaveText([/Exit survey/])
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(rule(page, 'Linked')).toBeVisible()

  const post = (id: string, source: string) =>
    account.post({ type: 'feedback.created', source, feedback: { id, service: { rating: 4 } } })
  expect((await post('fb-1', 'ticket-closed')).events[0]?.deliveries).toBe(0)
  expect((await post('fb-2', 'exit-survey')).events[0]?.deliveries).toBe(1)
  await receiver.waitFor(3)
})

test('the server refuses an untested WebHook at the field', async ({ settings: page, account, receiver, database }) => {
  await makeSources(database, account, [...three])
  await openForm(page)
  await page.getByLabel('Rule name').fill('Moved on')
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await fire(page)
  await chooseSources(page)
  await available(page)
    .getByRole('option', { name: /Exit survey/ })
    .dblclick()
  await expect(included(page).getByRole('option')).toHaveText([/Exit survey/])
  await page.getByLabel('WebHook URL').fill(`${receiver.url}/untested`)
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page.getByRole('group', { name: 'Sources', exact: true })).toContainText('Test fire this WebHook first')
  await fire(page)
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(rule(page, 'Moved on')).toBeVisible()
})

test('sources move to the other box and back with the keyboard alone, and the focus stays', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  await makeSources(database, account, [...three, { name: 'A fourth' }])
  await openForm(page)
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await fire(page)
  await chooseSources(page)
  await expect(available(page).getByRole('option')).toHaveCount(4)
  await page.getByLabel('Kind of source').focus()
  // Past the selection controls.
  for (let n = 0; n < 4; n++) await page.keyboard.press('Tab')
  await expect(available(page)).toBeFocused()
  for (const key of ['ArrowDown', 'Space', 'ArrowDown', 'ArrowDown', 'Space', 'Enter']) await page.keyboard.press(key)
  await expect(included(page).getByRole('option')).toHaveText([/Exit survey/, /Ticket closed/])
  await expect(page.getByRole('status').filter({ hasText: '2 sources added; 2 sources included.' })).toHaveCount(1)
  await expect(available(page)).toBeFocused()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(included(page).getByRole('option')).toHaveCount(4)
  await expect(available(page)).toHaveAccessibleName(/0/)
  const add = page.getByRole('button', { name: 'Add the selected sources' })
  await expect(add).toBeFocused()
  for (let n = 0; n < 5; n++) await page.keyboard.press('Tab')
  await expect(included(page)).toBeFocused()
  for (const key of ['Home', 'Shift+ArrowDown', 'Enter']) await page.keyboard.press(key)
  await expect(available(page).getByRole('option')).toHaveText([/Exit survey/])
  await expect(included(page)).toBeFocused()
})

test('two sources of fifty are linked on the page of a WebHook, and all of a kind at once', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  await makeSources(
    database,
    account,
    Array.from({ length: 50 }, (_, n) => ({
      name: `Survey ${String(n + 1).padStart(2, '0')}`,
      kind: n < 3 ? ('web_survey' as const) : ('email' as const),
    })),
  )
  await registerWebhook(page, 'Two of fifty', receiver.url)
  const clicks = await countClicks(page)
  await page.getByRole('link', { name: 'Two of fifty', exact: true }).click()
  await page.getByRole('button', { name: 'Test fire' }).first().click()
  await expect(page.getByText('200 OK').first()).toBeVisible()
  await chooseSources(page)
  await expect(closed(page)).toHaveCount(0)
  await expect(available(page).getByRole('option')).toHaveCount(50)
  for (const name of ['Survey 07', 'Survey 31']) await available(page).getByRole('option', { name }).click()
  await page.getByRole('button', { name: 'Add the selected sources' }).click()
  await expect(included(page).getByRole('option')).toHaveText([/Survey 07/, /Survey 31/])
  await page.getByRole('button', { name: 'Save sources' }).click()
  await expect(page.getByText('The linked sources were saved.')).toBeVisible()
  expect(await clicks()).toBe(7)

  const select = (box: string) => page.getByRole('group', { name: `Select in ${box}` })
  const selected = available(page).getByRole('option', { selected: true })
  // The page is drawn anew after the save, which may take a selection with it.
  await expect(async () => {
    await select('Available').getByRole('button', { name: 'All' }).click()
    await expect(selected).toHaveCount(48, { timeout: 2_000 })
  }).toPass()
  await select('Available').getByRole('button', { name: 'None' }).click()
  await expect(selected).toHaveCount(0)
  await select('Available').getByLabel('By kind').selectOption('Web survey')
  await expect(selected).toHaveText([/Survey 01/, /Survey 02/, /Survey 03/])
  await page.getByRole('button', { name: 'Add the selected sources' }).click()
  await expect(included(page).getByRole('option')).toHaveCount(5)
  await select('Included').getByRole('button', { name: 'All' }).click()
  await page.getByRole('button', { name: 'Remove the selected sources' }).click()
  await expect(included(page).getByRole('option')).toHaveCount(0)
})

test('an edit opens with its linked sources, keeps them when other fields change, and filters both boxes', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  await makeSources(database, account, [...three])
  await registerWebhook(page, 'Kept', receiver.url, async () => {
    await fire(page)
    await chooseSources(page)
    for (const name of [/Exit survey/, /Ticket closed/]) await available(page).getByRole('option', { name }).dblclick()
  })
  await page.getByRole('link', { name: 'Edit Kept' }).click()
  await expect(included(page).getByRole('option')).toHaveText([/Exit survey/, /Ticket closed/])
  await expect(closed(page)).toHaveCount(0)
  await page.getByLabel('WebHook URL').fill(`${receiver.url}/moved`)
  await expect(closed(page)).toBeVisible()
  await included(page)
    .getByRole('option', { name: /Exit survey/ })
    .dblclick()
  await available(page)
    .getByRole('option', { name: /Exit survey/ })
    .dblclick()
  await expect(included(page).getByRole('option')).toHaveCount(2)
  await available(page)
    .getByRole('option', { name: /Shop flow/ })
    .dblclick()
  await expect(included(page).getByRole('option')).toHaveCount(2)
  await page.getByLabel('Kind of source').selectOption('WhatsApp flow')
  await expect(available(page).getByRole('option')).toHaveText([/Shop flow/])
  await expect(page.getByText('None of the included matches.')).toBeVisible()
  await page.getByRole('button', { name: 'Update WebHook' }).click()
  await expect(rule(page, 'Kept')).toBeVisible()
})

test('a WebHook whose sources are all archived says that nothing matches', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  await makeSources(database, account, [...three])
  await registerWebhook(page, 'Asleep', receiver.url, async () => {
    await fire(page)
    await chooseSources(page)
    await available(page)
      .getByRole('option', { name: /Exit survey/ })
      .dblclick()
  })
  await page.goto('/settings/sources')
  await page.getByRole('button', { name: 'Archive Exit survey' }).click()
  await expect(page.getByText('“Asleep” listens to no other source in use')).toBeVisible()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Archive' }).click()
  await expect(row(page, 'Exit survey')).toHaveCount(0)
  await page.goto('/settings/webhooks')
  await page.getByRole('link', { name: 'Edit Asleep' }).click()
  await expect(page.getByText('Every chosen source is archived')).toBeVisible()
  const event = { type: 'feedback.created', source: 'exit-survey', feedback: { id: 'fb-1', service: { rating: 4 } } }
  expect((await account.post(event)).events[0]?.deliveries).toBe(1)
  await page.goto('/settings/sources')
  await expect(row(page, 'Exit survey')).toBeVisible()
})

test('a URL on a source’s own Settings tab makes a WebHook in Rateup’s format, signed with the secret it shows', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  await makeSources(database, account, [...three])
  await page.goto('/settings/sources')
  await sources(page).getByRole('link', { name: 'Exit survey' }).click()
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Webhook URL').fill('https://10.0.0.1/')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText("can't be reached from the internet")).toBeVisible()
  await page.getByLabel('Webhook URL').fill(receiver.url)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Not tested yet', { exact: true })).toBeVisible()

  await account.post({
    type: 'feedback.created',
    source: 'exit-survey',
    feedback: { id: 'fb-1', answers: [{ type: 'Rating', title: 'Please rate us?', response: 3 }] },
  })
  const [call] = await receiver.waitFor(1)
  await page.getByRole('button', { name: 'Reveal Client secret' }).click()
  const secret = page.getByRole('group', { name: 'Client secret' })
  await expect(secret).not.toContainText('hidden')
  const signature = createHmac('sha256', await secret.innerText())
    .update(call?.body ?? '')
    .digest('base64')
  expect(call?.headers['x-rateup-signature']).toBe(signature)

  await page.getByRole('button', { name: 'Test fire' }).click()
  await expect(page.getByText('Tested', { exact: true })).toBeVisible()
  await page.getByLabel('Webhook URL').fill(`${receiver.url}/changed`)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Not tested yet', { exact: true })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Exit survey' }).click()
  await expect(page).toHaveURL(/\/settings\/webhooks\/whk_/)
  await expect(included(page).getByRole('option')).toHaveText([/Exit survey/])
})

test('the page of a saved WebHook links sources after its test fire', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  await makeSources(database, account, [...three])
  await registerWebhook(page, 'To be linked', receiver.url)
  await page.getByRole('link', { name: 'To be linked', exact: true }).click()
  await chooseSources(page)
  await expect(closed(page)).toBeVisible()
  await page.getByRole('button', { name: 'Test fire' }).click()
  await expect(closed(page)).toHaveCount(0)
  await available(page)
    .getByRole('option', { name: /Shop flow/ })
    .dblclick()
  await page.getByRole('button', { name: 'Save sources' }).click()
  await expect(page.getByText('The linked sources were saved.')).toBeVisible()
  await page.reload()
  await expect(included(page).getByRole('option')).toHaveText([/Shop flow/])
  await expect(recentCalls(page)).toHaveCount(0)
})

test('ten thousand sources are listed, searched and linked', async ({
  settings: page,
  account,
  receiver,
  database: { db },
}) => {
  await db.execute(sql`
    insert into sources (account_id, id, key, name, kind)
    select ${account.id}, gen_random_uuid(), 'shop-' || n, 'Shop ' || lpad(n::text, 5, '0'), 'email'
    from generate_series(1, 10000) n`)
  await page.goto('/settings/sources')
  await expect(sources(page).getByRole('row')).toHaveCount(51)
  await page.getByRole('link', { name: 'Next' }).click()
  await expect(row(page, 'Shop 00051')).toBeVisible()
  await page.getByRole('link', { name: 'Previous' }).click()
  await expect(row(page, 'Shop 00001')).toBeVisible()

  await openForm(page)
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await fire(page)
  await chooseSources(page)
  await expect(available(page).getByRole('option')).toHaveCount(200)
  await available(page).focus()
  await page.keyboard.press('End')
  await expect(available(page).getByRole('option', { name: /Shop 00201/ })).toBeAttached()
  await page.getByRole('searchbox', { name: 'Search sources' }).fill('shop-9876')
  await expect(available(page).getByRole('option')).toHaveText([/Shop 09876/])
  await available(page).getByRole('option').dblclick()
  await page.getByRole('searchbox', { name: 'Search sources' }).fill('')
  await expect(included(page).getByRole('option')).toHaveText([/Shop 09876/])
})

/** Expects no violation in light and in dark, and that nothing scrolls sideways on a phone. */
async function look(page: Page) {
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  await page.setViewportSize({ width: 1280, height: 800 })
}

const long = { name: 'W'.repeat(200), key: 'k'.repeat(100) }

test('axe finds no fault on the screens of sources, and on a phone nothing scrolls sideways', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  test.slow()
  await page.goto('/settings/sources')
  await look(page)
  await makeSources(database, account, [...three, long])
  await page.goto('/settings/sources/new')
  await look(page)
  await page.goto('/settings/sources')
  await look(page)
  await sources(page).getByRole('link', { name: 'WWW' }).click()
  await expect(page.getByRole('button', { name: 'Save source' })).toBeVisible()
  await look(page)
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Webhook URL').fill(receiver.url)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Not tested yet', { exact: true })).toBeVisible()
  await look(page)
})

test('axe finds no fault on the form with its two boxes, closed and open, and they fit a phone', async ({
  settings: page,
  account,
  receiver,
  database,
}) => {
  test.slow()
  await makeSources(database, account, [...three, long])
  await openForm(page)
  await chooseSources(page)
  await expect(available(page).getByRole('option')).toHaveCount(4)
  await look(page)
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await fire(page)
  await available(page).getByRole('option', { name: /WWW/ }).dblclick()
  await available(page)
    .getByRole('option', { name: /Exit survey/ })
    .click()
  await look(page)
})
