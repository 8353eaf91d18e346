import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

// What tracked files refer to is in the repository: links in Markdown, and documents that comments name.

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter(Boolean)
const present = tracked.filter((file) => fs.existsSync(file))
const markdown = present.filter((file) => file.endsWith('.md'))
const text = present.filter((file) => !/\.(png|ico|woff2?|gz)$/.test(file))

/** The part of a heading's address that GitHub makes of it. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const headings = (file: string) =>
  [...fs.readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading))

/** Why a relative link of a Markdown file leads nowhere, or undefined. */
function broken(from: string, link: string): string | undefined {
  const [file = '', fragment] = link.split('#')
  const target = file === '' ? from : path.join(path.dirname(from), file)
  if (!fs.existsSync(target)) return `${from}: ${link}`
  if (fragment && target.endsWith('.md') && !headings(target).includes(fragment)) return `${from}: ${link}`
  return undefined
}

test('every relative link in Markdown resolves', () => {
  const links = markdown.flatMap((from) =>
    [...fs.readFileSync(from, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => [from, link] as const),
  )
  expect(links.length).toBeGreaterThan(20)
  expect(links.flatMap(([from, link]) => broken(from, link) ?? [])).toEqual([])
})

test('a link to a missing file or heading is found', () => {
  expect(broken('README.md', 'docs/nothing.md')).toBe('README.md: docs/nothing.md')
  expect(broken('README.md', 'docs/glossary.md#nothing')).toBe('README.md: docs/glossary.md#nothing')
  expect(broken('README.md', 'docs/glossary.md#the-product')).toBeUndefined()
})

const names = new Set(tracked.map((file) => path.basename(file)))
/** Documents that a line names and the repository does not have. */
const absent = (line: string) => [
  ...[...line.matchAll(/(?<![\w*<>/.…-])(?:[\w.-]+\/)*([\w.-]+\.md)\b/g)].flatMap(([whole, base = '']) =>
    names.has(base) ? [] : [whole],
  ),
  ...(line.match(/\bseed 0\d\d\b/gi) ?? []),
]

test('no tracked file names a Markdown document that is not in the repository', () => {
  const found = text.flatMap((file) =>
    // The last is a program of others, in one file.
    file === 'docs/references.test.ts' || file.startsWith('public/reference/')
      ? []
      : fs
          .readFileSync(file, 'utf8')
          .split('\n')
          .flatMap((line, i) => absent(line).map((name) => `${file}:${i + 1} ${name}`)),
  )
  expect(found).toEqual([])
})

test('a line that names an absent document is found', () => {
  expect(absent('// Kept as PLAN.md §2 and seed 001 say; see docs/delivery.md.')).toEqual(['PLAN.md', 'seed 001'])
})
