import path from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

const root = path.resolve(import.meta.dirname, '..')

const ofEach = {
  root,
  pool: 'forks' as const,
  setupFiles: ['e2e/fixtures/postgres/end-of-file.ts'],
  testTimeout: 60_000,
  hookTimeout: 40_000,
  teardownTimeout: 20_000,
  // A second attempt is reported, and more than a few of them fail the run: scripts/test.mjs.
  retry: 1,
}
/** These set variables of their process. */
const ownProcess = [
  'app/api/v1/serverless.test.ts',
  'lib/accounts/setup-code.test.ts',
  'lib/api/api.test.ts',
  'lib/api/contract.test.ts',
  'lib/api/quick-start.test.ts',
  'lib/calls/exact-request.test.ts',
  'lib/db/check-database.test.ts',
  'lib/people/people.test.ts',
  'lib/secrets/rotate-keys.test.ts',
  'lib/sources/source-webhook.test.ts',
  'lib/test-fires/test-fire-form.test.ts',
  'lib/test-fires/test-passes.test.ts',
]
const resolve = { alias: { '@': root } }

export default defineConfig({
  root,
  resolve,
  test: {
    globalSetup: ['e2e/fixtures/postgres/global-setup.ts'],
    // Real servers and databases: two files at once is what two cores carry.
    maxWorkers: 2,
    // A test that asserts nothing fails.
    expect: { requireAssertions: true },
    // A failure on another machine has to explain itself.
    chaiConfig: { truncateThreshold: 2_000 },
    reporters: ['default', path.join(root, 'scripts/vitest-reporter.ts')],
    projects: [
      {
        resolve,
        test: {
          ...ofEach,
          name: 'units',
          include: ['{lib,app,components,bench,scripts,docs}/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...ownProcess],
          // Files share the modules that a process has loaded: loading them for each file took a fifth of the time.
          isolate: false,
        },
      },
      { resolve, test: { ...ofEach, name: 'alone', include: ownProcess } },
      { resolve, test: { ...ofEach, name: 'pipeline', include: ['e2e/{fixtures,pipeline}/**/*.test.ts'] } },
    ],
  },
})
