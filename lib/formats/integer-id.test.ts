import fc from 'fast-check'
import { expect, test } from 'vitest'
import { integerId } from './integer-id'

// Hashes of 64 bits that the authors of FNV-1a publish.
test.each([
  ['', 0xcbf29ce484222325n],
  ['a', 0xaf63dc4c8601ec8cn],
  ['foobar', 0x85944171f73967e8n],
])('the id of %j is FNV-1a with its upper 12 bits folded into the lower 52', (text, hash) => {
  expect(BigInt(integerId(text))).toBe((hash >> 52n) ^ (hash & 0xfffffffffffffn))
})

test('the id is a safe JSON integer and the same each time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const id = integerId(text)
      expect(id >= 0 && id < 2 ** 52 && Number.isInteger(id)).toBe(true)
      expect(integerId(text)).toBe(id)
    }),
  )
})

test('a hundred thousand customers have a hundred thousand ids', () => {
  const ids = new Set(Array.from({ length: 100_000 }, (_, i) => integerId(`account email customer${i}@example.net`)))
  expect(ids.size).toBe(100_000)
})
