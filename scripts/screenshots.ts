import fs from 'node:fs'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import { setupLink } from '@/lib/accounts/setup-code'
import { openDatabase, openPool } from '@/lib/db/client'
import { env } from '@/lib/env'
import { BROWSER_FLAGS, findBrowser, isAwake } from './browser.mjs'
import { type DemoHub, startDemoHub } from './demo-hub'
import { makeBeginners, makeScreenData, postFeedback, type ScreenData } from './screen-data'
import { type Look, type Person, type Screen, screens, setUpScreen } from './screens'

// Takes pictures of the running app with the demo's data.
//   npm run screenshots                        the pictures that documents show, into docs/images
//   npm run screenshots -- --all FOLDER        every screen in light, dark and 390 px, into FOLDER

const looks: Record<Look, BrowserContextOptions> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  390: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
}

const { all } = parseArgs({ options: { all: { type: 'string' } } }).values
const folder = all ?? 'docs/images'
fs.mkdirSync(folder, { recursive: true })

const executablePath = await findBrowser()
if (!executablePath) throw new Error('No Chromium launches here: install one, or set E2E_BROWSER to its path')
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-screenshots-'))
const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS })
const hub = await startDemoHub({ port: await freePort(), dataDir, beforeSetUp: takeSetUp })
const pool = openPool(env().DATABASE_URL, { max: 2 })
try {
  const db = openDatabase(pool)
  await postFeedback(hub)
  await untilCalled(browser, hub)
  const data = await makeScreenData(db, hub.account)
  const emails = { owner: hub.account.email, ...(await makeBeginners(db, data.password)) }
  for (const look of Object.keys(looks) as Look[])
    for (const person of ['owner', 'newcomer', 'beginner', 'visitor'] as const) {
      const wanted = screens.filter(
        ({ as = 'owner', inDocuments = [] }) => as === person && (all !== undefined || inDocuments.includes(look)),
      )
      if (wanted.length > 0)
        await takeAll({ look, person, email: person === 'visitor' ? null : emails[person] }, wanted, data)
    }
} finally {
  await browser.close()
  await pool.end()
  await hub.stop()
  fs.rmSync(dataDir, { recursive: true })
}

async function takeSetUp() {
  if (all === undefined) return
  for (const look of Object.keys(looks) as Look[]) {
    const page = await openPage(look)
    await page.goto(setupLink())
    await take(page, setUpScreen, look)
    await page.context().close()
  }
}

type Seen = { look: Look; person: Person /** Null: signed out. */; email: string | null }

async function takeAll({ look, email }: Seen, wanted: Screen[], data: ScreenData) {
  const page = await openPage(look)
  if (email !== null) await signIn(page, { url: hub.url, email, password: data.password })
  for (const screen of wanted) {
    await page.goto(hub.url + (screen.at?.(data) ?? screen.route))
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.waitForFunction(isAwake)
    await screen.press?.(page, data)
    await take(page, screen, look)
  }
  await page.context().close()
}

async function openPage(look: Look): Promise<Page> {
  const context = await browser.newContext({
    ...looks[look],
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  return context.newPage()
}

/** With `--all`, a long page is shown down to 2,400 px. */
async function take(page: Page, { name }: Screen, look: Look) {
  // Charts and counts come after the page. A live page has no end to wait for.
  await page.waitForTimeout(700)
  await page.evaluate(() => document.fonts.ready)
  const file = path.join(folder, `${name}${look === 'light' ? '' : `-${look}`}.png`)
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  const long = await page.evaluate(() => document.documentElement.scrollHeight)
  const clip = { x: 0, y: 0, width, height: Math.min(2_400, Math.max(height, long)) }
  await page.screenshot({ path: file, ...(all === undefined ? {} : { fullPage: true, clip }) })
  console.log(file)
}

async function signIn(page: Page, { url, email, password }: { url: string; email: string; password: string }) {
  await page.goto(`${url}/sign-in#${new URLSearchParams({ email, password })}`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${url}/settings/**`)
}

/** Resolves when Settings › WebHooks shows at least one call of each demo webhook. */
async function untilCalled(browser: Browser, { url, account }: DemoHub) {
  const page = await browser.newPage()
  await signIn(page, { url, ...account })
  await page.goto(`${url}/settings/webhooks`)
  await page.getByText('200 OK').nth(4).waitFor()
  await page.close()
}

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
