import path from 'node:path'
import type { Reporter, Suite, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter'
import { writeResult } from './test-results.mjs'

/** Writes each browser test's result for `npm test`. A test in which no assertion ran is a failure. */
export default class ResultsReporter implements Reporter {
  #tests: TestCase[] = []

  onBegin(_: unknown, suite: Suite): void {
    this.#tests = suite.allTests()
  }

  onError(error: TestError): void {
    writeResult({ file: '', title: 'browser tests', state: 'failed', why: error.stack ?? error.message })
  }

  onEnd(): void {
    for (const test of this.#tests) {
      const [, , , ...titles] = test.titlePath()
      const at = { file: path.relative('.', test.location.file), title: titles.join(' › ') }
      const why = test.results.flatMap(({ errors }) => errors.map(({ stack, message }) => stack ?? message)).join('\n')
      if (test.outcome() === 'skipped') writeResult({ ...at, state: 'skipped' })
      else if (test.outcome() === 'unexpected') writeResult({ ...at, state: 'failed', why })
      else if (test.results.some(asserts))
        writeResult({ ...at, state: 'passed', ...(test.outcome() === 'flaky' && { atSecond: true, why }) })
      else writeResult({ ...at, state: 'failed', why: 'The test made no assertion.' })
    }
  }

  printsToStdio = () => false
}

/** Whether the test itself asserted something. Assertions of its hooks and fixtures do not count. */
const asserts = ({ steps }: TestResult) => steps.filter(({ category }) => category !== 'hook').some(isAssertion)
const isAssertion = ({ category, steps }: TestStep): boolean => category === 'expect' || steps.some(isAssertion)
