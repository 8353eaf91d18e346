import { expect, test } from 'vitest'
import { isPlainText, isStorable } from './plain-text'

test('a text with a NUL or half a surrogate pair can’t be stored', () => {
  for (const text of ['', 'Ünï 👋', 'two\nlines', '\x07', '\u2028'])
    expect(isStorable(text), JSON.stringify(text)).toBe(true)
  for (const text of ['\0', 'a\0b', '\ud83d', 'a\udc4b']) expect(isStorable(text), JSON.stringify(text)).toBe(false)
})

test('a plain text is storable and has no control character', () => {
  for (const text of ['', 'Ünï 👋', '\u2028']) expect(isPlainText(text), JSON.stringify(text)).toBe(true)
  for (const text of ['\0', '\n', '\t', '\x07', '\x7f', '\x85', '\ud83d'])
    expect(isPlainText(text), JSON.stringify(text)).toBe(false)
})
