import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, openForm, recentCalls, registerWebhook, rule, test } from './fixtures/browser/test'

async function openTested(page: Page, url: string) {
  await openForm(page)
  await page.getByLabel('Rule name').fill('Being tested')
  await page.getByLabel('WebHook URL').fill(url)
}

const fire = (page: Page) => page.getByRole('button', { name: 'Test fire' }).click()

test('a test fire of an unsaved form shows the receiver’s answer, and is logged with a badge', async ({
  settings: page,
  receiver,
}) => {
  await openTested(page, receiver.url)
  const said: [() => void, RegExp][] = [
    [() => receiver.respond({ status: 200, body: 'thank you' }), /200 OK/],
    [() => receiver.respond({ status: 500, body: 'out of order' }), /500/],
    [() => receiver.respond({ status: 302, headers: { location: '/login' } }), /302 → \/login/],
    [() => receiver.respond({ reset: true }), /closed|reset/i],
  ]
  for (const [prepare, words] of said) {
    prepare()
    await fire(page)
    await expect(page.getByText(words).first()).toBeVisible()
  }
  const request = receiver.requests[0]
  expect(request?.headers['hearback-test']).toBe('true')
  expect(JSON.parse(String(request?.body))).toMatchObject({ event: 'created' })

  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(rule(page, 'Being tested')).toBeVisible()
  await expect(recentCalls(page).getByText('Test', { exact: true })).toHaveCount(4)
  await recentCalls(page).getByRole('link', { name: /View/ }).last().click()
  await expect(page.getByText('hearback-test')).toBeVisible()
})

test('a test fire ends at the timeout when the receiver hangs', async ({ settings: page, receiver }) => {
  receiver.respond({ hang: true })
  await openTested(page, receiver.url)
  await page.getByRole('button', { name: /Advanced/ }).click()
  await page.getByLabel('Timeout in seconds').fill('1')
  await fire(page)
  await expect(page.getByText('Timed out after 1 s').first()).toBeVisible()
})

test('the result tells a refused connection from a failed call', async ({ settings: page }) => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await openTested(page, `http://127.0.0.1:${port}/`)
  await fire(page)
  await expect(page.getByText(/refused/i).first()).toBeVisible()
})

test('the sample can be edited, and a bad one is refused with the reason', async ({ settings: page, receiver }) => {
  await openTested(page, receiver.url)
  await page.getByRole('radio', { name: /Full event/ }).check()
  await page.getByRole('button', { name: 'Sample event' }).click()
  const sample = page.getByLabel('Sample event as JSON')
  await sample.fill('{"type":"feedback.created","feedback":{"id":"fb-1","service":{"rating":9}}}')
  await fire(page)
  await expect(page.getByText(/feedback\.service\.rating/).first()).toBeVisible()
  expect(receiver.requests).toHaveLength(0)
  await sample.fill('{"type":"feedback.created","feedback":{"id":"fb-1","service":{"rating":1,"text":"My own"}}}')
  await fire(page)
  await expect(page.getByText('200 OK').first()).toBeVisible()
  expect(String(receiver.requests[0]?.body)).toContain('My own')
})

test('the list fires a saved WebHook, at most ten times a minute', async ({ settings: page, receiver }) => {
  await registerWebhook(page, 'Saved', receiver.url)
  for (let n = 1; n <= 10; n++) {
    await page.getByRole('button', { name: 'More for Saved' }).click()
    await page.getByRole('menuitem', { name: 'Test fire' }).click()
    await receiver.waitFor(n)
  }
  await expect(page.getByText('Test fire of “Saved”').first()).toBeVisible()
  await page.getByRole('button', { name: 'More for Saved' }).click()
  await page.getByRole('menuitem', { name: 'Test fire' }).click()
  await expect(page.getByText('At most 10 test fires a minute. Try again in a minute.')).toBeVisible()
  expect(receiver.requests).toHaveLength(10)
})
