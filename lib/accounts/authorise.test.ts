import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

// Anyone who can send a POST can call every function that a file of server actions exports.

const app = path.resolve(import.meta.dirname, '../../app')
const files = readdirSync(app, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(app, name), 'utf8') }))
const actionFiles = files.filter(({ text }) => text.startsWith("'use server'"))

/** Each exported function and the first line of its body. */
const exportsOf = (text: string) =>
  [...text.matchAll(/^export (?:async )?function (\w+)[\s\S]*?\{\n\s*(.*)$/gm)].map(([, name, line]) => ({
    name,
    line,
  }))

describe('every server action', () => {
  it('is found by this test', () => {
    expect(actionFiles.length).toBeGreaterThan(3)
    for (const { text } of actionFiles) {
      // The next test sees every export.
      expect(text.match(/^export /gm)?.length).toBe(exportsOf(text).length)
    }
    const inline = files.filter(({ text }) => /^\s+['"]use server['"]/m.test(text)).map(({ name }) => name)
    expect(inline).toEqual([])
  })

  it.each(actionFiles.flatMap(({ name, text }) => exportsOf(text).map((found) => ({ file: name, ...found }))))(
    '$name in $file authorises in its first line',
    ({ line }) => {
      expect(line).toMatch(/await authorise(Visitor|Person)?\(/)
    },
  )
})

describe('every page of the settings', () => {
  it.each(files.filter(({ name }) => /^settings\/.*page\.tsx$/.test(name)))('$name authorises', ({ text }) => {
    expect(text).toMatch(/await authorise(\('(viewer|admin|owner)'|Person\()\)/)
  })
})
