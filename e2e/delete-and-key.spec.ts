import { countClicks } from './fixtures/browser/count-clicks'
import { configured, expect, expectAccessible, recentCalls, registerWebhook, rule, test } from './fixtures/browser/test'

test('the dialog of delete names the rule and the number of queued calls that it ends, and past calls stay', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Doomed', receiver.url)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 4 } } })
  await receiver.waitFor(1)
  await expect(recentCalls(page).getByText('200 OK')).toBeVisible()
  receiver.respond(500)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-2', service: { rating: 4 } } })
  await receiver.waitFor(2)
  await expect(recentCalls(page).getByText('500')).toBeVisible()

  await configured(page).getByRole('button', { name: 'Delete Doomed' }).click()
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await expect(dialog.getByText('Delete “Doomed”?')).toBeVisible()
  await expect(dialog.getByText('1 queued call')).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(rule(page, 'Doomed')).toBeVisible()

  await configured(page).getByRole('button', { name: 'Delete Doomed' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('“Doomed” was deleted.')).toBeVisible()
  await expect(page.getByText('No WebHook is registered yet')).toBeVisible()
  await expect(recentCalls(page).getByText('Doomed').first()).toBeVisible()
  await page.reload()
  await recentCalls(page).getByRole('link', { name: /View/ }).first().click()
  await page.getByRole('tab', { name: /Attempts/ }).click()
  await expect(page.getByText(/Cancelled/).first()).toBeVisible()
})

test('a pre-shared key is generated, revealed, copied, changed and removed, and each fault has its own message', async ({
  settings: page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Add key' }).click()
  await expect(page.getByText('No WebHook has the authentication “Pre-shared key”')).toBeVisible()
  const key = page.getByLabel('Key', { exact: true })
  for (const [text, message] of [
    ['short', /at least 6 characters/],
    ['x'.repeat(256), /at most 255 characters/],
    [' leading space', /Remove the space/],
    ['schlüssel', /plain keyboard/],
    ['key with 🔑', /plain keyboard/],
  ] as const) {
    await key.fill(text)
    await key.blur()
    await expect(key).toHaveAccessibleDescription(message)
  }
  await page.getByRole('button', { name: 'Generate' }).click()
  await expect(key).toHaveValue(/^[\w-]{43}$/)
  const made = await key.inputValue()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('The pre-shared key is set.')).toBeVisible()
  expect(await page.content()).not.toContain(made)

  await page.getByRole('button', { name: /^(Show|Reveal)/ }).click()
  await expect(page.getByText(made)).toBeVisible()
  await page.getByRole('button', { name: /^Copy/ }).first().click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(made)

  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('New key').fill('another key')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('The pre-shared key was changed.')).toBeVisible()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Remove key' }).click()
  await expect(page.getByRole('button', { name: 'Add key' })).toBeVisible()
})

test('a matching event makes no call while the WebHook is off, and one after it is on again', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Switched', receiver.url)
  const on = configured(page).getByRole('switch', { name: 'Switched is on' })
  await on.uncheck()
  await expect(page.getByText('“Switched” is off.')).toBeVisible()
  const off = await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 4 } } })
  expect(off.events[0]?.deliveries).toBe(0)
  await on.check()
  await expect(page.getByText('“Switched” is on.')).toBeVisible()
  const again = await account.post({ type: 'feedback.created', feedback: { id: 'fb-2', service: { rating: 4 } } })
  expect(again.events[0]?.deliveries).toBe(1)
  await receiver.waitFor(1)
})

test('a change of the pre-shared key names the WebHooks that will send it, and the waiting calls that keep the former', async ({
  settings: page,
  account,
  receiver,
}) => {
  await page.getByRole('button', { name: 'Add key' }).click()
  await page.getByLabel('Key', { exact: true }).fill('the first key')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('The pre-shared key is set.')).toBeVisible()
  await registerWebhook(page, 'Failing', receiver.url)
  receiver.respond(500)
  for (const id of ['fb-1', 'fb-2']) await account.post({ type: 'feedback.created', feedback: { id, comment: 'Hi' } })
  await receiver.waitFor(2)
  await expect(recentCalls(page).getByText('500')).toHaveCount(2)

  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('alertdialog').getByText(/2 waiting calls keep the present key/)).toBeVisible()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  const clicks = await countClicks(page)
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await expect(page.getByText(/2 waiting calls keep the present key, until .* at the latest\./)).toBeVisible()
  await expect(page.getByText('It will be sent by “Failing”.')).toBeVisible()
  await page.getByLabel('New key').click()
  await page.keyboard.type('the second key')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/2 waiting calls keep a former key, until .* at the latest\./)).toBeVisible()
  expect(await clicks()).toBe(3)
  await expectAccessible(page)
})

test('an API key is shown once when it is made, then listed, and can be revoked', async ({ settings: page, hub }) => {
  await page.goto('/settings/api')
  await page.getByRole('button', { name: 'Make key' }).first().click()
  await page.getByLabel('Name').fill('Shop server')
  await page.getByRole('button', { name: 'Make key' }).last().click()
  const key = (await page.getByText(/^hbk_[0-9a-z]{8}_[\w-]{43}$/).textContent()) ?? ''
  const post = () =>
    fetch(`${hub.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'feedback.created', feedback: { id: 'fb-1', comment: 'Hello' } }),
    })
  expect((await post()).status).toBe(202)
  await expect(page.getByText('The key that you just made is filled in.')).toBeVisible()
  await expect(page.getByText(`Authorization: Bearer ${key}`)).toBeVisible()
  await page.goto('/settings/api')
  expect(await page.content()).not.toContain(key)
  await page.getByRole('button', { name: /Revoke.*Shop server/ }).click()
  await page
    .getByRole('button', { name: /Revoke/ })
    .last()
    .click()
  await expect(page.getByText('Shop server')).toHaveCount(0)
  expect((await post()).status).toBe(401)
})
