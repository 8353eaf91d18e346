// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

// Finds a Chromium that really launches: $E2E_BROWSER, Playwright's own, the system's; then it tries to install one.
//   node scripts/browser.mjs [--no-install]     prints the path of the one it found

/** Quiet: no first-run page, no update, no sync, no call home. Root has no sandbox to start in. */
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

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge']
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Every browser that is there, best first; none has been started. */
export function presentBrowsers() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const system = [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...ELSEWHERE]
  const given = process.env.E2E_BROWSER
  return given ? [given] : [chromium.executablePath(), ...system].filter((file) => existsSync(file))
}

/** @param {{ install: boolean }} options @returns {Promise<string | undefined>} the path of one that launches */
export async function findBrowser({ install }) {
  const found = await firstThatLaunches()
  if (found || !install || process.env.E2E_BROWSER) return found
  for (const attempt of [installFromPlaywright, installFromSystem]) {
    attempt()
    const installed = await firstThatLaunches()
    if (installed) return installed
  }
  return undefined
}

async function firstThatLaunches() {
  for (const executablePath of presentBrowsers()) {
    try {
      const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS, timeout: 30_000 })
      await browser.close()
      return executablePath
    } catch {
      // Installed, but a library is missing or it is another machine's: the next one may do.
    }
  }
  return undefined
}

function installFromPlaywright() {
  run([process.execPath, 'node_modules/@playwright/test/cli.js', 'install', 'chromium'])
}

/** By the distribution's package manager, when we are root or may be without being asked. */
function installFromSystem() {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (existsSync('/usr/bin/apt-get')) {
    run([...asRoot, 'apt-get', 'update', '-q'])
    run([...asRoot, 'apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium'])
  } else if (existsSync('/sbin/apk')) run([...asRoot, 'apk', 'add', '--no-cache', 'chromium'])
  else if (existsSync('/usr/bin/dnf')) run([...asRoot, 'dnf', 'install', '-y', 'chromium'])
}

/** @param {string[]} command */
function run([file = '', ...args]) {
  console.error(`No browser yet: ${[path.basename(file), ...args].join(' ')}`)
  spawnSync(file, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const browser = await findBrowser({ install: !process.argv.includes('--no-install') })
  if (!browser) console.error('No browser launches here: install Chromium or Chrome, or set E2E_BROWSER to one')
  else console.log(browser)
  process.exit(browser ? 0 : 1)
}
