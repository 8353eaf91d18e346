import { operationIndex } from '@/lib/api/operation-index'
import { expect, expectAccessible, test } from './fixtures/browser/test'

test('the door passes every method of the API on, asks for no cookie and no origin, and the document is public', async ({
  hub,
  account,
}) => {
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${hub.url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${account.apiKey}`,
        'content-type': 'application/json',
        origin: 'https://x.example',
      },
      body: body && JSON.stringify(body),
    })
  // The key may ingest, no more: 403 is the API's own answer.
  for (const [method, path] of [
    ['GET', '/v1/events'],
    ['GET', '/v1/webhooks'],
    ['POST', '/v1/webhooks'],
    ['PUT', '/v1/webhooks/x'],
    ['PATCH', '/v1/webhooks/x'],
    ['DELETE', '/v1/webhooks/x'],
  ] as const) {
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined
    expect([method, path, (await ask(method, path, body)).status]).toEqual([method, path, 403])
  }
  expect(
    (await ask('POST', '/v1/events', { type: 'feedback.created', feedback: { id: 'a', comment: 'x' } })).status,
  ).toBe(202)
  expect((await ask('PROPFIND', '/v1/webhooks')).status).toBe(405)
  const document = await fetch(`${hub.url}/api/openapi.json`)
  expect([document.status, (await document.json()).openapi]).toEqual([200, '3.1.0'])
})

test('the reference is drawn from the document, with nothing of another host', async ({ signedIn: page, hub }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(hub.url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
  })
  await page.goto('/reference')
  const webhooks = page.getByRole('region', { name: 'Webhooks' })
  await expect(webhooks.getByRole('link')).toHaveCount(operationIndex[0]?.operations.length ?? 0)
  await expectAccessible(page)
  await page.getByRole('link', { name: /Test-fire a webhook/ }).click()
  await expect(page.getByRole('heading', { name: /^Test-fire a webhook/ }).first()).toBeInViewport()
  await expect(page.getByRole('heading', { name: 'Hearback', exact: true })).toBeAttached()
  await page.reload()
  await expect(page.getByRole('heading', { name: /^Test-fire a webhook/ }).first()).toBeInViewport()
  await page.getByRole('link', { name: 'All operations' }).click()
  await expect(page.getByRole('heading', { name: 'API reference' })).toBeVisible()
  expect(foreign).toEqual([])
})

test('the event catalogue has each event in each format, and asks for a session unless the operator opens it', async ({
  signedIn: page,
  hub,
}) => {
  expect((await fetch(`${hub.url}/catalogue`, { redirect: 'manual' })).status).toBe(307)
  await page.goto('/catalogue')
  const created = page.getByRole('region', { name: /^Feedback created/ })
  await created.getByText('JSON Schema').first().click()
  await expect(
    created.getByRole('button', { name: 'Copy JSON Schema of feedback.created as Review link' }),
  ).toBeVisible()
  await expectAccessible(page)
})
