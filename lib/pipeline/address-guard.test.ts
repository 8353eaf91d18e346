import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forbiddenRange, inRanges, readRanges } from './address-guard'

// Both ends of every forbidden range and the neighbours just outside it; then all of IPv4 against a second list.

const forbidden: [range: string, ...addresses: string[]][] = [
  ['unspecified', '0.0.0.0', '0.0.0.1', '0.255.255.255', '::'],
  ['private', '10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
  ['private', 'fc00::', 'fd12:3456::1', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['shared (CGNAT)', '100.64.0.0', '100.127.255.255'],
  ['loopback', '127.0.0.0', '127.0.0.1', '127.255.255.255', '::1'],
  [
    'link-local',
    '169.254.0.0',
    '169.254.169.254',
    '169.254.255.255',
    'fe80::',
    'fe80::1',
    'fe80::1%eth0',
    'febf:ffff::1',
  ],
  ['multicast', '224.0.0.0', '239.255.255.255', 'ff00::', 'ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '192.0.0.0', '192.0.0.8', '192.0.0.255', '192.88.99.0', '192.88.99.255'],
  ['reserved', '192.0.2.0', '192.0.2.255', '198.51.100.0', '198.51.100.255', '203.0.113.0', '203.0.113.255'],
  ['reserved', '198.18.0.0', '198.19.255.255', '240.0.0.0', '255.255.255.254', '168.63.129.16'],
  ['reserved', '::2', '::127.0.0.1', '::8.8.8.8', '1fff:ffff::1', '4000::', '5f00::1', 'fec0::1', 'fe00::1'],
  [
    'reserved',
    '100::',
    '100::ffff:ffff:ffff:ffff',
    '100:0:0:1::1',
    '2001:db8::',
    '2001:db8:ffff::1',
    '3fff::1',
    '3fff:fff:ffff::1',
  ],
  ['reserved', '2001:2::1', '2001:10::1', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['NAT64', '64:ff9b::', '64:ff9b::7f00:1', '64:ff9b::808:808'],
  ['6to4', '2002::', '2002:7f00:1::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['Teredo', '2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['loopback', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:127.0.0.1'],
  ['private', '::ffff:10.0.0.1', '::FFFF:C0A8:0001'],
  ['link-local', '::ffff:169.254.169.254'],
]

const allowed = [
  '1.0.0.0',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.15',
  '168.63.129.17',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '191.255.255.255',
  '192.0.1.0',
  '192.0.1.255',
  '192.0.3.0',
  '192.88.98.255',
  '192.88.100.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '198.51.99.255',
  '198.51.101.0',
  '203.0.112.255',
  '203.0.114.0',
  '223.255.255.255',
  '8.8.8.8',
  '93.184.215.14',
  '::ffff:8.8.8.8',
  '::ffff:808:808',
  '2001:200::',
  '2001:db7:ffff::1',
  '2001:db9::',
  '2001:4860:4860::8888',
  '2003::1',
  '2606:4700:4700::1111',
  '3ffe:ffff::1',
  '3fff:1000::1',
  '2a00::1',
]

describe('an address that may not be called', () => {
  const rows = forbidden.flatMap(([range, ...addresses]) => addresses.map((address) => [address, range] as const))
  test('is tried at both ends of each range, and beside it', () => {
    expect(rows.length + allowed.length).toBeGreaterThanOrEqual(60)
  })
  test.each(rows)('%s is %s', (address, range) => {
    expect(forbiddenRange(address)).toBe(range)
  })
})

test.each(allowed)('%s may be called', (address) => {
  expect(forbiddenRange(address)).toBeUndefined()
})

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
