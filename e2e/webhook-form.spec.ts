import { createHmac } from 'node:crypto'
import { countClicks } from './fixtures/browser/count-clicks'
import {
  configured,
  expect,
  expectAccessible,
  formReady,
  openForm,
  registerWebhook,
  rule,
  test,
} from './fixtures/browser/test'

const badUrls: [string, RegExp][] = [
  ['', /Enter the URL/],
  ['shop', /not a whole URL/],
  ['ftp://www.shop.com/x', /Start the URL with https/],
  ['https://user:secret@www.shop.com/', /Leave user and password out/],
  ['https://www.shop.com/#part', /Leave out the #/],
  ['https://10.0.0.1/', /private.*can't be reached/],
  ['https://[::1]/', /loopback.*can't be reached/],
  ['https://169.254.169.254/latest', /link-local.*can't be reached/],
  [`https://www.shop.com/${'x'.repeat(2048)}`, /2,048 is the most/],
]

test('every bad URL gets its own message beside the field', async ({ settings: page }) => {
  await openForm(page)
  const url = page.getByLabel('WebHook URL')
  for (const [text, message] of badUrls) {
    await url.fill(text)
    await url.blur()
    await expect(url, text).toHaveAccessibleDescription(message)
    await expect(url).toHaveAttribute('aria-invalid', 'true')
  }
})

test('every other field shows its own error, and save moves the focus to the first', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'Taken name', receiver.url)
  await openForm(page)
  await page.getByLabel('Where the service rating is').check()
  await expect(page.getByRole('checkbox', { name: '5 stars' })).toBeChecked()
  await page.getByRole('button', { name: 'None' }).click()
  await expect(page.getByText('Choose at least one service rating.')).toBeVisible()
  await page.getByLabel('is created').uncheck()
  await page.getByRole('radio', { name: /Full event/ }).check()
  await page.getByLabel('The secret my receiver already has').check()
  await page.getByLabel('Your receiver’s secret').fill('whsec_short')
  await page.getByRole('radio', { name: /Basic/ }).check()
  await page.getByLabel('User', { exact: true }).fill('a:b')
  await page.getByRole('button', { name: /Advanced/ }).click()
  await page.getByLabel('Retries').fill('10')
  await page.getByLabel('Timeout in seconds').fill('0')
  await page.getByRole('button', { name: 'Add header' }).click()
  await page.getByLabel('Name of header 1').fill('Content-Type')
  await page.getByLabel('Value of header 1').fill('ü')
  await page.getByRole('button', { name: 'Save WebHook' }).click()

  await expect(page.getByLabel('Rule name')).toBeFocused()
  const says = (label: string, message: RegExp) =>
    expect(page.getByLabel(label, { exact: true })).toHaveAccessibleDescription(message)
  await says('Rule name', /Give the rule a name/)
  await says('WebHook URL', /Enter the URL/)
  await says('Your receiver’s secret', /whsec_ followed by base64/)
  await says('User', /can’t contain a colon/)
  await says('Password', /Enter the password/)
  await says('Retries', /can't be above 9/)
  await says('Timeout in seconds', /can't be below 1/)
  await says('Name of header 1', /Hearback sets "Content-Type" itself/)
  await says('Value of header 1', /plain letters, digits and signs/)
  await expect(page.getByRole('alert').filter({ hasText: 'need your attention' })).toBeAttached()

  await page.getByLabel('Rule name').fill('x'.repeat(25))
  await page.getByLabel('Rule name').blur()
  await says('Rule name', /at most 24 characters/)
})

test('the server refuses a name that differs from another only by case, at its field', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'Taken name', receiver.url)
  await openForm(page)
  await page.getByLabel('Rule name').fill('  TAKEN   Name ')
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page.getByLabel('Rule name')).toHaveAccessibleDescription(/name/i)
  await expect(page.getByLabel('Rule name')).toHaveAttribute('aria-invalid', 'true')
  await expect(page).toHaveURL(/new$/)
})

test('a form without a chosen event is refused', async ({ settings: page, receiver }) => {
  await openForm(page)
  await page.getByLabel('Rule name').fill('Never')
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await page.getByLabel('is created').uncheck()
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page.getByText('Choose when the WebHook is called: tick at least one.')).toBeVisible()
})

test('NPS is offered only while the account has it, and a rule keeps its NPS condition', async ({
  settings: page,
  receiver,
}) => {
  await openForm(page)
  await expect(page.getByLabel('Where the NPS score is')).toHaveCount(0)
  await page.goto('/settings/account')
  await page.getByRole('switch', { name: /NPS/ }).check()
  await page.getByRole('button', { name: 'Save account' }).click()
  await expect(page.getByText('Account saved.')).toBeVisible()
  await registerWebhook(page, 'Promoters', receiver.url, async () => {
    await page.getByLabel('Where the NPS score is').check()
    await page.getByRole('button', { name: 'Promoters (9–10)' }).click()
  })
  await expect(configured(page).getByText('NPS rating is 9/10')).toBeVisible()
  await page.goto('/settings/account')
  await page.getByRole('switch', { name: /NPS/ }).uncheck()
  await page.getByRole('button', { name: 'Save account' }).click()
  await expect(page.getByText('Account saved.')).toBeVisible()
  await page.goto('/settings/webhooks')
  await configured(page).getByRole('link', { name: 'Edit Promoters' }).click()
  await expect(page.getByLabel('Where the NPS score is')).toBeChecked()
  await expect(page.getByText('This rule keeps its condition until you choose another.')).toBeVisible()
})

test('edit shows what is stored, keeps it, and warns before unsaved changes are lost', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'Before', `${receiver.url}/one`, async () => {
    await page.getByLabel('is updated').check()
    await page.getByLabel('Where the product rating is').check()
    await page.getByRole('checkbox', { name: '5 stars' }).uncheck()
    await page.getByRole('button', { name: /Advanced/ }).click()
    await page.getByRole('radio', { name: '2xx or 3xx' }).check()
  })
  await configured(page).getByRole('link', { name: 'Edit Before' }).click()
  await expect(page.getByRole('button', { name: /Advanced.*success is 2xx or 3xx/ })).toBeVisible()
  await expect(page.getByLabel('Rule name')).toHaveValue('Before')
  await expect(page.getByLabel('is updated')).toBeChecked()
  await expect(page.getByLabel('Where the product rating is')).toBeChecked()
  await expect(page.getByRole('checkbox', { name: '5 stars' })).not.toBeChecked()
  await page.getByLabel('Rule name').fill('After')
  await page.getByRole('link', { name: 'Back To WebHooks' }).click()
  await page.getByRole('button', { name: 'Keep editing' }).click()
  await page.getByRole('button', { name: 'Update WebHook' }).click()
  await expect(rule(page, 'After')).toBeVisible()
  await configured(page).getByRole('link', { name: 'Edit After' }).click()
  await page.getByLabel('Rule name').fill('Discarded')
  await page.getByRole('link', { name: 'Back To WebHooks' }).click()
  await page.getByRole('button', { name: 'Discard changes' }).click()
  await expect(rule(page, 'After')).toBeVisible()
})

test('the form says what is missing, begins at its heading, and ends at the saved row', async ({
  settings: page,
  receiver,
}) => {
  await openForm(page)
  await expect(page.getByRole('heading', { name: 'Register New WebHook' })).toBeFocused()
  // Format comes first, and Save is in sight without scrolling.
  expect(await page.getByRole('heading', { level: 2 }).first().innerText()).toBe('Format')
  await expect(page.getByRole('button', { name: 'Save WebHook' })).toBeInViewport()
  const state = page.getByRole('status').filter({ hasText: /Missing|To correct|Nothing/ })
  await expect(state).toHaveText('Missing: Rule name, WebHook URL.')
  await page.getByLabel('Rule name').fill('Low')
  await page.getByLabel('WebHook URL').fill('ftp://shop')
  await expect(state).toHaveText('To correct: WebHook URL.')
  await page.getByLabel('WebHook URL').fill(receiver.url)
  await expect(state).toHaveText('Nothing is missing.')
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page).toHaveURL(/\/settings\/webhooks$/)
  await expect(rule(page, 'Low').getByRole('link')).toBeFocused()
})

test('an edit shows what its rule fires for instead of before: how many, which more and which fewer', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Low', receiver.url, async () => {
    await page.getByLabel('Where the service rating is').check()
    await page.getByRole('checkbox', { name: '5 stars' }).uncheck()
    await page.getByRole('checkbox', { name: '4 stars' }).uncheck()
  })
  for (const [n, rating] of [1, 2, 3, 4, 4, 5].entries())
    await account.post({ type: 'feedback.created', feedback: { id: `fb-${n}`, service: { rating } } })
  const clicks = await countClicks(page)
  await configured(page).getByRole('link', { name: 'Edit Low' }).click()
  await expect(page.getByText('3 of the last 6 events would have matched.')).toBeVisible()
  await expect(page.getByText('Nothing is changed yet.')).toBeVisible()
  await page.getByRole('checkbox', { name: '4 stars' }).check()
  await page.getByRole('checkbox', { name: '1 star', exact: true }).uncheck()
  await expect(page.getByText('Fires for 4 instead of 3 of the last 6 events.')).toBeVisible()
  await expect(page.getByRole('list', { name: 'These 2 more' }).getByRole('listitem')).toHaveText([
    /service 4/,
    /service 4/,
  ])
  await expect(page.getByRole('list', { name: 'These 1 fewer' }).getByRole('listitem')).toHaveText([/service 1/])
  await expect(page.getByText('Changes are not saved yet.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Update WebHook' }).click()
  await expect(rule(page, 'Low')).toBeVisible()
  expect(await clicks()).toBe(4)
})

test('a save after another person’s save shows the differences and asks', async ({
  settings: page,
  receiver,
  context,
}) => {
  await registerWebhook(page, 'Shared', receiver.url)
  await configured(page).getByRole('link', { name: 'Edit Shared' }).click()
  await expect(page.getByLabel('Rule name')).toHaveValue('Shared')
  const other = await context.newPage()
  await other.goto(page.url())
  await formReady(other)
  await other.getByLabel('Rule name').fill('Theirs')
  await other.getByRole('button', { name: 'Update WebHook' }).click()
  await expect(rule(other, 'Theirs')).toBeVisible()
  await page.getByLabel('Rule name').fill('Mine')
  await page.getByRole('button', { name: 'Update WebHook' }).click()
  await expect(page.getByRole('dialog').getByText('Theirs', { exact: true }).last()).toBeVisible()
  await page.getByRole('button', { name: 'Save mine' }).click()
  await expect(rule(page, 'Mine')).toBeVisible()
})

test('six formats are offered, and the vendors’ formats set their own events and retries', async ({
  settings: page,
}) => {
  await openForm(page)
  await expect(page.getByRole('group', { name: 'Format' }).getByRole('radio')).toHaveCount(6)
  const offered = async (format: RegExp, events: string[], retries: string) => {
    await page.getByRole('radio', { name: format }).check()
    await expect(page.getByRole('group', { name: /^Call the URL when/ }).getByRole('checkbox')).toHaveCount(
      events.length,
    )
    for (const event of events) await expect(page.getByLabel(event, { exact: true })).toBeChecked()
    await expect(page.getByLabel('Retries')).toHaveValue(retries)
  }
  const feedback = ['Feedback is created', 'Feedback is updated']
  await offered(/^Wootric/, [...feedback, 'Survey is declined'], '9')
  const own = ['review', 'message'].flatMap((name) =>
    ['created', 'updated', 'deleted'].map((verb) => `${name}-${verb}`),
  )
  await offered(/^Reviews/, own, '9')
  await expect(page.getByLabel('review-created')).toHaveAccessibleDescription('Feedback is created')
  await page.getByRole('radio', { name: /^Rateup/ }).check()
  await expect(page.getByLabel('is created')).toBeChecked()
  await expect(page.getByLabel('is updated')).not.toBeChecked()
  await expect(page.getByLabel('Retries')).toHaveValue('3')
})

test('Wootric’s format is sent in the chosen encoding, with the account’s own token', async ({
  settings: page,
  receiver,
}) => {
  await page.goto('/settings/account')
  const token = page.getByLabel('Wootric account token')
  await token.fill('NPS-12345')
  await page.getByLabel('Rateup team id').fill('team-1')
  await page.getByRole('button', { name: 'Save account' }).click()
  await expect(token).toHaveAccessibleDescription(/NPS- followed by 8 hexadecimal digits/)
  await expect(page.getByLabel('Rateup team id')).toHaveAccessibleDescription(/Enter the whole id/)
  await token.fill('NPS-1a2b3c4d')
  await page.getByLabel('Rateup team id').fill('')
  await page.getByRole('button', { name: 'Save account' }).click()
  await expect(page.getByText('Account saved.')).toBeVisible()

  await registerWebhook(page, 'Form bodies', receiver.url, async () => {
    await expect(page.getByRole('group', { name: 'Encoding' })).toHaveCount(0)
    await page.getByRole('radio', { name: /^Wootric/ }).check()
    await expect(page.getByRole('radio', { name: 'JSON' })).toBeChecked()
    await page.getByRole('radio', { name: 'URL-encoded' }).check()
  })
  await configured(page).getByRole('link', { name: 'Edit Form bodies' }).click()
  await expect(page.getByText('Format: Wootric, URL-encoded')).toBeVisible()
  await expect(page.getByRole('group', { name: 'Encoding' })).toHaveCount(0)
  await page.getByLabel('is updated').last().uncheck()
  await page.getByRole('button', { name: 'Update WebHook' }).click()
  await configured(page).getByRole('link', { name: 'Form bodies', exact: true }).click()
  await expect(page.getByText('Wootric, URL-encoded')).toBeVisible()
  await page.getByRole('button', { name: 'Test fire' }).click()
  await receiver.waitFor(1)
  const [request] = receiver.requests
  expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(new URLSearchParams(String(request?.body)).get('account_token')).toBe('NPS-1a2b3c4d')
})

test('Wootric’s format with the secret that a receiver already has is seven clicks from the WebHooks page, and its calls verify with it', async ({
  settings: page,
  account,
  receiver,
}) => {
  const secret = '09dfb1b73af998743fb011f8bfda8912'
  const clicks = await countClicks(page)
  await page.getByRole('link', { name: 'Register WebHook' }).click()
  await formReady(page)
  await page.getByRole('radio', { name: /^Wootric/ }).click()
  await page.getByLabel('Rule name').click()
  await page.keyboard.type('Our receiver')
  await page.getByLabel('WebHook URL').click()
  await page.keyboard.type(receiver.url)
  await page.getByLabel('The secret my receiver already has').click()
  await page.getByLabel('Your receiver’s secret').click()
  await page.keyboard.type(secret)
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(rule(page, 'Our receiver')).toBeVisible()
  expect(await clicks()).toBe(7)
  await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', nps: { score: 6 } } })
  await receiver.waitFor(1)
  const [request] = receiver.requests
  const signature = createHmac('sha1', secret).update(String(request?.body)).digest('hex')
  expect(request?.headers['x-wootric-signature']).toBe(`sha1=${signature}`)
})

test('the form warns of a plain http address while it is typed', async ({ settings: page }) => {
  await openForm(page)
  const warning = page.getByText('This address is not encrypted')
  await page.getByLabel('WebHook URL').fill('https://www.shop.com/hooks')
  await expect(warning).toHaveCount(0)
  await page.getByRole('radio', { name: /^Rateup/ }).check()
  await page.getByLabel('WebHook URL').fill('http://www.shop.com/hooks')
  await expect(warning).toBeVisible()
  await expect(page.getByText(/Ratings, keys and passwords travel in clear/)).toBeVisible()
})
