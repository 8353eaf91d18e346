// @ts-check
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

// Finds a Chromium that launches: $E2E_BROWSER, Playwright's own, or the system's. Installs none.
//   node scripts/browser.mjs     prints its path

/** No first-run page, no update, no sync, no call to Google. As root Chromium does not start in its sandbox. */
export const BROWSER_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// Without windows first: it takes the least of the machine.
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
]
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The browsers on this machine, best first. None has been tried. */
export function presentBrowsers() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const system = [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...ELSEWHERE]
  const given = process.env.E2E_BROWSER
  return given ? [given] : [chromium.executablePath(), ...system].filter((file) => existsSync(file))
}

/** @returns {Promise<string | undefined>} the path of one that launches */
export async function findBrowser() {
  for (const executablePath of presentBrowsers()) {
    try {
      const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS, timeout: 30_000 })
      await browser.close()
      return executablePath
    } catch {
      // A library is missing, or it was built for another machine. The next one may launch.
    }
  }
  return undefined
}

/**
 * Runs in the browser: whether React listens. The root that it keeps on `document` is dehydrated until the page is hydrated.
 */
export const isAwake = () =>
  Object.entries(document).some(
    ([key, fiber]) => key.startsWith('__reactContainer$') && !fiber.stateNode.current.memoizedState.isDehydrated,
  )

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const browser = await findBrowser()
  if (!browser) console.error('No browser launches here: install Chromium or Chrome, or set E2E_BROWSER to one')
  else console.log(browser)
  process.exit(browser ? 0 : 1)
}
