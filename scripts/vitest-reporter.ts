import path from 'node:path'
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'
import { writeResult } from './test-results.mjs'

type Errors = readonly { message: string; stack?: string }[]

/** Writes each test's result for `npm test`. An error of a file or a hook outside its tests is a separate failure. */
export default class ResultsReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const file = path.relative('.', module.moduleId)
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result()
      const atSecond = test.diagnostic()?.flaky || undefined
      const result = { file, title: titleOf(test), atSecond, why: told(errors) }
      // Each attempt of these tries other cases: one that fails has found something.
      if (atSecond && file.includes('.property.')) writeResult({ ...result, state: 'failed' })
      else writeResult({ ...result, state: state === 'pending' ? 'skipped' : state })
    }
    const suites = [...module.children.allSuites()]
    const broken = told([...module.errors(), ...suites.flatMap((suite) => suite.errors())])
    if (broken) writeResult({ file, title: 'outside its tests', state: 'failed', why: broken })
  }

  onTestRunEnd(_: readonly TestModule[], unhandled: Errors): void {
    if (unhandled.length > 0)
      writeResult({ file: '', title: 'unhandled errors', state: 'failed', why: told(unhandled) })
  }
}

const titleOf = (test: TestCase | TestSuite): string =>
  test.parent.type === 'module' ? test.name : `${titleOf(test.parent)} › ${test.name}`

const told = (errors: Errors = []): string => errors.map(({ message, stack }) => stack ?? message).join('\n')
