// @ts-check
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { register } from 'tsx/esm/api'
import { build, buildIsStale } from './build.mjs'

// npm start, npm run dev, npm run worker: builds when there is need, then becomes server.ts.

const { values: options } = parseArgs({
  options: {
    dev: { type: 'boolean', default: false },
    role: { type: 'string' },
    // For tests and images, which have built before.
    'no-build': { type: 'boolean', default: false },
  },
})

// Set before anything reads react or next, which decide by it what they are.
Object.assign(process.env, { NODE_ENV: options.dev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' })
if (options.role) process.env.HEARBACK_ROLE = options.role

const needsBuild = !options.dev && process.env.HEARBACK_ROLE !== 'worker'
if (needsBuild && !options['no-build'] && buildIsStale() && !build()) process.exit(1)
if (needsBuild && !existsSync('.next/BUILD_ID')) {
  console.error('There is no build yet: run npm run build first')
  process.exit(1)
}

register()
await import('../server.ts')
