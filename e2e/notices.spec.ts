import type { Page } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { type Database, openDatabase, openPool } from '@/lib/db/client'
import { members } from '@/lib/db/people-schema'
import type { NoticeDetail } from '@/lib/db/schema'
import { showId } from '@/lib/type-id'
import { listWebhooks } from '@/lib/webhooks/webhook-queries'
import {
  type Account,
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  recentCalls,
  registerWebhook,
  rule,
  test,
} from './fixtures/browser/test'
import { makeMember, makeNotice } from './fixtures/data/notices'
import { makeAccount, makeWebhook } from './fixtures/data/webhooks'
import { startHub } from './fixtures/processes/hub'
import { startMailServer } from './fixtures/receivers/mail-server'

const told = { since: '2026-11-20T10:12:30.000Z' }
const notices = (page: Page) => page.getByRole('region', { name: 'Notices about your WebHooks' })
/** The line above the page: the number of notices and the gravest. */
const line = (page: Page, text: string) => notices(page).getByRole('button', { name: text, expanded: false })
const event = (id: string) => ({ type: 'feedback.created', feedback: { id, service: { rating: 2 } } })

async function idOf(db: Database, { id }: Account, name: string): Promise<string> {
  const all = await listWebhooks(db, id, { wholeUrls: false })
  return all.find((webhook) => webhook.name === name)?.id ?? ''
}

/** Makes a notice of a webhook with this name. */
const tell = async (
  db: Database,
  account: Account,
  name: string,
  kind: 'failing' | 'well',
  detail: NoticeDetail = told,
) => makeNotice(db, account.id, await idOf(db, account, name), { kind, detail: { name, ...detail } })

test('owner and admin see a notice above every page, a viewer sees none, and dismissing it dismisses it for all', async ({
  settings: page,
  account,
  receiver,
  database: { db },
}) => {
  await registerWebhook(page, 'Low ratings', receiver.url)
  await tell(db, account, 'Low ratings', 'failing')
  for (const path of ['/settings/webhooks', '/settings/calls', '/settings/api', '/settings/account']) {
    await page.goto(path)
    await expect(line(page, '“Low ratings” has been failing for 15 minutes')).toBeVisible()
  }
  await expectAccessible(page)
  await line(page, 'has been failing').click()
  await expectAccessible(page)
  await notices(page).getByRole('link', { name: 'Open the WebHook Low ratings' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /Low ratings/ })).toBeVisible()
  const own = page.getByRole('region', { name: 'Notices about this WebHook' })
  await expect(own.getByText('The first 2xx ends this.')).toBeVisible()

  const role = (role: 'viewer' | 'admin') => db.update(members).set({ role }).where(eq(members.userId, account.userId))
  await role('viewer')
  await page.goto('/settings/webhooks')
  await expect(rule(page, 'Low ratings')).toBeVisible()
  await expect(notices(page)).toHaveCount(0)
  expect(await page.content()).not.toContain('has been failing')

  await role('admin')
  await page.reload()
  await line(page, 'has been failing').click()
  await notices(page)
    .getByRole('button', { name: /^Dismiss/ })
    .click()
  await expect(notices(page).getByText('Low ratings')).toHaveCount(0)
  await page.reload()
  await expect(rule(page, 'Low ratings')).toBeVisible()
  await expect(page.getByText('has been failing')).toHaveCount(0)
})

test('a notice of recovery replaces that of failure without a reload; five notices are one line with the gravest', async ({
  settings: page,
  account,
  receiver,
  database: { db },
}) => {
  await registerWebhook(page, 'Rule 0', receiver.url)
  await tell(db, account, 'Rule 0', 'failing')
  await page.goto('/settings/webhooks')
  await expect(line(page, '“Rule 0” has been failing for 15 minutes')).toBeVisible()
  await tell(db, account, 'Rule 0', 'well')
  await page.getByRole('link', { name: 'Account', exact: true }).click()
  await expect(line(page, '“Rule 0” is well again')).toBeVisible()
  await expect(page.getByText('has been failing')).toHaveCount(0)

  for (let n = 1; n < 5; n++) {
    await registerWebhook(page, `Rule ${n}`, receiver.url)
    await tell(db, account, `Rule ${n}`, 'failing')
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  await expect(line(page, '5 notices “Rule 4” has been failing for 15 minutes')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toBeInViewport()
  await line(page, '5 notices').click()
  await expect(notices(page).getByRole('button', { name: /^Dismiss/ })).toHaveCount(5)
  await expectNoSidewaysScroll(page)
  await notices(page)
    .getByRole('button', { name: /^Dismiss.*Rule 4/ })
    .click()
  await expect(notices(page).getByRole('button', { name: '4 notices “Rule 3” has been failing' })).toBeVisible()
  await expect(notices(page).getByText('“Rule 4”')).toHaveCount(0)
})

test('exhausted deliveries are recovered from the page of the WebHook, which shows their number', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Once only', receiver.url, () => retries(page, 0))
  receiver.respond(500)
  await account.post(event('fb-1'))
  await account.post(event('fb-2'))
  await receiver.waitFor(2)
  await expect(recentCalls(page).getByText('500')).toHaveCount(2)
  receiver.respond(200)
  await rule(page, 'Once only').getByRole('link').click()
  await page.getByRole('button', { name: 'Recover 2 deliveries' }).click()
  await expect(page.getByText('Recover what “Once only” missed?')).toBeVisible()
  await page.getByRole('button', { name: 'Recover 2', exact: true }).click()
  await expect(page.getByText('2 deliveries on the way again.')).toBeVisible()
  const requests = await receiver.waitFor(4)
  const [first, again] = [requests.slice(0, 2), requests.slice(2)].map((some) =>
    some.map(({ headers }) => headers['webhook-id']).sort(),
  )
  expect(again).toEqual(first)
  expect(again?.length).toBe(new Set(again).size)
  await expect(page.getByRole('button', { name: /^Recover \d/ })).toHaveCount(0)
})

test('a WebHook that a 410 turned off is test-fired and turned on, and its deliveries then arrive under their old ids', async ({
  settings: page,
  account,
  receiver,
}) => {
  test.slow()
  await registerWebhook(page, 'Moved', receiver.url)
  receiver.respond(410)
  await account.post(event('fb-1'))
  const [lost] = await receiver.waitFor(1)
  await expect(line(page, 'We turned “Moved” off: it answered 410 Gone')).toBeVisible({ timeout: 25_000 })
  await page.reload()
  await expect(configured(page).getByText('Turned off by us: answered 410 Gone')).toBeVisible()
  await expectAccessible(page)

  receiver.respond(200)
  await configured(page).getByRole('switch', { name: 'Moved is on' }).check()
  const dialog = page.getByRole('dialog', { name: 'Turn “Moved” on again?' })
  await expect(dialog.getByLabel('Recover 1 delivery that failed since')).toBeChecked()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Test fire' }).click()
  await expect(dialog.getByText('200 OK')).toBeVisible()
  expect((await receiver.waitFor(2))[1]?.headers['hearback-test']).toBe('true')
  await dialog.getByRole('button', { name: 'Turn on and recover 1' }).click()
  await expect(page.getByText('“Moved” is on.')).toBeVisible()
  await expect(page.getByText('1 delivery on the way again.')).toBeVisible()
  const recovered = (await receiver.waitFor(3))[2]
  expect(recovered?.headers['webhook-id']).toBe(lost?.headers['webhook-id'])
  expect(recovered?.headers['hearback-attempt']).toBe('2')
  expect(recovered?.body).toEqual(lost?.body)
  await expect(notices(page).getByText('Moved')).toHaveCount(0)
  await expect(configured(page).getByText('Turned off by us')).toHaveCount(0)
})

test('a running hub sends due mail through its SMTP server, and exits with 0', async () => {
  test.slow()
  const server = await startMailServer()
  const hub = await startHub({ environment: { SMTP_URL: server.url, MAIL_FROM: 'Hearback <hub@hub.example>' } })
  const pool = openPool(hub.databaseUrl, { max: 2 })
  try {
    const db = openDatabase(pool)
    const account = await makeAccount(db)
    const owner = await makeMember(db, account.accountId, 'owner')
    const webhookId = await makeWebhook(db, account)
    await makeNotice(db, account.accountId, webhookId, {
      kind: 'turned-off',
      detail: { name: 'Moved', reason: 'gone' },
    })
    await expect.poll(() => server.mails.length, { timeout: 20_000 }).toBe(1)
    expect(server.mails[0]).toMatchObject({
      to: [owner],
      subject: 'We turned “Moved” off: it answered 410 Gone (Quay Ltd)',
      text: expect.stringContaining(`${hub.url}/settings/webhooks/${showId('webhook', webhookId)}`),
    })
  } finally {
    await pool.end()
    expect(await hub.stop()).toBe(0)
    await server.close()
  }
})

async function retries(page: Page, n: number) {
  await page.getByRole('button', { name: /^Advanced/ }).click()
  await page.getByLabel('Retries').fill(String(n))
}
