// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

// `npm run build`, and what npm start and npm test do only when the build is older than its sources.

const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'server.ts',
  'next.config.ts',
  'package.json',
  'package-lock.json',
]
const BUILD = '.next/BUILD_ID'
// Its content is the newest source's time when the build began: one that was saved meanwhile is newer than the build.
const STAMP = '.next/built-from'

/** @param {string} place @returns {number} the newest change below it; a folder's own time tells of deleted files */
function newest(place) {
  if (!existsSync(place) || /\.test\.tsx?$/.test(place)) return 0
  const stat = statSync(place)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(place).map((name) => newest(path.join(place, name))))
}

const newestSource = () => Math.max(...SOURCES.map(newest))

export function buildIsStale() {
  return !existsSync(BUILD) || !existsSync(STAMP) || newestSource() > Number(readFileSync(STAMP, 'utf8'))
}

/** Runs `next build`. @returns {boolean} whether it worked */
export function build() {
  const from = newestSource()
  const { status } = spawnSync(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (status === 0) writeFileSync(STAMP, String(from))
  return status === 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(build() ? 0 : 1)
