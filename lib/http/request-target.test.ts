import { expect, test } from 'vitest'
import { isReadableTarget } from './request-target'

test.each(['/', '/settings/calls?search=caf%C3%A9+%25', '/a%20b?x=%F0%9F%98%80', '/_next/static/chunks/a.js'])(
  '%s is let in',
  (target) => expect(isReadableTarget(target)).toBe(true),
)

test.each([
  ['NUL', '/a?search=%00'],
  ['a byte that is no UTF-8', '/%ff'],
  ['half of a surrogate pair', '/a?search=%ED%A0%80'],
  ['an overlong encoding', '/a?b=%C0%80'],
  ['a broken percent-encoding', '/a?b=%zz'],
  ['bytes that are not encoded', '/caf\u00e9'],
])('%s is refused', (_, target) => expect(isReadableTarget(target)).toBe(false))
