// @ts-check
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll, compileProcesses } from './build.mjs'

// npm start, npm run dev, npm run worker: builds when needed, then runs the compiled server.ts in this process.

const { values: options } = parseArgs({
  options: {
    dev: { type: 'boolean', default: false },
    role: { type: 'string' },
    // Set by tests and images, which have built already.
    'no-build': { type: 'boolean', default: false },
  },
})

// Set before react and next are loaded: each chooses its development or production build by it.
Object.assign(process.env, { NODE_ENV: options.dev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' })
if (options.role) process.env.HEARBACK_ROLE = options.role

const needsPages = !options.dev && process.env.HEARBACK_ROLE !== 'worker'
if (options['no-build']) {
  const missing = !existsSync('dist/server.mjs') || (needsPages && !existsSync('.next/BUILD_ID'))
  if (missing) {
    console.error('There is no build yet: run npm run build first')
    process.exit(1)
  }
} else if (!needsPages) await compileProcesses()
else if (!(await buildAll())) process.exit(1)

await import(path.resolve('dist/server.mjs'))
