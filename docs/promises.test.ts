import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { nameOf, readPromises } from '@/scripts/promises.mjs'

// A quick look at the titles alone: `npm test` checks at its end that each named test ran and passed.

const folders = ['lib', 'e2e', 'scripts', 'components', 'app']
const files = new Map(
  folders
    .flatMap((folder) =>
      fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((at) => path.join(folder, at)),
    )
    .filter((file) => /\.(test|spec)\.tsx?$/.test(file))
    .map((file) => [nameOf(file), file] as const),
)

test.each(['docs/delivery.md', 'docs/security.md'])('every test that %s names is there', (document) => {
  const promises = readPromises([document])
  expect(promises.length).toBeGreaterThan(5)
  const missing = promises.filter(({ file, title }) => {
    const at = files.get(file)
    return !at || !fs.readFileSync(at, 'utf8').includes(title)
  })
  expect(missing.map(({ file, title }) => `${file} › ${title}`)).toEqual([])
})
