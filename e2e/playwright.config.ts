import { defineConfig } from '@playwright/test'
import { BROWSER_FLAGS, presentBrowsers } from '../scripts/browser.mjs'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  globalSetup: './fixtures/browser/browser-setup.ts',
  outputDir: 'results/playwright',
  reporter: [['list'], ['../scripts/playwright-reporter.ts']],
  workers: 2,
  // A second attempt is reported, and more than a few of them fail the run: scripts/test.mjs.
  retries: 1,
  timeout: 120_000,
  // A busy machine signs in slowly: the password is hashed on purpose.
  expect: { timeout: 20_000 },
  use: {
    browserName: 'chromium',
    // Without pictures, and not in CI: to film every test costs a third of the machine.
    trace: process.env.CI ? 'off' : { mode: 'retain-on-failure', screenshots: false, snapshots: true },
    launchOptions: { executablePath: presentBrowsers()[0], args: BROWSER_FLAGS },
  },
})
