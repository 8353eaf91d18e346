import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forbiddenRange, inRanges, readRanges } from './address-guard'

// What is no address, and all of IPv4 and IPv6 against a second list. The table of addresses is target-table.test.ts.

test.each([
  '',
  'localhost',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.0.0.1.',
  '[::1]',
  '1.2.3.4/8',
  '256.1.1.1',
  ':::1',
  '127.0.0.1 ',
  '１２７.0.0.1',
])('"%s" is no address, and refused', (text) => {
  expect(forbiddenRange(text)).toBe('not an address')
  expect(inRanges(text, readRanges(['0.0.0.0/0', '::/0']))).toBe(false)
})

const dotted = (number: number) => [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.')

/** IANA's special-purpose IPv4 registry and Azure's 168.63.129.16, as first number and size. */
const special: [first: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
const ranges = special.map(([first, bits]) => {
  const start = first.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return [start, start + 2 ** (32 - bits) - 1] as const
})
/** Any IPv4 address, half of them within two of an end of a range. */
const ipv4 = fc.oneof(
  fc.nat(0xffffffff),
  fc
    .tuple(fc.constantFrom(...ranges.flat()), fc.integer({ min: -2, max: 2 }))
    .map(([end, step]) => Math.min(Math.max(end + step, 0), 0xffffffff)),
)

test('of all IPv4 addresses exactly the special-purpose ones are refused, however they are wrapped', () => {
  fc.assert(
    fc.property(ipv4, (number) => {
      const address = dotted(number)
      const expected = ranges.some(([first, last]) => number >= first && number <= last)
      expect(forbiddenRange(address) !== undefined).toBe(expected)
      expect(forbiddenRange(`::ffff:${address}`)).toBe(forbiddenRange(address))
      for (const wrapped of [`::${address}`, `64:ff9b::${address}`, `64:ff9b:1::${address}`])
        expect(forbiddenRange(wrapped)).toBeDefined()
      const hex = number.toString(16).padStart(8, '0')
      expect(forbiddenRange(`2002:${hex.slice(0, 4)}:${hex.slice(4)}::1`)).toBe('6to4')
    }),
    { numRuns: 1_000 },
  )
})

test('no IPv6 address outside 2000::/3 is let through', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
      const address = groups.map((group) => group.toString(16)).join(':')
      const mapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535'
      if ((groups[0] as number) >> 13 !== 1 && !mapped) expect(forbiddenRange(address)).toBeDefined()
    }),
    { numRuns: 2_000 },
  )
})

test('what the operator allows is judged by the address, mapped or not', () => {
  const ranges = readRanges(['10.1.0.0/16', 'fd00::/8'])
  for (const address of ['10.1.0.0', '10.1.255.255', '::ffff:10.1.2.3', 'fd12::1'])
    expect(inRanges(address, ranges)).toBe(true)
  for (const address of ['10.0.255.255', '10.2.0.0', '::ffff:10.2.0.0', 'fc00::1', '::10.1.2.3'])
    expect(inRanges(address, ranges)).toBe(false)
})
