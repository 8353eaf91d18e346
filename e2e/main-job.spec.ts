import { Webhook } from 'standardwebhooks'
import { configured, expect, recentCalls, registerWebhook, signIn, test } from './fixtures/browser/test'

test('feedback calls a registered WebHook, and its payload shows live, with the key masked until it is revealed', async ({
  settings: page,
  account,
  receiver,
}) => {
  await page.getByRole('button', { name: 'Add key' }).click()
  await page.getByLabel('Key', { exact: true }).fill('pre-shared key 1')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('The pre-shared key is set.')).toBeVisible()

  await registerWebhook(page, 'Low service ratings', `${receiver.url}/hooks/feedback?shop=7`, async () => {
    await page.getByLabel('Where the service rating is').check()
    await page.getByRole('button', { name: 'Low ones (1–3)' }).click()
    await expect(
      page.getByText('Call the URL when feedback is created, where the service rating is 1/2/3.'),
    ).toBeVisible()
  })
  const row = configured(page).getByRole('row', { name: /Low service ratings/ })
  await expect(row.getByText('Feedback is created')).toBeVisible()
  await expect(row.getByText('Service rating is 1/2/3')).toBeVisible()
  await expect(row.getByText('All', { exact: true })).toBeVisible()
  await expect(row.getByRole('switch')).toBeChecked()
  await expect(page.getByText('No calls yet.')).toBeVisible()

  const good = await account.post({ type: 'feedback.created', feedback: { id: 'fb-5', service: { rating: 5 } } })
  expect(good.events[0]?.deliveries).toBe(0)
  const low = await account.post({ type: 'feedback.created', feedback: { id: 'fb-2', service: { rating: 2 } } })
  expect(low.events[0]?.deliveries).toBe(1)

  // It appears without a reload.
  await expect(recentCalls(page).getByRole('row')).toHaveCount(2)
  const [request] = await receiver.waitFor(1)
  expect(request?.url).toBe('/hooks/feedback?shop=7')
  expect(request?.headers.authorization).toBe('hmac pre-shared key 1')
  const body = JSON.parse(String(request?.body))
  expect(body.event).toBe('created')
  const review = await (await fetch(body.url)).json()
  expect(review.reviews).toHaveLength(1)

  await recentCalls(page).getByRole('link', { name: /View/ }).click()
  await expect(page.getByRole('dialog').getByText('200 OK')).toBeVisible()
  await expect(page.getByText('POST /hooks/feedback?shop=7 HTTP/1.1')).toBeVisible()
  await expect(page.getByText('hmac ••••••••')).toBeVisible()
  await expect(page.getByText('pre-shared key 1')).toHaveCount(0)
  await page.getByRole('button', { name: 'Reveal keys' }).click()
  await expect(page.getByText('hmac pre-shared key 1')).toBeVisible()
  await expect(page.getByText(body.id).first()).toBeVisible()
  await page.getByRole('button', { name: 'Raw' }).click()
  await expect(page.getByText(String(request?.body))).toBeVisible()
  await page.getByRole('tab', { name: 'Response' }).click()
  await expect(page.getByText('The answer had no body.').or(page.getByText('no body')).first()).toBeVisible()
  await page.getByRole('tab', { name: /Attempts/ }).click()
  await expect(page.getByRole('tabpanel').getByText('200 OK')).toBeVisible()
})

test('a "Full event" call verifies with the independent library, with the secret that the screen reveals', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Own code', receiver.url, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
  })
  await account.post({ type: 'feedback.updated', feedback: { id: 'fb-1', comment: 'Still broken' } })
  const [request] = await receiver.waitFor(1)
  await configured(page).getByRole('link', { name: 'Edit Own code' }).click()
  await expect(page).toHaveURL(/\/edit$/)
  await page
    .getByRole('button', { name: /Show|Reveal/ })
    .first()
    .click()
  const secret = await page.getByText(/^whsec_/).textContent()
  const verified = new Webhook(secret ?? '').verify(String(request?.body), request?.headers as Record<string, string>)
  expect(verified).toMatchObject({
    type: 'feedback.updated',
    data: { feedback: { comment: 'Still broken', version: 1 } },
  })
})

test('an account sees nothing of another account', async ({ settings: page, account, receiver, database, hub }) => {
  await registerWebhook(page, 'Mine', receiver.url)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 2 } } })
  await receiver.waitFor(1)
  const view = await recentCalls(page).getByRole('link', { name: /View/ }).getAttribute('href')
  const edit = await configured(page).getByRole('link', { name: 'Edit Mine' }).getAttribute('href')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()

  const { createAccount } = await import('@/lib/accounts/create-account')
  const other = { email: `other-${account.identifier}@example.net`, password: 'another long password' }
  await createAccount(database.db, { name: 'Other', identifier: `other-${account.identifier}`, ...other })
  await signIn(page, other)
  await expect(page.getByText('No WebHook is registered yet')).toBeVisible()
  for (const path of [view, edit]) {
    const answer = await page.goto(`${hub.url}${path}`)
    expect(answer?.status()).toBe(404)
  }
})
