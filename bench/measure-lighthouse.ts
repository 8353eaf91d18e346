import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { freePort } from '@/e2e/fixtures/processes/hub'
import { BROWSER_FLAGS, findBrowser } from '@/scripts/browser.mjs'
import type { Bench } from './bench'
import { hubWithHistory } from './histories'
import { installPackages } from './packages'
import { pagePaths } from './page-paths'
import { median, round } from './statistics'
import { printTable, show } from './table'
import { signIn, startWholeHub, stopWholeHubs } from './whole-hub'

// Lighthouse on every page of the app, signed in, with its desktop preset, in a local Chromium. The hub has some events and
// calls.

const calls = 20_000
const aim = 95
const categories = ['performance', 'accessibility', 'best-practices'] as const
type Category = (typeof categories)[number]

/** No page has this address. The 404 page is the empty page of the same build; Lighthouse itself refuses it. */
const emptyPath = '/no-such-page'

export type LighthouseFigures = {
  version: string
  runs: number
  /** Kilobytes of JavaScript of the empty page. */
  emptyScripts: number
  pages: {
    path: string
    /** Where the page led instead; undefined: nowhere. */
    redirected: string | undefined
    scores: Record<Category, number>
    /** Kilobytes of JavaScript that were transferred. */
    scripts: number
    layoutShift: number
    /** Audits that cost points, by their ids. */
    faults: string[]
  }[]
  left: string[]
}

type Audit = {
  id: string
  score: number | null
  numericValue?: number
  scoreDisplayMode: string
  details?: { items?: { resourceType?: string; transferSize?: number }[] }
}
type Report = {
  lighthouseVersion: string
  finalDisplayedUrl: string
  runtimeError?: { message: string }
  audits: Record<string, Audit>
  categories: Record<Category, { score: number | null; auditRefs: { id: string; weight: number }[] }>
}
type Lighthouse = (url: string, flags: object, config: object) => Promise<{ lhr: Report } | undefined>

export async function measureLighthouse(bench: Bench): Promise<LighthouseFigures> {
  const { runs } = bench.plan.lighthouse
  installPackages()
  const { lighthouse, desktop } = await importLighthouse()
  const database = await hubWithHistory(bench, calls)
  const hub = await startWholeHub(bench, database)
  const browser = await startBrowser()
  try {
    const sender = database.senders[0] as (typeof database.senders)[number]
    const cookie = (await signIn(hub, database, sender)).map(({ name, value }) => `${name}=${value}`).join('; ')
    const { paths, left } = await pagePaths(database.pool, sender)
    const flags = {
      port: browser.port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: categories,
      extraHeaders: { cookie },
      // Lighthouse would sign out otherwise.
      disableStorageReset: true,
    }
    const audit = async (page: string) => {
      const result = await lighthouse(hub.url + page, flags, desktop)
      if (!result || result.lhr.runtimeError) throw new Error(`${page}: ${result?.lhr.runtimeError?.message}`)
      return result.lhr
    }
    // The first page of a fresh browser and a fresh process is slower than any other.
    await audit('/settings/webhooks')
    const pages: LighthouseFigures['pages'] = []
    let version = ''
    for (const page of paths) {
      const reports: Report[] = []
      for (let i = 0; i < runs; i++) reports.push(await audit(page))
      version = (reports[0] as Report).lighthouseVersion
      pages.push(summary(page, reports))
      console.log(`${page}: ${categories.map((category) => pages.at(-1)?.scores[category]).join(', ')}`)
    }
    return { version, runs, emptyScripts: await scriptsOf(hub.url, emptyPath), pages, left }
  } finally {
    browser.stop()
    await stopWholeHubs()
  }
}

async function importLighthouse(): Promise<{ lighthouse: Lighthouse; desktop: object }> {
  const resolve = createRequire(path.resolve('bench/package.json')).resolve
  const load = (name: string) => import(pathToFileURL(resolve(name)).href)
  const { default: lighthouse, desktopConfig } = await load('lighthouse')
  return { lighthouse, desktop: desktopConfig }
}

/** A Chromium with a debugging port, which Lighthouse drives. */
async function startBrowser() {
  const executable = await findBrowser()
  if (!executable) throw new Error('no Chromium launches here: install one, or set E2E_BROWSER to its path')
  const port = await freePort()
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-bench-browser-'))
  const args = [`--remote-debugging-port=${port}`, `--user-data-dir=${profile}`, '--headless=new', ...BROWSER_FLAGS]
  // A group of its own: the executable may be a script that starts the browser.
  const browser = spawn(executable, [...args, 'about:blank'], { stdio: 'ignore', detached: true })
  const kill = () => void process.kill(-(browser.pid as number))
  process.once('exit', kill)
  const began = performance.now()
  while (!(await fetch(`http://127.0.0.1:${port}/json/version`).catch(() => undefined))) {
    if (browser.exitCode !== null || performance.now() - began > 30_000) throw new Error('Chromium did not start')
    await sleep(100)
  }
  return {
    port,
    stop() {
      process.off('exit', kill)
      browser.once('exit', () => fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))
      kill()
    },
  }
}

function summary(page: string, reports: Report[]): LighthouseFigures['pages'][number] {
  const of = (value: (report: Report) => number) => median(reports.map(value))
  const first = reports[0] as Report
  const scoreOf = (category: Category) => round(of((report) => (report.categories[category].score ?? Number.NaN) * 100))
  const final = new URL(first.finalDisplayedUrl).pathname
  const weighed = categories.flatMap((category) => first.categories[category].auditRefs)
  const faults = weighed.flatMap(({ id, weight }) => {
    const score = first.audits[id]?.score ?? 1
    return weight > 0 && score < 0.9 ? [id] : []
  })
  return {
    path: page,
    redirected: final === page ? undefined : final,
    scores: Object.fromEntries(categories.map((name) => [name, scoreOf(name)])) as Record<Category, number>,
    scripts: round(of(scriptKilobytes), 1),
    layoutShift: round(
      of((report) => report.audits['cumulative-layout-shift']?.numericValue ?? Number.NaN),
      3,
    ),
    faults: [...new Set(faults)],
  }
}

function scriptKilobytes(report: Report): number {
  const requests = report.audits['network-requests']?.details?.items ?? []
  const scripts = requests.filter(({ resourceType }) => resourceType === 'Script')
  return scripts.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0) / 1024
}

/** Kilobytes of the scripts that a page names, as they are transferred. */
async function scriptsOf(origin: string, page: string): Promise<number> {
  const html = await (await fetch(origin + page)).text()
  const scripts = new Set([...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src]) => src as string))
  let bytes = 0
  for (const src of scripts)
    bytes += await new Promise<number>((resolve, reject) => {
      const asked = http.get(origin + src, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
        let length = 0
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length
        })
        answer.on('end', () => resolve(length))
      })
      asked.on('error', reject)
    })
  return round(bytes / 1024, 1)
}

export function printLighthouse({ version, runs, emptyScripts, pages, left }: LighthouseFigures) {
  printTable(
    `Lighthouse ${version}, desktop preset, signed in (medians of ${runs}; the aim is ${aim})`,
    ['', 'Performance', 'Accessibility', 'Best Practices', 'JavaScript KB', 'over an empty page', 'layout shift', ''],
    pages.map(({ path: page, redirected, scores, scripts, layoutShift, faults }) => [
      page + (redirected ? ` → ${redirected}` : ''),
      ...categories.map((category) => show(scores[category]) + (scores[category] < aim ? ' ✗' : '')),
      show(scripts),
      show(round(scripts - emptyScripts, 1)),
      show(layoutShift),
      faults.join(' '),
    ]),
    left.map((route) => `not measured: ${route}`),
  )
}
