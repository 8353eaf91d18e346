// @ts-check
import { stripVTControlCharacters } from 'node:util'

/** A busy machine can make a test fail that is right. Each is named, and is worth a look. */
export const secondAttemptsAtMost = 3

/** How many lines of a failure's reason are shown. */
const linesOfWhy = 16

/** @typedef {import('./test-results.mjs').TestResult} TestResult */

/**
 * The end of `npm test`: the failures again with the first lines of their reasons, then what passed at its second attempt,
 * then what was not run, then the closing line. `inOrder` is whether the run passed.
 * @param {readonly TestResult[]} results
 * @param {{ failedChecks: readonly string[], inCi: boolean }} run
 * @returns {{ lines: string[], inOrder: boolean }}
 */
export function testReport(results, { failedChecks, inCi }) {
  const failed = results.filter(({ state }) => state === 'failed')
  const passed = results.filter(({ state }) => state === 'passed')
  const again = passed.filter(({ atSecond }) => atSecond)
  const tooMany = again.length > secondAttemptsAtMost
  const notRun = [...new Set(results.filter(({ state }) => state === 'skipped').map(skip))]
  const lines = [
    ...failed.map((result) => `\n✗ ${[name(result), ...linesOf(result.why).slice(0, linesOfWhy)].join('\n    ')}`),
    ...again.map((result) => `\npassed at the second attempt: ${name(result)}\n    ${linesOf(result.why)[0] ?? ''}`),
    '',
    ...when(failedChecks.length > 0, `failed: ${failedChecks.join(', ')}`),
    ...when(tooMany, `${again.length} tests needed a second attempt: more than ${secondAttemptsAtMost} fail the run.`),
    ...notRun.map((line) => `not run: ${line}`),
    ...when(inCi && notRun.length > 0, 'Under CI everything has to run.'),
    `${passed.length} passed, ${failed.length} failed`,
  ]
  const inOrder = failedChecks.length + failed.length === 0 && !tooMany && !(inCi && notRun.length > 0)
  return { lines, inOrder }
}

/** @param {TestResult} result */
const name = ({ file, title }) => [file, title].filter(Boolean).join(' › ')

/** @param {TestResult} result */
const skip = (result) => name(result) + (result.why ? ` (${result.why})` : '')

const linesOf = (why = '') =>
  stripVTControlCharacters(why)
    .split('\n')
    .filter((line) => line.trim())

/** @param {boolean} condition @param {string} line */
const when = (condition, line) => (condition ? [line] : [])
