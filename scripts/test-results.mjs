// @ts-check
import { appendFileSync, readFileSync } from 'node:fs'

// The result of each test, as one JSON object a line in the file that HEARBACK_TEST_RESULTS names. It is written by the
// reporters of vitest and Playwright, and by test files that lack something on this machine. `npm test` reads it.

/**
 * `file` is relative to the repository; it is '' for what is outside any file. `title` is a test's groups and its own
 * title, joined by ' › '. `why` is an error's message and stack, or the reason of a skip. `atSecond`: it passed at its second
 * attempt, and `why` is what failed at the first.
 * @typedef {{ file: string, title: string, state: 'passed' | 'failed' | 'skipped', atSecond?: boolean, why?: string }} TestResult
 */

/** Adds a result; does nothing outside `npm test`. @param {TestResult} result */
export function writeResult(result) {
  const file = process.env.HEARBACK_TEST_RESULTS
  if (file) appendFileSync(file, `${JSON.stringify(result)}\n`)
}

/** @param {string} file @returns {TestResult[]} */
export const readResults = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
