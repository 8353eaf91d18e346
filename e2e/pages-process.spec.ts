import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { members, sessions } from '@/lib/db/people-schema'
import { expect, openForm, registerWebhook, rule, test } from './fixtures/browser/test'
import { type Hub, startHub } from './fixtures/processes/hub'

// The pages are a process of their own: what its death costs, what ends with it, and what reaches it.

const processes = (parent: number) => {
  const { stdout } = spawnSync('pgrep', ['-P', String(parent), '-f', 'dist/pages.mjs', '-a'], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean)
}
const pagesOf = ({ pid }: Pick<Hub, 'pid'>) => Number(processes(pid)[0]?.split(' ')[0]) || undefined

test('a kill of the pages’ process loses nothing of a form, and deliveries go on meanwhile', async ({
  settings: page,
  account,
  receiver,
  hub,
}) => {
  await registerWebhook(page, 'Calls all along', `${receiver.url}/along`)
  await openForm(page)
  await page.getByLabel('Rule name').fill('Typed before the kill')
  await page.getByLabel('WebHook URL').fill(`${receiver.url}/typed`)

  process.kill(pagesOf(hub) as number, 'SIGKILL')
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page.getByText(/The hub can’t answer right now/).first()).toBeVisible()
  const posted = await account.post({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 2 } } })
  expect(posted.events[0]?.deliveries).toBe(1)
  expect((await receiver.waitFor(1))[0]?.url).toBe('/along')
  await expect(page.getByLabel('Rule name')).toHaveValue('Typed before the kill')
  await expect(page.getByLabel('WebHook URL')).toHaveValue(`${receiver.url}/typed`)

  await expect.poll(async () => (await page.request.get('/setup')).status(), { timeout: 60_000 }).toBe(200)
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page).toHaveURL(/\/settings\/webhooks$/, { timeout: 60_000 })
  await expect(rule(page, 'Typed before the kill')).toHaveCount(1)
})

test('a page asked for while the pages are away shows itself once they are back', async ({ page, hub }) => {
  process.kill(pagesOf(hub) as number, 'SIGKILL')
  const answer = await page.request.get('/sign-in', { headers: { accept: 'text/html' } })
  expect([answer.status(), answer.headers()['retry-after']]).toEqual([503, '2'])
  expect(await answer.text()).toContain('http-equiv="refresh"')
  await expect.poll(async () => (await page.request.get('/sign-in')).status(), { timeout: 90_000 }).toBe(200)
})

test('a kill of the hub ends the process of its pages within 2 s, and removes its socket', async () => {
  const hub = await startHub()
  const [line = ''] = processes(hub.pid)
  const pid = Number(line.split(' ')[0])
  const folder = path.dirname(/"socketPath":"([^"]+)"/.exec(line)?.[1] ?? '')
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
  await hub.kill()
  await expect.poll(() => fs.existsSync(`/proc/${pid}`) || fs.existsSync(folder), { timeout: 2_000 }).toBe(false)
})

test('SIGTERM and SIGINT of the whole group leave the pages to the hub, which stops them last', async () => {
  const hub = await startHub()
  const pid = pagesOf(hub) as number
  process.kill(pid, 'SIGINT')
  process.kill(pid, 'SIGTERM')
  expect((await fetch(`${hub.url}/setup`)).status).toBe(200)
  expect(pagesOf(hub)).toBe(pid)
  expect(await hub.stop()).toBe(0)
  expect(fs.existsSync(`/proc/${pid}`)).toBe(false)
})

test('an action without a session, or with too low a role, is told in the form, and no stack is logged', async ({
  settings: page,
  account,
  database: { db },
  hub,
}) => {
  await openForm(page)
  await page.getByLabel('Rule name').fill('Typed meanwhile')
  await page.getByLabel('WebHook URL').fill('http://127.0.0.1:9/typed')
  const printed = hub.output().length
  const save = async () => {
    const answered = page.waitForResponse((answer) => 'next-action' in answer.request().headers())
    await page.getByRole('button', { name: 'Save WebHook' }).click()
    return (await answered).status()
  }
  await db.update(members).set({ role: 'viewer' }).where(eq(members.userId, account.userId))
  expect(await save()).toBe(403)
  await expect(page.getByText(/Your role doesn’t allow this/).first()).toBeVisible()
  await db.update(members).set({ role: 'owner' }).where(eq(members.userId, account.userId))
  await db.delete(sessions).where(eq(sessions.userId, account.userId))
  expect(await save()).toBe(401)
  await expect(page.getByText(/You are signed out/).first()).toBeVisible()
  await page.context().clearCookies()
  expect(await save()).toBe(401)
  await expect(page.getByText(/You are signed out/).first()).toBeVisible()
  await expect(page.getByLabel('Rule name')).toHaveValue('Typed meanwhile')
  expect(hub.output().slice(printed)).toBe('')
})

test('a page whose query fails logs no session token and no parameter, and the same error once a second', async ({
  signedIn: page,
  account,
  hub,
  database: { db },
}) => {
  const cookies = await page.context().cookies()
  const token = decodeURIComponent(cookies.find(({ name }) => name.includes('session_token'))?.value ?? '').split(
    '.',
  )[0]
  expect(token?.length).toBeGreaterThan(20)
  await db.execute(sql`alter table sessions rename to sessions_away`)
  const printed = hub.output().length
  try {
    for (let i = 0; i < 5; i++)
      await Promise.all(Array.from({ length: 10 }, () => page.request.get('/settings/account').catch(() => {})))
  } finally {
    await db.execute(sql`alter table sessions_away rename to sessions`)
  }
  await expect.poll(() => hub.output().slice(printed)).toContain('Failed query')
  const lines = hub.output().slice(printed)
  expect(lines).not.toContain(token)
  expect(lines).not.toContain(account.email)
  expect(lines.split('\n').filter((line) => line.includes('Failed query')).length).toBeLessThan(50)
})

test('an unknown source, a foreign one and addresses that are no text are not answered with 200', async ({
  signedIn: page,
}) => {
  const ask = async (at: string) => (await page.request.get(at, { maxRedirects: 0 })).status()
  expect(await ask('/settings/sources/src_01jd0000000000000000000000')).toBe(404)
  expect(await ask('/settings/sources/nonsense')).toBe(404)
  expect(await ask('/settings/sources/src_01jd0000000000000000000000/settings')).toBe(404)
  for (const at of ['/settings/calls?search=%00', '/settings/sources/%ff', '/settings/webhooks?search=%ED%A0%80'])
    expect([at, await ask(at)]).toEqual([at, 400])
  expect(await ask('/_next/image?url=%2Ficon.svg&w=64&q=75')).toBe(404)
})
