import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DamagedSealError, fingerprints, readKeyRing, type SealPlace, seal, UnknownSealKeyError, unseal } from './seal'

const entry = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const ring = readKeyRing([entry('now'), entry('before')])
const old = { ...ring, active: 'before' }

const text = fc.string({ unit: 'grapheme' })
const place: fc.Arbitrary<SealPlace> = fc
  .tuple(fc.uuid(), fc.array(fc.oneof(fc.string(), fc.nat(100)), { maxLength: 4 }))
  .map(([account, rest]) => [account, ...rest])

test('a sealed text opens in its own place, whichever key of the ring sealed it', () => {
  fc.assert(
    fc.property(text, place, fc.constantFrom(ring, old), (text, place, by) => {
      const sealed = seal(text, place, by)
      expect(sealed).toMatch(/^v1\.(now|before)(\.[A-Za-z0-9_-]+){2}\.[A-Za-z0-9_-]*$/)
      expect(unseal(sealed, place, ring).reveal()).toBe(text)
    }),
  )
})

test('sealing the same text twice gives different bytes, and none shows the text', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{8,40}$/), place, (text, place) => {
      const sealed = seal(text, place, ring)
      expect(seal(text, place, ring)).not.toBe(sealed)
      for (const part of sealed.split('.')) expect(Buffer.from(part, 'base64url').toString()).not.toContain(text)
    }),
  )
})

test('a sealed text does not open in any other place', () => {
  fc.assert(
    fc.property(text, place, place, (text, here, there) => {
      fc.pre(JSON.stringify(here) !== JSON.stringify(there))
      expect(() => unseal(seal(text, here, ring), there, ring)).toThrow(DamagedSealError)
    }),
  )
  const [account, webhook] = ['a', 'w'].map((id) => id.repeat(8)) as [string, string]
  const sealed = seal('secret', [account, 'webhook_secrets', webhook, 1], ring)
  const moved: SealPlace[] = [
    ['another', 'webhook_secrets', webhook, 1],
    [account, 'webhook_versions', webhook, 1],
    [account, 'webhook_secrets', 'another', 1],
    [account, 'webhook_secrets', webhook, 2],
    [account, 'webhook_secrets', webhook, '1'],
    [account, 'webhook_secrets', `${webhook}1`],
    [account, 'webhook_secrets', webhook],
    [account, 'webhook_secrets', webhook, 1, ''],
  ]
  for (const place of moved) expect(() => unseal(sealed, place, ring)).toThrow(DamagedSealError)
})

test('a sealed text with one changed bit does not open', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), place, fc.constantFrom(2, 3, 4), fc.nat(), (text, place, part, at) => {
      const parts = seal(text, place, ring).split('.')
      const bytes = Buffer.from(parts[part] as string, 'base64url')
      const i = at % bytes.length
      bytes[i] = (bytes[i] as number) ^ (1 << (at % 8))
      parts[part] = bytes.toString('base64url')
      expect(() => unseal(parts.join('.'), place, ring)).toThrow(DamagedSealError)
    }),
  )
})

test('a text with a shorter tag or nonce, or without a seal, does not open', () => {
  const place: SealPlace = ['a', 'b']
  const parts = seal('secret', place, ring).split('.')
  const cut = (part: number, bytes: number) =>
    parts
      .map((text, i) => (i === part ? Buffer.from(text, 'base64url').subarray(0, bytes).toString('base64url') : text))
      .join('.')
  const swapped = parts.with(1, 'before').join('.')
  for (const bad of [
    cut(3, 12),
    cut(3, 4),
    cut(3, 0),
    cut(2, 8),
    cut(2, 0),
    cut(4, 0),
    swapped,
    '',
    'v1',
    'secret',
    parts.slice(0, 4).join('.'),
    parts.with(0, 'v2').join('.'),
  ])
    expect(() => unseal(bad, place, ring)).toThrow(DamagedSealError)
  fc.assert(
    fc.property(fc.string(), (bad) => {
      expect(() => unseal(bad, place, ring)).toThrow(DamagedSealError)
    }),
  )
})

test('a key that the ring lacks gives an error of its own, which names the key', () => {
  const sealed = seal('secret', ['a'], old)
  const error = (() => {
    try {
      return unseal(sealed, ['a'], readKeyRing([entry('now')]))
    } catch (error) {
      return error
    }
  })()
  expect(error).toBeInstanceOf(UnknownSealKeyError)
  expect(error).toMatchObject({ keyId: 'before' })
})

test('a key with the same name but other bytes counts as damage', () => {
  expect(() => unseal(seal('secret', ['a'], ring), ['a'], readKeyRing([entry('now')]))).toThrow(DamagedSealError)
})

test('an opened secret prints as [redacted] everywhere', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{12,40}$/), (text) => {
      const secret = unseal(seal(text, ['a'], ring), ['a'], ring)
      const { message } = new Error(`${secret}`)
      for (const printed of [
        String(secret),
        JSON.stringify({ secret }),
        inspect(secret),
        inspect({ a: [secret] }, { depth: 9, showHidden: true }),
        message,
      ])
        expect(printed).not.toContain(text)
    }),
  )
})

test('two fingerprints are equal only for the same text, purpose and key', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [active, earlier] = fingerprints(one, 'a purpose', ring)
      expect(fingerprints(one, 'a purpose', ring)).toEqual([active, earlier])
      expect(active).not.toEqual(earlier)
      expect(fingerprints(one, 'another purpose', ring)[0]).not.toEqual(active)
      if (one !== other) expect(fingerprints(other, 'a purpose', ring)[0]).not.toEqual(active)
      // A fingerprint made with an earlier key of the ring is still found.
      expect(fingerprints(one, 'a purpose', old)).toEqual([earlier, active])
    }),
  )
})
