import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { qrCode } from './qr-code'

const hashOf = (text: string) =>
  createHash('sha256')
    .update(
      qrCode(text)
        .map((row) => row.map(Number).join(''))
        .join('\n'),
    )
    .digest('hex')
    .slice(0, 16)

// OpenCV's decoder read each of these codes as the text it was made of.
it.each([
  ['version 1', 'hi', 21, 'c479624d5b62be58'],
  [
    'version 6',
    `otpauth://totp/Hearback:owner%40quay.example?secret=${'KRSXG5CT'.repeat(5)}&issuer=Hearback&digits=6&period=30`,
    41,
    '71e6c0caff9b722f',
  ],
  ['version 14, with blocks of two lengths', `otpauth://${'abc%40d'.repeat(60)}`, 73, '0e012b9a1590cba8'],
  ['version 20, the largest', 'x'.repeat(855), 97, '860b35be60fe3320'],
])('a QR code of %s is one that a decoder reads', (_, text, size, hash) => {
  expect(qrCode(text)).toHaveLength(size)
  expect(hashOf(text)).toBe(hash)
})

it('a text that is too long is refused', () => {
  expect(() => qrCode('x'.repeat(859))).toThrow(RangeError)
})
