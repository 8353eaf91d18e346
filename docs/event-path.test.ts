import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

// README › The path of an event: its files, from top to bottom, follow the imports.

const section =
  fs
    .readFileSync('README.md', 'utf8')
    .split('\n## ')
    .find((text) => text.startsWith('The path of an event')) ?? ''
const table =
  section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .join('\n')
    .split('| question |')[0] ?? ''
const files = [...table.matchAll(/\]\(([\w/.-]+\.ts)\)/g)].map(([, file = '']) => file)

/** The files of this repository that a file imports, types included. */
const importsOf = (file: string): string[] =>
  [...fs.readFileSync(file, 'utf8').matchAll(/ from '(\.{1,2}\/|@\/)([^']+)'/g)].map(
    ([, base = '', rest = '']) => `${base === '@/' ? rest : path.join(path.dirname(file), base, rest)}.ts`,
  )

test('the path of an event is at most 30 files', () => {
  expect(files[0]).toBe('server.ts')
  expect(files.at(-1)).toBe('lib/pipeline/queue/record.ts')
  expect(files.length).toBeLessThanOrEqual(30)
  expect(new Set(files).size).toBe(files.length)
})

test('each file of the path is imported by one above it', () => {
  const unreached = files.filter(
    (file, i) => i > 0 && !files.slice(0, i).some((above) => importsOf(above).includes(file)),
  )
  expect(unreached).toEqual([])
})

/** Used by several steps: the accounts' configuration, the table of formats, the name of the NOTIFY channel. */
const shared = new Set([
  'lib/pipeline/ingest/account-config.ts',
  'lib/formats/formats.ts',
  'lib/pipeline/queue/notify.ts',
])

test('no file of the path imports one above it, except for what several steps share', () => {
  const upwards = files.flatMap((file, i) =>
    importsOf(file)
      .filter((imported) => files.slice(0, i).includes(imported) && !shared.has(imported))
      .map((above) => `${file} imports ${above}`),
  )
  expect(upwards).toEqual([])
})

test('what several steps share imports no step', () => {
  const steps = [...shared].flatMap((file) =>
    importsOf(file).filter(
      (imported) => files.includes(imported) && !shared.has(imported) && !/formats/.test(imported),
    ),
  )
  expect(steps).toEqual([])
})
