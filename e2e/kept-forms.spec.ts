import type { Page } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { sessions } from '@/lib/db/people-schema'
import { expect, formReady, openForm, rule, test } from './fixtures/browser/test'

// What was typed outlives every answer that a proxy, a lost connection, an ended session or another build can give.

type Answer = (route: Parameters<Parameters<Page['route']>[1]>[0]) => Promise<void>

/** Lets `answer` take the server actions that the page sends, until the returned function is called. */
async function answerActions(page: Page, answer: Answer): Promise<() => Promise<void>> {
  const take: Answer = (route) => ('next-action' in route.request().headers() ? answer(route) : route.continue())
  await page.route('**/*', take)
  return () => page.unroute('**/*', take)
}

const ofProxy = (status: number): Answer => {
  const body = `<html><head><title>${status}</title></head><body><center>nginx</center></body></html>`
  return (route) => route.fulfill({ status, contentType: 'text/html', body })
}

test('a form keeps its values through 502, 503, a lost connection and an ended session, and offers what helps', async ({
  settings: page,
  account,
  database: { db },
}) => {
  await openForm(page)
  await page.getByLabel('Rule name').fill('Typed before')
  await page.getByLabel('WebHook URL').fill('http://127.0.0.1:9/typed')
  const save = page.getByRole('button', { name: 'Save WebHook' })
  const answers: [Answer, RegExp][] = [
    [ofProxy(502), /The hub can’t answer right now\. What you typed is kept/],
    [ofProxy(503), /The hub can’t answer right now\. What you typed is kept/],
    [(route) => route.abort('connectionreset'), /The hub can’t be reached\. What you typed is kept/],
  ]
  for (const [answer, words] of answers) {
    const end = await answerActions(page, answer)
    await save.click()
    await expect(page.getByText(words)).toBeVisible()
    await expect(page.getByLabel('Rule name')).toHaveValue('Typed before')
    await expect(page.getByRole('button', { name: 'Reload' })).toHaveCount(0)
    await end()
  }
  const kept = await db.select().from(sessions).where(eq(sessions.userId, account.userId))
  await db.delete(sessions).where(eq(sessions.userId, account.userId))
  await save.click()
  await expect(page.getByText(/You are signed out/)).toBeVisible()
  await expect(page.getByRole('link', { name: 'Sign in in another tab' })).toHaveAttribute('target', '_blank')
  await expect(page.getByRole('button', { name: 'Reload' })).toHaveCount(0)
  await db.insert(sessions).values(kept)

  await save.click()
  await expect(rule(page, 'Typed before')).toBeVisible()

  // A button beside a form takes nothing from it either.
  await page.getByRole('button', { name: 'Add key' }).click()
  await page.getByLabel('Key', { exact: true }).fill('typed-key')
  const end = await answerActions(page, ofProxy(502))
  await page.getByRole('button', { name: 'Delete Typed before' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByRole('alertdialog').getByText(/The hub can’t answer right now/)).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).last().click()
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue('typed-key')
  await end()
})

test('a form of another build offers to reload, and what was typed is back after it, passwords apart', async ({
  settings: page,
}) => {
  await openForm(page)
  await page.getByLabel('Rule name').fill('Typed in the old build')
  await page.getByLabel('WebHook URL').fill('http://127.0.0.1:9/typed')
  await page.getByRole('radio', { name: /Basic/ }).check()
  await page.getByLabel('User', { exact: true }).fill('hub')
  await page.getByLabel('Password', { exact: true }).fill('a typed password')
  // What the page of another build does: it names an action that this build does not have.
  const end = await answerActions(page, (route) =>
    route.continue({ headers: { ...route.request().headers(), 'next-action': `40${'ab'.repeat(20)}` } }),
  )
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page.getByText(/The hub was updated\. This page is of the version before/)).toBeVisible()
  await expect(page.getByLabel('Rule name')).toHaveValue('Typed in the old build')
  await end()

  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByText(/The hub was updated/)).toHaveCount(0)
  await formReady(page)
  await expect(page.getByLabel('Rule name')).toHaveValue('Typed in the old build')
  await expect(page.getByLabel('WebHook URL')).toHaveValue('http://127.0.0.1:9/typed')
  await expect(page.getByLabel('User', { exact: true })).toHaveValue('hub')
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  await page.getByLabel('Password', { exact: true }).fill('a typed password')
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(rule(page, 'Typed in the old build')).toBeVisible()
})
