import {
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  openForm,
  registerWebhook,
  test,
} from './fixtures/browser/test'

test('“and only if” goes from the form to the preview, the list, the call and the decision', async ({
  settings: page,
  account,
  receiver,
}) => {
  const feedback = (id: string, country: string, more = {}) => ({
    type: 'feedback.created',
    feedback: { id, service: { rating: 2 }, comment: 'Still broken', customer: { country }, ...more },
  })
  await account.post(feedback('before-1', 'IE'))
  await account.post(feedback('before-2', 'FR'))
  await registerWebhook(page, 'Local', receiver.url, async () => {
    const condition = (number: number) => page.getByRole('group', { name: `Condition ${number}` })
    const kind = (number: number) => condition(number).getByLabel(`Condition ${number}`, { exact: true })
    const add = page.getByRole('button', { name: 'Add condition' })
    await expect(page.getByText('2 of the last 2 events')).toBeVisible()
    await add.click()
    await add.click()
    await kind(2).selectOption('The country is any of')
    await page.getByRole('button', { name: 'Save WebHook' }).click()
    await expect(condition(2).getByLabel('Values')).toHaveAccessibleDescription(/at least one value/)
    await condition(2).getByLabel('Values').fill('GB\nie')
    await expect(condition(2).getByLabel('Values')).not.toHaveAttribute('aria-invalid')
    await expect(page.getByText('1 of the last 2 events')).toBeVisible()
    await expect(
      page.getByText(/regardless of rating, and only if there is a comment and the country is GB\/ie\./),
    ).toBeVisible()
    for (const _ of [3, 4, 5]) await add.click()
    await expect(add).toBeHidden()
    for (const number of [5, 4, 3]) await page.getByRole('button', { name: `Remove condition ${number}` }).click()
    await expectAccessible(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await expectNoSidewaysScroll(page)
    await page.setViewportSize({ width: 1280, height: 720 })
  })
  await expect(configured(page).getByText('only if there is a comment and the country is GB/ie')).toBeVisible()

  const fired = await account.post(feedback('f-1', 'gb'))
  const elsewhere = await account.post(feedback('f-2', 'FR'))
  const silent = await account.post(feedback('f-3', 'GB', { comment: '' }))
  expect([fired, elsewhere, silent].map(({ events }) => events[0]?.deliveries)).toEqual([1, 0, 0])
  await receiver.waitFor(1)
  const words: [typeof fired, string][] = [
    [elsewhere, 'It fires only if the country is GB/ie; here it is “FR”.'],
    [silent, 'It fires only if there is a comment, and there is none.'],
  ]
  for (const [answer, sentence] of words) {
    await page.goto(`/settings/events/${answer.events[0]?.id}`)
    const decisions = page.getByRole('table', { name: 'Decisions' })
    await expect(decisions.getByText(sentence)).toBeVisible()
    await expect(decisions.getByText('only if there is a comment and the country is GB/ie')).toBeVisible()
  }

  // An edit shows what is stored, and removing a condition removes it.
  await page.goto('/settings/webhooks')
  await configured(page).getByRole('link', { name: 'Edit' }).click()
  await expect(page.getByRole('group', { name: 'Condition 2' }).getByLabel('Values')).toHaveValue('GB\nie')
  await page.getByRole('button', { name: 'Remove condition 1' }).click()
  await page.getByRole('button', { name: 'Update WebHook' }).click()
  await expect(configured(page).getByText('only if the country is GB/ie')).toBeVisible()
})

test('each kind of further condition has its fields, and choosing another kind clears them', async ({
  settings: page,
}) => {
  await openForm(page)
  await page.getByRole('button', { name: 'Add condition' }).click()
  const row = page.getByRole('group', { name: 'Condition 1' })
  const kind = row.getByLabel('Condition 1', { exact: true })
  await kind.selectOption('The answer to a question is any of')
  await row.getByLabel('Question').fill('Again?')
  await row.getByLabel('Answers').fill('Yes')
  await expect(page.getByText(/only if the answer to “Again\?” is Yes\./)).toBeVisible()
  await kind.selectOption('A property equals')
  await row.getByLabel('Property').fill('plan')
  await row.getByLabel('Value', { exact: true }).fill('Team')
  await expect(page.getByText(/only if the property plan is Team\./)).toBeVisible()
  for (const label of ['A tag is any of', 'The language is any of']) {
    await kind.selectOption(label)
    await expect(row.getByLabel('Values')).toHaveValue('')
  }
})
