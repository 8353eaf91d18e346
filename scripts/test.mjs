// @ts-check
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findBrowser } from './browser.mjs'
import { buildAll } from './build.mjs'
import { brokenPromises, readPromises } from './promises.mjs'
import { testReport } from './test-report.mjs'
import { readResults, writeResult } from './test-results.mjs'

// npm test: runs every check. A failure does not stop the rest, so that one run reports all failures.
// npm run test:quick: types, lint and the tests beside their sources. No browser, no build, nothing of e2e/.

const quick = process.argv.includes('--quick')
const inCi = ['1', 'true'].includes(process.env.CI ?? '')

const RESULTS = path.resolve('e2e/results/tests.ndjson')
/** Its histories take minutes, and each run makes others. */
const MODEL = 'e2e/pipeline/model.property.test.ts'

mkdirSync(path.dirname(RESULTS), { recursive: true })
writeFileSync(RESULTS, '')
Object.assign(process.env, { HEARBACK_TEST_RESULTS: RESULTS, NEXT_TELEMETRY_DISABLED: '1' })

/** @type {string[]} */
const failedChecks = []

/** @param {string} name @param {() => boolean | Promise<boolean>} work */
async function check(name, work) {
  console.log(`\n── ${name}`)
  const start = performance.now()
  if (!(await work())) failedChecks.push(name)
  console.log(`── ${name}: ${Math.round((performance.now() - start) / 1000)} s`)
}

/** @param {string} tool @param {string[]} args */
const run = (tool, ...args) => spawnSync(`node_modules/.bin/${tool}`, args, { stdio: 'inherit' }).status === 0
const vitest = ['run', '--config', 'e2e/vitest.config.ts']
/** The projects of tests that stand beside their sources. */
const UNITS = ['--project', 'units', '--project', 'alone']

const besides = quick
  ? []
  : [runBeside('units', UNITS), runBeside('model', [MODEL], { HEARBACK_MODEL_HISTORIES: '400', ...process.env })]
await check('biome', () => run('biome', 'check', '.'))
await check('types', () => run('next', 'typegen') && run('tsc', '--noEmit'))
if (quick) await check('units', () => run('vitest', ...vitest, ...UNITS))
else {
  await check('build', buildAll)
  await check('pipeline', () => run('vitest', ...vitest, '--project', 'pipeline', '--exclude', MODEL))
  for (const { name, ended } of besides) await check(name, ended)
  await testInBrowser()
  await check('promises', promisesAreKept)
  await check(
    'speed',
    () => spawnSync(process.execPath, ['--import', 'tsx', 'bench/gate.ts'], { stdio: 'inherit' }).status === 0,
  )
}
const { lines, inOrder } = testReport(readResults(RESULTS), { failedChecks, inCi })
for (const line of lines) console.log(line)
process.exit(inOrder ? 0 : 1)

async function testInBrowser() {
  const browser = await findBrowser()
  const missing = failedChecks.includes('build')
    ? 'the build failed'
    : 'no browser launches: apt-get install chromium, or npx playwright install chromium'
  if (!browser || failedChecks.includes('build'))
    return writeResult({ file: '', title: 'browser tests', state: 'skipped', why: missing })
  process.env.E2E_BROWSER = browser
  await check('playwright', () => run('playwright', 'test', '--config', 'e2e/playwright.config.ts'))
}

/**
 * Runs tests beside all other checks at a low priority, with a PostgreSQL of their own: the tests of processes mostly wait.
 * Their output is shown when it is their turn.
 * @param {string} name @param {string[]} which @param {NodeJS.ProcessEnv} [env]
 */
function runBeside(name, which, env = process.env) {
  const place = `e2e/results/${name}.log`
  const log = openSync(place, 'w')
  const child = spawn('node_modules/.bin/vitest', [...vitest, ...which], { stdio: ['ignore', log, log], env })
  if (child.pid) os.setPriority(child.pid, 10)
  const exited = once(child, 'exit')
  const ended = async () => {
    const [code] = await exited
    console.log(readFileSync(place, 'utf8'))
    return code === 0
  }
  return { name, ended }
}

/** Checks that each promise of docs/ names a test that passed in this run. */
function promisesAreKept() {
  const broken = brokenPromises(readPromises(), readResults(RESULTS))
  for (const why of broken) writeResult({ file: 'docs', title: 'a promise', state: 'failed', why })
  return broken.length === 0
}
