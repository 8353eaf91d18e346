import { expect, expectAccessible, expectNoSidewaysScroll, test } from './fixtures/browser/test'

// Erasing a customer from the screen: count, then confirm, on a phone too.

test('a customer is counted, erased after their address is typed again, and gone from the screens', async ({
  settings: page,
  account,
}) => {
  const customer = { name: 'Priya Shah', email: 'priya@example.net' }
  const feedback = { id: 'fb-erase', service: { rating: 2 }, comment: 'Still broken', customer }
  const { events } = await account.post({ type: 'feedback.created', feedback })
  await page.goto('/settings/account')
  await page.getByLabel('E-mail address', { exact: true }).fill('Priya@Example.net')
  await page.getByRole('button', { name: 'Count first' }).click()
  const request = page.getByRole('listitem').filter({ hasText: 'By e-mail address' })
  await expect(request).toContainText('Found 1 feedback and 1 event. Nothing is erased yet')
  // The list does not say whom it is about.
  await expect(request).not.toContainText('priya')
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  await request.getByRole('button', { name: 'Erase…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Erase this customer?' })
  await expect(dialog).toContainText('1 feedback and 1 event will be overwritten')
  await dialog.getByLabel('E-mail address, once more').fill('else@example.net')
  await dialog.getByRole('button', { name: 'Erase for good' }).click()
  await expect(dialog.getByText('This is not what was counted.').first()).toBeVisible()
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
  await dialog.getByLabel('E-mail address, once more').fill('priya@example.net')
  await dialog.getByRole('button', { name: 'Erase for good' }).click()
  await expect(dialog).toBeHidden()
  await expect(request).toContainText('Erased 1 feedback and 1 event')
  await page.goto(`/settings/events/${events[0]?.id}`)
  await expect(page.getByText('The customer’s data was erased. Ids, times and decisions remain.')).toBeVisible()
  await page.goto('/settings/audit?about=erasure')
  const log = page.getByRole('table', { name: 'Audit log' })
  await expect(log).toContainText('Erasure: finished')
  await expect(log).not.toContainText('priya@example.net')
})

test('a viewer is offered no erasure', async ({ account, database, settings: page }) => {
  await database.db.execute(`update members set role = 'viewer' where account_id = '${account.id}'`)
  await page.goto('/settings/account')
  await expect(page.getByText('You can read these settings.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Count first' })).toHaveCount(0)
  expect((await page.request.get('/settings/account/erasures')).status()).toBe(403)
})
