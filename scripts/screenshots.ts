import fs from 'node:fs'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import { BROWSER_FLAGS, findBrowser } from './browser.mjs'
import { demoFeedback } from './demo-feedback'
import { type DemoHub, startDemoHub } from './demo-hub'

// Takes pictures of the running app with the demo's data.
//   npm run screenshots                        the pictures that documents show, into docs/images
//   npm run screenshots -- --all FOLDER        every screen in light, dark and 390 px, into FOLDER

const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  390: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const
type Look = keyof typeof looks

type Screen = {
  name: string
  path: string
  /** The screen is where the first link of this kind on `path` leads. */
  link?: string
  /** The looks in which a document shows the screen, under `<name>.png` or `<name>-<look>.png`. */
  inDocuments?: Look[]
}
const screens: Screen[] = [
  { name: 'webhooks', path: '/settings/webhooks', inDocuments: ['light'] },
  { name: 'register', path: '/settings/webhooks/new' },
  { name: 'webhook', path: '/settings/webhooks', link: 'a[href*="/settings/webhooks/whk_"]:not([href$="/edit"])' },
  { name: 'edit', path: '/settings/webhooks', link: 'a[href$="/edit"]' },
  { name: 'calls', path: '/settings/calls' },
  { name: 'call', path: '/settings/calls', link: 'a[href*="cal_"]' },
  { name: 'events', path: '/settings/events' },
  { name: 'feedback', path: '/settings/find?id=demo-feedback' },
  { name: 'find', path: '/settings/find?id=no-such-id' },
  { name: 'sources', path: '/settings/sources' },
  { name: 'recipes', path: '/settings/recipes' },
  { name: 'api', path: '/settings/api' },
  { name: 'account', path: '/settings/account' },
  { name: 'members', path: '/settings/members' },
  { name: 'audit', path: '/settings/audit' },
  { name: 'profile', path: '/settings/profile' },
  { name: 'catalogue', path: '/catalogue' },
  { name: 'reference', path: '/reference' },
]
const EVENTS = 12

const { all } = parseArgs({ options: { all: { type: 'string' } } }).values
const folder = all ?? 'docs/images'
fs.mkdirSync(folder, { recursive: true })

const executablePath = await findBrowser()
if (!executablePath) throw new Error('No Chromium launches here: install one, or set E2E_BROWSER to its path')
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-screenshots-'))
const hub = await startDemoHub({ port: await freePort(), dataDir })
const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS })
try {
  for (let n = 0; n < EVENTS; n++) await hub.post(demoFeedback(n))
  for (const [type, rating] of [
    ['feedback.created', 4],
    ['feedback.updated', 2],
  ])
    await hub.post({ type, source: 'shop', feedback: { id: 'demo-feedback', service: { rating } } })
  for (const look of Object.keys(looks) as Look[]) {
    const wanted = screens.filter(({ inDocuments = [] }) => all !== undefined || inDocuments.includes(look))
    if (wanted.length > 0) await takeAll(browser, look, wanted)
  }
} finally {
  await browser.close()
  await hub.stop()
  fs.rmSync(dataDir, { recursive: true })
}

async function takeAll(browser: Browser, look: Look, wanted: typeof screens) {
  const context = await browser.newContext({
    ...looks[look],
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  const page = await context.newPage()
  await signIn(page, hub)
  for (const screen of wanted) {
    await page.goto(hub.url + screen.path)
    if (screen.link) await page.goto(hub.url + (await page.locator(screen.link).first().getAttribute('href')))
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(() => document.fonts.ready)
    const file = path.join(folder, `${screen.name}${look === 'light' ? '' : `-${look}`}.png`)
    await page.screenshot({ path: file })
    console.log(file)
  }
  await context.close()
}

/** Signs in and opens Settings › WebHooks. Resolves when it shows at least one call of each demo webhook. */
async function signIn(page: Page, { signInLink, url }: DemoHub) {
  await page.goto(signInLink)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${url}/settings/**`)
  await page.goto(`${url}/settings/webhooks`)
  await page.getByText('200 OK').nth(4).waitFor()
}

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
