import type { Page } from '@playwright/test'
import { sql } from 'drizzle-orm'
import type { Database } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import {
  type Account,
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  registerWebhook,
  rule,
  test,
} from './fixtures/browser/test'

const event = (id: string, rating = 2) => ({ type: 'feedback.created', feedback: { id, service: { rating } } })

/** Clicks, and counts the clicks of a person. */
function clicking() {
  const counted = { clicks: 0 }
  const click = async (target: { click(): Promise<void> }) => {
    counted.clicks++
    await target.click()
  }
  return { counted, click }
}

const yesterdayNoon = () => {
  const noon = new Date()
  noon.setDate(noon.getDate() - 1)
  return noon.setHours(12, 0, 0, 0)
}

/** Moves the event with its deliveries, as if it had come in at noon yesterday and its delivery had been given up. */
async function failYesterday(db: Database, { id: accountId }: Account, eventId: string) {
  const [event, delivery] = [newId(yesterdayNoon()), newId(yesterdayNoon())]
  await db.execute(sql`
    with old as (delete from events where account_id = ${accountId} and id = ${eventId} returning *),
    moved as (insert into events (account_id, id, type, external_id, source_id, feedback_id, subject_id, feedback_version,
        data, parts, decisions)
      select account_id, ${event}::uuid, type, external_id, source_id, feedback_id, subject_id, feedback_version, data, parts,
        decisions from old),
    gone as (delete from deliveries where account_id = ${accountId} and event_id = ${eventId} returning *),
    made as (insert into deliveries (account_id, id, event_id, webhook_id, webhook_version, payload_id, feedback_version)
      select account_id, ${delivery}::uuid, ${event}::uuid, webhook_id, webhook_version, payload_id, feedback_version
      from gone),
    called as (update calls set delivery_id = ${delivery}::uuid from gone
      where calls.account_id = gone.account_id and calls.delivery_id = gone.id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select account_id, ${delivery}::uuid, webhook_id, 'exhausted', 'retries-used-up' from gone`)
  return delivery
}

const eventIdOf = async (db: Database, account: Account, subject: string) => {
  const { rows } = await db.execute<{ id: string }>(
    sql`select id from events where account_id = ${account.id} and subject_id = ${subject}`,
  )
  return rows[0]?.id ?? ''
}

async function noRetries(page: Page) {
  await page.getByRole('button', { name: /^Advanced/ }).click()
  await page.getByLabel('Retries').fill('0')
}

test('yesterday is recovered in four clicks, counted first, and its progress is shown', async ({
  settings: page,
  account,
  receiver,
  database: { db },
}) => {
  test.slow()
  await registerWebhook(page, 'Orders', receiver.url, () => noRetries(page))
  receiver.respond(500)
  for (const id of ['fb-1', 'fb-2', 'fb-3']) await account.post(event(id))
  await receiver.waitFor(3)
  const ended = sql`select from outcomes where account_id = ${account.id}`
  await expect.poll(async () => (await db.execute(ended)).rowCount, { timeout: 20_000 }).toBe(3)
  for (const id of ['fb-1', 'fb-2']) await failYesterday(db, account, await eventIdOf(db, account, id))
  receiver.respond(200)

  const { counted, click } = clicking()
  await click(rule(page, 'Orders').getByRole('link'))
  await click(page.getByRole('link', { name: 'Recover', exact: true }))
  await click(page.getByRole('button', { name: 'Yesterday' }))
  const table = page.getByRole('table', { name: 'What can be recovered' })
  await expect(table.getByRole('row', { name: /Failed.*All retries are used up.*2$/ })).toBeVisible()
  await expectAccessible(page)
  await click(page.getByRole('button', { name: 'Recover 2 deliveries' }))
  expect(counted.clicks).toBeLessThanOrEqual(4)

  const recovered = (await receiver.waitFor(5)).slice(3)
  expect(recovered.map(({ headers }) => [headers['hearback-attempt'], headers['hearback-replay']])).toEqual([
    ['2', 'true'],
    ['2', 'true'],
  ])
  const job = page.getByRole('listitem').filter({ hasText: 'What failed' })
  await expect(job.getByText('Done')).toBeVisible()
  await expect(job.getByText('2 of 2 queued')).toBeVisible()
  await expect(job.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '100')
  await expect(page.getByRole('button', { name: /^Recover/ })).toHaveCount(0)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  await expectAccessible(page)
})

test('what was missed while a WebHook was off is recovered at a pace that can be paused, continued and cancelled', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Sleeping', receiver.url)
  await configured(page).getByRole('switch').click()
  await expect(page.getByText('“Sleeping” is off.')).toBeVisible()
  await account.post(Array.from({ length: 6 }, (_, n) => event(`fb-${n}`)))
  await configured(page).getByRole('switch').click()
  await expect(page.getByText('“Sleeping” is on.')).toBeVisible()
  await rule(page, 'Sleeping').getByRole('link').click()
  await page.getByRole('link', { name: 'Recover', exact: true }).click()
  await page.getByRole('button', { name: 'Last hour' }).click()
  await expect(page.getByText('The WebHook was off when the event came in.')).toBeVisible()
  await page.getByLabel('Pace').selectOption('At most 60 a minute')
  await page.getByRole('button', { name: 'Recover 6 deliveries' }).click()
  await receiver.waitFor(1)
  const job = page.getByRole('listitem').filter({ hasText: 'What was never sent' })
  await job.getByRole('button', { name: /^Pause/ }).click()
  await expect(job.getByText('Paused')).toBeVisible()
  await job.getByRole('button', { name: /^Continue/ }).click()
  await expect(job.getByText('Running')).toBeVisible()
  await job.getByRole('button', { name: /^Cancel/ }).click()
  await expect(job.getByText('Cancelled')).toBeVisible()
  expect(receiver.requests.length).toBeLessThan(6)
})

test('an event is replayed to another WebHook, and both deliveries are found from the event', async ({
  settings: page,
  account,
  receiver,
  database: { db },
}) => {
  await registerWebhook(page, 'First', `${receiver.url}/first`)
  await account.post(event('fb-1'))
  await receiver.waitFor(1)
  await registerWebhook(page, 'Second', `${receiver.url}/second`)
  await page.goto('/settings/events')
  await page.getByRole('link', { name: 'Feedback created' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Feedback created' })).toBeVisible()

  const { counted, click } = clicking()
  await click(page.getByRole('button', { name: 'Replay' }))
  const dialog = page.getByRole('dialog', { name: 'Replay this event' })
  await click(dialog.getByLabel('Second'))
  await expectAccessible(page)
  await click(dialog.getByRole('button', { name: 'Replay' }))
  await expect(page.getByText('1 delivery on the way.')).toBeVisible()
  expect(counted.clicks).toBeLessThanOrEqual(3)
  const [first, second] = await receiver.waitFor(2)
  expect(second?.url).toBe('/second')
  expect(second?.headers['hearback-replay']).toBe('true')
  expect(second?.headers['webhook-id']).not.toBe(first?.headers['webhook-id'])
  await page.reload()
  const row = page.getByRole('table', { name: 'Decisions' }).getByRole('row', { name: /^Second/ })
  await expect(row.getByText(/^Replayed/)).toBeVisible()
  await expect(row.getByText('Delivered')).toBeVisible()

  // From the filtered list, to both.
  await page.goto('/settings/events?subject=fb-1')
  await page.getByRole('button', { name: 'Replay…' }).click()
  const list = page.getByRole('dialog', { name: 'Replay the events of this filter' })
  await list.getByRole('button', { name: 'Last hour' }).click()
  for (const name of ['First', 'Second']) await list.getByLabel(name).check()
  await expectAccessible(page)
  await list.getByRole('button', { name: 'Replay' }).click()
  await expect(page.getByText('The replay has started.')).toBeVisible()
  const requests = await receiver.waitFor(4)
  expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(4)
  expect(await eventIdOf(db, account, 'fb-1')).not.toBe('')
})

test('the page of a WebHook charts its calls, and tells the same as a table', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Charted', receiver.url)
  for (const [n, status] of [200, 200, 404].entries()) {
    receiver.respond(status)
    await account.post(event(`fb-${n}`))
    await receiver.waitFor(n + 1)
  }
  await expect(page.getByText('404', { exact: true })).toBeVisible()
  await rule(page, 'Charted').getByRole('link').click()
  await page.getByRole('heading', { name: 'Calls over time' }).scrollIntoViewIfNeeded()
  await expect(page.getByRole('img', { name: /^Calls by result: 2xx 2, 3xx or 4xx 1/ })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Duration: half of the latest calls within/ })).toBeVisible()
  const table = page.getByRole('region', { name: 'The charts as a table' })
  await expect(table.getByRole('row').nth(1)).toContainText('2')
  for (const span of ['7 days', '30 days']) {
    await page.getByRole('button', { name: span }).click()
    await expect(page.getByRole('img', { name: /^Calls by result: 2xx 2, 3xx or 4xx 1/ })).toBeVisible()
  }
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
})
