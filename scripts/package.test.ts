import fs from 'node:fs'
import { expect, test } from 'vitest'

// package.json, its lock, and what documents say about them.

const read = (file: string) => fs.readFileSync(file, 'utf8')
const manifest = JSON.parse(read('package.json'))
type LockEntry = { version?: string; optionalDependencies?: Record<string, string> }
const locked: Record<string, LockEntry> = JSON.parse(read('package-lock.json')).packages

test('every dependency is pinned to one version, and the lock has that version', () => {
  const pinned = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies })
  const loose = pinned.filter(([name, version]) => locked[`node_modules/${name}`]?.version !== version)
  expect(pinned.length).toBeGreaterThan(20)
  expect(loose).toEqual([])
})

// When npm adds a package to an installed tree, it omits other platforms' binaries from the lock. `npm ci` then fails on
// those platforms.
test('the lock has every optional package of every platform', () => {
  const names = new Set(Object.keys(locked).map((at) => at.replace(/^.*node_modules\//, '')))
  const optional = Object.values(locked).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
  expect(optional.length).toBeGreaterThan(50)
  expect(optional.filter((name) => !names.has(name))).toEqual([])
})

test('README lists every script of package.json under Develop', () => {
  const develop =
    read('README.md')
      .split('\n## ')
      .find((section) => section.startsWith('Develop\n')) ?? ''
  const missing = Object.keys(manifest.scripts).filter(
    (name) => !develop.includes(`\`npm run ${name}\``) && !develop.includes(`\`npm ${name}\``),
  )
  expect(missing).toEqual([])
})

test('.nvmrc names a Node that package.json accepts', () => {
  expect(manifest.engines.node).toBe('>=20.19')
  expect(Number(read('.nvmrc'))).toBeGreaterThanOrEqual(20)
})
