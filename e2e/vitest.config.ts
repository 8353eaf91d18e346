import path from 'node:path'
import { defineConfig } from 'vitest/config'

const root = path.resolve(import.meta.dirname, '..')

export default defineConfig({
  root,
  resolve: { alias: { '@': root } },
  test: {
    include: ['{lib,app,components,bench,scripts,docs}/**/*.test.{ts,tsx}', 'e2e/{fixtures,pipeline}/**/*.test.ts'],
    globalSetup: ['e2e/fixtures/postgres/global-setup.ts'],
    setupFiles: ['e2e/fixtures/postgres/end-of-file.ts'],
    // Real servers and databases: two files at once is what two cores carry.
    pool: 'forks',
    maxWorkers: 2,
    // A test that asserts nothing fails.
    expect: { requireAssertions: true },
    reporters: ['default', path.join(root, 'scripts/vitest-reporter.ts')],
    testTimeout: 60_000,
    hookTimeout: 40_000,
    teardownTimeout: 20_000,
  },
})
