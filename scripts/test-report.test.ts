import { describe, expect, it } from 'vitest'
import { secondAttemptsAtMost, testReport } from './test-report.mjs'
import type { TestResult } from './test-results.mjs'

const passed: TestResult = { file: 'lib/a.test.ts', title: 'a › adds', state: 'passed' }
const again: TestResult = {
  ...passed,
  title: 'a › waits',
  atSecond: true,
  why: '\u001b[31mError: too late\u001b[39m\n  at a',
}
const failed: TestResult = { ...passed, title: 'a › breaks', state: 'failed', why: 'Error: 1 is not 2\n\n  at b' }
const skipped: TestResult = { file: '', title: 'browser tests', state: 'skipped', why: 'no browser launches' }
const quiet = { failedChecks: [], inCi: false }

describe('the end of npm test', () => {
  it('passes when every test passed', () => {
    expect(testReport([passed, passed], quiet)).toEqual({ lines: ['', '2 passed, 0 failed'], inOrder: true })
  })

  it('names a test that passed at its second attempt, with what failed at the first', () => {
    const { lines, inOrder } = testReport([passed, again], quiet)
    expect(lines).toEqual([
      '\npassed at the second attempt: lib/a.test.ts › a › waits\n    Error: too late',
      '',
      '2 passed, 0 failed',
    ])
    expect(inOrder).toBe(true)
  })

  it('fails when too many needed a second attempt', () => {
    const results = Array.from({ length: secondAttemptsAtMost + 1 }, () => again)
    const { lines, inOrder } = testReport(results, quiet)
    expect(lines).toContain('4 tests needed a second attempt: more than 3 fail the run.')
    expect(inOrder).toBe(false)
  })

  it('repeats a failure with its reason', () => {
    const { lines, inOrder } = testReport([passed, failed], quiet)
    expect(lines[0]).toBe('\n✗ lib/a.test.ts › a › breaks\n    Error: 1 is not 2\n      at b')
    expect(lines.at(-1)).toBe('1 passed, 1 failed')
    expect(inOrder).toBe(false)
  })

  it('fails when a check failed although each test passed', () => {
    const { lines, inOrder } = testReport([passed], { failedChecks: ['types'], inCi: false })
    expect(lines).toContain('failed: types')
    expect(inOrder).toBe(false)
  })

  it('fails under CI alone for what was not run', () => {
    expect(testReport([passed, skipped, skipped], quiet)).toEqual({
      lines: ['', 'not run: browser tests (no browser launches)', '1 passed, 0 failed'],
      inOrder: true,
    })
    const inCi = testReport([passed, skipped], { ...quiet, inCi: true })
    expect(inCi.lines).toContain('Under CI everything has to run.')
    expect(inCi.inOrder).toBe(false)
  })
})
