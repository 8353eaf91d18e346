import { expect, test } from '@playwright/test'
import { type Hub, startHub } from './fixtures/processes/hub'

// npm start as a person uses it: the printed link opens a page, which has the policy of every page.

let hub: Hub
test.beforeAll(async () => {
  hub = await startHub()
})
test.afterAll(async () => {
  await hub.stop()
})

test('the printed set-up link opens, and the content security policy blocks nothing on the page', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(hub.setupLink)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.waitForLoadState('networkidle')
  expect(complaints).toEqual([])
})

test('every script of a page has the nonce of its own answer', async ({ request }) => {
  const answer = await request.get(hub.setupLink)
  const nonce = /'nonce-([^']+)'/.exec(answer.headers()['content-security-policy'] ?? '')?.[1]
  const scripts = (await answer.text()).match(/<script\b[^>]*>/g) ?? []
  expect(scripts.length).toBeGreaterThan(0)
  for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
})

test('a hub exits with 0 after SIGTERM', async () => {
  const other = await startHub()
  expect(await other.stop()).toBe(0)
})

test('SIGTERM to npm alone ends the hub that npm start runs: npm exits with 0 and nothing listens any more', async () => {
  const other = await startHub({ npm: true })
  process.kill(other.pid, 'SIGTERM')
  const answers = () => fetch(`${other.url}/api/health`).then(Boolean, () => false)
  await expect.poll(answers).toBe(false)
  expect(await other.stop()).toBe(0)
})
