import type { Page } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { members } from '@/lib/db/people-schema'
import { recipes } from '@/lib/recipes/recipes'
import { codeFiles, type Language, readCode } from '@/lib/verify/receiver-code'
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  openForm,
  registerWebhook,
  rule,
  signIn,
  test,
} from './fixtures/browser/test'
import { startHub } from './fixtures/processes/hub'

async function openVerify(page: Page, name: string) {
  await rule(page, name).getByRole('link', { name, exact: true }).click()
  await page.getByRole('link', { name: 'Code that verifies it' }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Verify calls of “${name}”` })).toBeVisible()
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })
const codeOf = (page: Page, file: string) =>
  page.getByRole('figure').filter({ has: page.getByRole('button', { name: `Copy ${file}`, exact: true }) })

/** The text of a file that the tests of lib/verify run. */
async function tested(language: Language, name: string): Promise<string> {
  const proofs = ['authorization', 'signature'] as const
  const file = codeFiles(language, 'wootric', proofs).find((each) => each.name === name)
  return file ? readCode(file, proofs) : ''
}

test('the code of each language is reached by keyboard, names the format’s headers and is copied as it was tested', async ({
  settings: page,
  context,
  receiver,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await registerWebhook(page, 'Survey desk', receiver.url, async () => {
    await page.getByRole('radio', { name: /Wootric/ }).check()
    await page.getByRole('radio', { name: /Basic/ }).check()
    await page.getByLabel('User', { exact: true }).fill('hub')
    await page.getByLabel('Password', { exact: true }).fill('pa55-word')
  })
  await openVerify(page, 'Survey desk')
  await tab(page, 'Node').focus()
  const files = {
    Node: ['node', 'verify.mjs', 'receiver.mjs'],
    PHP: ['php', 'verify.php', 'receiver.php'],
    Ruby: ['ruby', 'verify.rb', 'hearback_controller.rb'],
    Python: ['python', 'verify.py', 'views.py'],
  } as const
  for (const [label, [language, verify, last]] of Object.entries(files)) {
    await expect(tab(page, label)).toBeFocused()
    await expect(tab(page, label)).toHaveAttribute('aria-selected', 'true')
    await expect(codeOf(page, verify).getByRole('code')).toContainText('x-wootric-signature')
    for (const name of [verify, last]) {
      await page.getByRole('button', { name: `Copy ${name}`, exact: true }).click()
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      expect(copied).toBe(await tested(language, name))
    }
    await tab(page, label).focus()
    await page.keyboard.press('ArrowRight')
  }
  await expect(page.getByRole('definition').filter({ hasText: 'Basic and the base64' })).toBeVisible()
  await expect(page.getByText("export HEARBACK_SECRET='the signing secret'")).toBeVisible()
  await tab(page, 'Ruby').click()
  await expect(page.getByRole('heading', { name: 'In Rails' })).toBeVisible()
  await expect(page.getByText(/turns down every POST without a CSRF token/)).toBeVisible()
  expect(await page.content()).not.toContain('pa55-word')
})

test('the page says that “Review link” without a pre-shared key has nothing to check', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'Links', receiver.url)
  await openVerify(page, 'Links')
  await expect(page.getByText('Calls of this WebHook carry nothing to check yet')).toBeVisible()
  await expect(page.getByRole('term').filter({ hasText: 'Authorization' })).toBeVisible()
  await expect(codeOf(page, 'authorized.mjs')).toBeVisible()
  await expect(codeOf(page, 'verify.mjs')).toHaveCount(0)
})

test('a viewer reads the page, which holds no secret and no URL; an unknown WebHook is not found', async ({
  settings: page,
  account,
  database: { db },
  receiver,
}) => {
  await registerWebhook(page, 'Seen', `${receiver.url}/path?token=hush`, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
  })
  await openVerify(page, 'Seen')
  const address = page.url()
  await db.update(members).set({ role: 'viewer' }).where(eq(members.userId, account.userId))
  await page.goto(address)
  await expect(codeOf(page, 'verify.mjs').getByRole('code')).toContainText('webhook-signature')
  expect(await page.content()).not.toMatch(/hush|whsec_[A-Za-z0-9+/]{20}/)
  const unknown = address.replace(/.\/verify$/, (end) => `${end[0] === '0' ? '1' : '0'}/verify`)
  for (const each of [unknown, address.replace('whk_', 'evt_')])
    expect((await page.goto(each))?.status(), each).toBe(404)
})

test('the sender addresses are those that the operator named, or the page says that there are none', async ({
  settings: page,
  browser,
  hub,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Walled', receiver.url)
  await openVerify(page, 'Walled')
  await expect(page.getByText('The operator of this hub has not named its addresses.')).toBeVisible()
  const environment = { HEARBACK_EGRESS_IPS: '203.0.113.7, 198.51.100.0/28', HEARBACK_ROLE: 'web' }
  const named = await startHub({ databaseUrl: hub.databaseUrl, environment })
  const context = await browser.newContext({ baseURL: named.url })
  try {
    const other = await context.newPage()
    await signIn(other, account)
    await openVerify(other, 'Walled')
    await expect(codeOf(other, 'sender addresses').getByRole('code')).toHaveText('203.0.113.7\n198.51.100.0/28')
  } finally {
    await context.close()
    await named.stop()
  }
})

test('the form opens the recipes in another tab, and keeps what was entered', async ({ settings: page, context }) => {
  await openForm(page)
  await page.getByLabel('Rule name').fill('To Zapier')
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: /Recipes for Zapier/ }).click()
  const other = await opened
  await expect(other.getByRole('heading', { level: 1, name: 'Recipes' })).toBeVisible()
  for (const { title } of recipes) await expect(other.getByRole('heading', { level: 2, name: title })).toBeVisible()
  await expect(page.getByLabel('Rule name')).toHaveValue('To Zapier')
})

test('axe finds no fault on the Verify page and the recipes, and at 390 px nothing scrolls sideways', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'WWWWWWWWWWWWWWWWWWWWWWWW', receiver.url, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
  })
  await openVerify(page, 'WWWWWWWWWWWWWWWWWWWWWWWW')
  const address = page.url()
  for (const path of [address, '/settings/recipes']) {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await expectNoSidewaysScroll(page)
  }
})
