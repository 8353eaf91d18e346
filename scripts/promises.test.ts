import { expect, test } from 'vitest'
import { brokenPromises, namedIn } from './promises.mjs'
import type { TestResult } from './test-results.mjs'

const promises = namedIn(
  'docs/delivery.md',
  'Nothing is lost (`drain › keeps %s\nfor good`) and no page waits (`screens.spec › opens`).',
)
const opened = { file: 'e2e/screens.spec.ts', title: 'opens', state: 'passed' } as const
const kept = (
  what: string,
  state: TestResult['state'] = 'passed',
  file = 'e2e/pipeline/drain.test.ts',
): TestResult => ({
  file,
  title: `a drain › keeps ${what} for good`,
  state,
})

test('a promise is kept by a test that passed, and by each of its cases', () => {
  expect(brokenPromises(promises, [opened, kept('a row'), kept('a (second) row')])).toEqual([])
})

test.each([
  ['failed', [kept('a row'), kept('two rows', 'failed')], 'failed'],
  ['was skipped', [kept('a row'), kept('two rows', 'skipped')], 'was skipped'],
  ['has another title now', [{ ...kept('a row'), title: 'drops a row' }], 'was not run'],
  ['stands in another file', [kept('a row', 'passed', 'lib/lease.test.ts')], 'was not run'],
  ['was never there', [], 'was not run'],
])('a promise whose test %s is broken', (_, results, why) => {
  expect(brokenPromises(promises, [opened, ...results])).toEqual([
    `docs/delivery.md names \`drain › keeps %s for good\`, which ${why}`,
  ])
})
