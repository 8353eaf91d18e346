import fs from 'node:fs'
import { expect, test } from 'vitest'
import { isAllowed, noticeLicences, productionPackages } from './licences'

const packages = productionPackages(JSON.parse(fs.readFileSync('package-lock.json', 'utf8')))

test('every production dependency, on every platform, has a licence that Apache-2.0 software may use', () => {
  expect(packages.length).toBeGreaterThan(50)
  expect(packages.filter((one) => !isAllowed(one))).toEqual([])
})

test.each([
  ['GPL-3.0-only', false],
  ['AGPL-3.0-or-later', false],
  ['BUSL-1.1', false],
  ['LGPL-3.0-or-later', false],
  ['MIT AND GPL-2.0-only', false],
  ['UNLICENSED', false],
  [undefined, false],
  ['MIT', true],
  ['GPL-2.0-only OR MIT', true],
])('a package under %s is allowed: %s', (licence, expected) => {
  expect(isAllowed({ name: 'planted', licence })).toBe(expected)
})

test('NOTICE names every package whose licence asks for a notice', () => {
  const notice = fs.readFileSync('NOTICE', 'utf8')
  const patterns = [...notice.matchAll(/@?[\w-]+\/[\w-]+-\*|[@\w/-]+/g)].map(([name]) => name)
  const isNamed = (name: string) =>
    patterns.some((named) =>
      named.endsWith('*') ? name.startsWith(named.slice(0, -1)) : name === named || name.startsWith(`${named}-`),
    )
  const due = packages.filter(({ licence = '' }) => noticeLicences.test(licence)).map(({ name }) => name)
  expect(due.filter((name) => !isNamed(name))).toEqual([])
})

test('LICENSE is the Apache License 2.0, and package.json says so', () => {
  expect(fs.readFileSync('LICENSE', 'utf8')).toContain(
    'Apache License\n                           Version 2.0, January 2004',
  )
  expect(JSON.parse(fs.readFileSync('package.json', 'utf8')).license).toBe('Apache-2.0')
})
