import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { createTestDatabase } from './fixtures/postgres/database'
import type { TestDatabase } from './fixtures/postgres/open-databases'
import { freePort } from './fixtures/processes/hub'

// A host without server.ts, such as `next start`: it ingests events and drains by cron. It answers no page, because it can't
// tell a true client address from a forged one, and its pages would have no content security policy.

let host: ChildProcess
let database: TestDatabase
let url: string

test.beforeAll(async () => {
  database = await createTestDatabase({ max: 2 })
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  host = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '-p', String(port), '-H', '127.0.0.1'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    stdio: 'ignore',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      HEARBACK_URL: url,
      HEARBACK_SECRET_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
      HEARBACK_SESSION_SECRET: 's'.repeat(32),
    },
  })
  await expect.poll(() => fetch(url).then(Boolean, () => false), { timeout: 60_000 }).toBe(true)
})
test.afterAll(async () => {
  host.kill('SIGKILL')
  await database.drop()
})

test('without server.ts no page and no action answers, not even to forged headers', async ({ request }) => {
  const headers = { 'x-hearback-client-address': '127.0.0.1', 'x-forwarded-host': 'hub.test' }
  for (const at of ['/', '/sign-in', '/setup?code=x', '/settings/webhooks', '/settings/calls/latest'])
    expect([at, (await request.get(url + at, { headers, maxRedirects: 0 })).status()]).toEqual([at, 404])
})

test('without server.ts events, health and cron answer', async ({ request }) => {
  expect((await request.post(`${url}/api/v1/events`, { data: {} })).status()).toBe(401)
  expect((await request.get(`${url}/api/health`)).status()).toBe(200)
  expect((await request.get(`${url}/api/cron/drain`)).status()).toBe(404)
})
