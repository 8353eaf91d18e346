// @ts-check
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { findBrowser } from './browser.mjs'
import { build, buildIsStale } from './build.mjs'

// npm test: every check there is, one after the other. A failure does not stop the rest, so that one run tells all.
//   npm test -- --no-install     uses a browser that is here, or none

const RESULTS = 'e2e/results'
const REPORTS = {
  vitest: `${RESULTS}/vitest.json`,
  model: `${RESULTS}/model.json`,
  playwright: `${RESULTS}/playwright.json`,
}
/** Ten thousand histories take minutes of what the other checks leave of the machine. */
const MODEL = 'e2e/pipeline/model.property.test.ts'
const MODEL_LOG = `${RESULTS}/model.log`
const NOT_RUN = `${RESULTS}/not-run.txt`

const inCi = ['1', 'true'].includes(process.env.CI ?? '')
/** @type {string[]} */
const failed = []
/** @type {string[]} */
const notRun = []

mkdirSync(RESULTS, { recursive: true })
for (const file of Object.values(REPORTS)) rmSync(file, { force: true })
writeFileSync(NOT_RUN, '')
const environment = {
  ...process.env,
  HEARBACK_TEST_NOT_RUN: `${process.cwd()}/${NOT_RUN}`,
  NEXT_TELEMETRY_DISABLED: '1',
}

/** @param {string} name @param {() => boolean} work */
function check(name, work) {
  console.log(`\n── ${name}`)
  if (!work()) failed.push(name)
}

/** @param {string} tool @param {string[]} args @param {Record<string, string>} more */
const run = (tool, args, more = {}) =>
  spawnSync(`node_modules/.bin/${tool}`, args, { stdio: 'inherit', env: { ...environment, ...more } }).status === 0

const model = startModel()
check('biome', () => run('biome', ['check', '.']))
check('types', () => run('next', ['typegen']) && run('tsc', ['--noEmit']))
check('vitest', () => run('vitest', [...vitest(REPORTS.vitest), '--exclude', MODEL]))
check('next build', () => !buildIsStale() || build())
const browser = await findBrowser({ install: !process.argv.includes('--no-install') })
if (failed.includes('next build')) notRun.push('browser tests (next build failed)')
else if (!browser) notRun.push('browser tests (no Chromium or Chrome launches here)')
else
  check('playwright', () =>
    run('playwright', ['test', '--config', 'e2e/playwright.config.ts'], {
      E2E_BROWSER: browser,
    }),
  )

const modelHeld = await model
check('model', () => {
  console.log(readFileSync(MODEL_LOG, 'utf8'))
  return modelHeld
})

/** @param {string} report */
function vitest(report) {
  const output = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return ['run', '--config', 'e2e/vitest.config.ts', ...output]
}

/** Beside all other checks, with a PostgreSQL of its own, and behind them wherever they want the machine. */
async function startModel() {
  const log = openSync(MODEL_LOG, 'w')
  const child = spawn('node_modules/.bin/vitest', [...vitest(REPORTS.model), MODEL], {
    stdio: ['ignore', log, log],
    env: { ...environment, HEARBACK_MODEL_HISTORIES: '10000' },
  })
  const exited = once(child, 'exit')
  if (child.pid) os.setPriority(child.pid, 10)
  return (await exited)[0] === 0
}

/** @param {string} file @returns {any} */
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

/** @typedef {{ status: string, fullName: string, failureMessages?: string[] }} TestResult */
/** @typedef {{ status: string, message: string, name: string, assertionResults: TestResult[] }} TestFile */
/** @typedef {{ title: string, file: string, ok: boolean, tests: { results: { error?: { message: string } }[] }[] }} Spec */
/** @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite */

/** What failed is said once more below the runners' own pages, with the first lines of why. @type {string[]} */
const failures = []
/** @param {string} file @param {string} name @param {string} why */
function tell(file, name, why) {
  const lines = stripVTControlCharacters(why)
    .split('\n')
    .filter((line) => line.trim())
  failures.push([`${path.relative('.', file)} › ${name}`, ...lines.slice(0, 6)].join('\n    '))
}

/** @param {string} file */
function vitestCounts(file) {
  const report = read(file)
  if (!report) return { passed: 0, failed: 0 }
  /** @type {TestFile[]} */
  const files = report.testResults
  for (const { name, assertionResults } of files)
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed') tell(name, fullName, failureMessages?.join('\n') ?? '')
      else if (status !== 'passed') notRun.push(`${fullName} (${status})`)
  // A file that broke before its first test has no failed test of its own.
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
  )
  for (const { name, message } of broken) tell(name, 'the file itself', message)
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

function playwrightCounts() {
  const report = read(REPORTS.playwright)
  if (!report) return { passed: 0, failed: 0 }
  const { expected, flaky, unexpected, skipped } = report.stats
  if (skipped) notRun.push(`${skipped} browser tests (skipped)`)
  /** @type {Suite[]} */
  const suites = report.suites
  for (const { file, title, ok, tests } of suites.flatMap(specsOf)) {
    const errors = tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? ''))
    if (!ok) tell(`e2e/${file}`, title, errors.join('\n'))
  }
  return { passed: expected, failed: unexpected + flaky + report.errors.length }
}

/** @param {Suite} suite @returns {Spec[]} */
const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)]

const counts = [vitestCounts(REPORTS.vitest), vitestCounts(REPORTS.model), playwrightCounts()]
notRun.push(...readFileSync(NOT_RUN, 'utf8').split('\n').filter(Boolean))

for (const failure of failures) console.log(`\n✗ ${failure}`)
console.log('')
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
for (const line of new Set(notRun)) console.log(`not run: ${line}`)
if (inCi && notRun.length > 0) console.log('Under CI everything has to run.')
const sum = (/** @type {'passed' | 'failed'} */ key) => counts.reduce((total, count) => total + count[key], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exit(failed.length > 0 || sum('failed') > 0 || (inCi && notRun.length > 0) ? 1 : 0)
