import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { createAccount } from '@/lib/accounts/create-account'
import { members, sessions } from '@/lib/db/people-schema'
import { createSource } from '@/lib/sources/change-source'
import { showId } from '@/lib/type-id'
import { expect, openForm, registerWebhook, rule, test } from './fixtures/browser/test'
import { type Hub, startHub } from './fixtures/processes/hub'

// The pages are a process of their own: what its death costs, what ends with it, and what reaches it.

const processes = (parent: number) => {
  const { stdout } = spawnSync('pgrep', ['-P', String(parent), '-f', 'dist/pages.mjs', '-a'], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean)
}
const pagesOf = ({ pid }: Pick<Hub, 'pid'>) => Number(processes(pid)[0]?.split(' ')[0]) || undefined

/** A timer may fire a millisecond early. */
const secondMs = 998

/** The lines of a log by error, with their counts and times in milliseconds. The same error has the same words, apart from numbers. */
function loggedErrors(text: string): Record<string, { at: number; times: number }[]> {
  const errors: Record<string, { at: number; times: number }[]> = {}
  for (const line of text.split('\n').filter(Boolean)) {
    const { time, msg, err, times = 1 } = JSON.parse(line)
    const words = `${msg} ${err?.type} ${err?.message}`.replace(/\d+/g, '')
    errors[words] ??= []
    errors[words].push({ at: Date.parse(time), times })
  }
  return errors
}

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
  // What stands after # is kept: links to a new password and to the demo carry it.
  await page.goto('/sign-in#email=ada@example.net', { timeout: 90_000 })
  await expect(page.getByLabel('E-mail address')).toHaveValue('ada@example.net')
})

test('a kill of the hub ends the process of its pages within 2 s, and removes its socket', async () => {
  const hub = await startHub()
  const [line = ''] = processes(hub.pid)
  const pid = Number(line.split(' ')[0])
  const folder = path.dirname(/"socketPath":"([^"]+)"/.exec(line)?.[1] ?? '')
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
  // While Next is being loaded, nothing else runs there: the next test has that case. It loads pages after its first answer, too.
  const isQuick = async () => {
    const began = performance.now()
    return (await fetch(`${hub.url}/setup`)).status === 200 && performance.now() - began < 200
  }
  await expect.poll(isQuick, { timeout: 60_000 }).toBe(true)
  await hub.kill()
  await expect.poll(() => fs.existsSync(`/proc/${pid}`) || fs.existsSync(folder), { timeout: 2_000 }).toBe(false)
})

test('a kill of the hub while its pages are starting ends their process too', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-pages-test-'))
  const settings = { socketPath: path.join(folder, 'socket'), dev: false, hostname: '127.0.0.1', port: 0 }
  const parent = spawn(process.execPath, [
    '-e',
    `const child = require('node:child_process').fork('dist/pages.mjs', [process.argv[1]])
    require('node:fs').writeSync(1, String(child.pid))
    process.kill(process.pid, 'SIGKILL')`,
    JSON.stringify(settings),
  ])
  const pid = Number(String((await once(parent.stdout, 'data'))[0]))
  expect(pid).toBeGreaterThan(0)
  await expect.poll(() => fs.existsSync(`/proc/${pid}`) || fs.existsSync(folder), { timeout: 30_000 }).toBe(false)
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

test('a page for a higher role is answered 403, and no stack is logged', async ({
  signedIn: page,
  account,
  database: { db },
  hub,
}) => {
  const ask = async (at: string) => (await page.request.get(at, { maxRedirects: 0 })).status()
  const pages = ['/settings/webhooks/new', '/settings/sources/new']
  for (const at of pages) expect([at, await ask(at)]).toEqual([at, 200])
  await db.update(members).set({ role: 'viewer' }).where(eq(members.userId, account.userId))
  const printed = hub.output().length
  for (const at of pages) expect([at, await ask(at)]).toEqual([at, 403])
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
  const rounds = 5
  const atOnce = 10
  await db.execute(sql`alter table sessions rename to sessions_away`)
  const printed = hub.output().length
  try {
    for (let i = 0; i < rounds; i++)
      await Promise.all(Array.from({ length: atOnce }, () => page.request.get('/settings/account').catch(() => {})))
  } finally {
    await db.execute(sql`alter table sessions_away rename to sessions`)
  }
  const errors = () => loggedErrors(hub.output().slice(printed))
  const counts = () => Object.values(errors()).map((lines) => lines.reduce((sum, { times }) => sum + times, 0))
  await expect.poll(counts, { timeout: 10_000 }).toEqual([rounds * atOnce])
  for (const [message, lines] of Object.entries(errors()))
    for (const [i, { at }] of lines.entries())
      if (i > 0) expect(at - (lines[i - 1]?.at ?? 0), message).toBeGreaterThanOrEqual(secondMs)
  const text = hub.output().slice(printed)
  expect(text).toContain('Failed query')
  expect(text).not.toContain(token)
  expect(text).not.toContain(account.email)
})

test('an unknown source, a foreign one and addresses that are no text are not answered with 200', async ({
  signedIn: page,
  account,
  database: { db },
}) => {
  const ask = async (at: string) => (await page.request.get(at, { maxRedirects: 0 })).status()
  const source = async (owner: { accountId: string; userId: string }) => {
    const form = { name: 'Checkout', kind: 'web_survey' as const, key: 'checkout' }
    const made = await createSource(db, { ...owner, source: form })
    return made.ok ? `/settings/sources/${showId('source', made.value.sourceId)}` : ''
  }
  const own = await source({ accountId: account.id, userId: account.userId })
  const other = await createAccount(db, {
    name: 'Other',
    identifier: `other-${account.identifier}`,
    email: `other-${account.email}`,
    password: 'another long password',
  })
  const foreign = other.ok ? await source(other.value) : ''
  const unknown = '/settings/sources/src_01jd0000000000000000000000'
  expect([await ask(own), await ask(`${own}/settings`)]).toEqual([200, 200])
  for (const at of [foreign, unknown, '/settings/sources/nonsense'])
    expect([at, await ask(at), await ask(`${at}/settings`)]).toEqual([at, 404, 404])
  for (const at of ['/settings/calls?search=%00', '/settings/sources/%ff', '/settings/webhooks?search=%ED%A0%80'])
    expect([at, await ask(at)]).toEqual([at, 400])
  expect(await ask('/_next/image?url=%2Ficon.svg&w=64&q=75')).toBe(404)
})
