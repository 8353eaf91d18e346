import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

// docs/delivery.md and docs/security.md name a test beside each promise: `file › name`. Here a name that no longer
// stands in its file fails.

const root = path.resolve(import.meta.dirname, '..')

function findTests(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : findTests(at)
    return /\.(test|spec)\.tsx?$/.test(entry.name) ? [at] : []
  })
}

const files = new Map(
  ['lib', 'e2e', 'scripts', 'components'].flatMap((folder) =>
    findTests(path.join(root, folder)).map((at) => [path.basename(at).replace(/(\.test)?\.tsx?$/, ''), at] as const),
  ),
)

test.each(['delivery.md', 'security.md'])('every test that %s names is there', (document) => {
  const text = fs.readFileSync(path.join(root, 'docs', document), 'utf8').replaceAll(/\s+/g, ' ')
  const named = [...text.matchAll(/`([\w.-]+) › ([^`]+)`/g)]
  expect(named.length).toBeGreaterThan(5)
  const missing = named.filter(([, file = '', name = '']) => {
    const at = files.get(file)
    return !at || !fs.readFileSync(at, 'utf8').includes(name)
  })
  expect(missing.map(([, file, name]) => `${file} › ${name}`)).toEqual([])
})
