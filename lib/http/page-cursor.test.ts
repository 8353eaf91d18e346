import { expect, test } from 'vitest'
import { readNumber, readPageCursor } from './page-cursor'

test('an address names the page after a key or before one', () => {
  expect(readPageCursor({ after: '7' }, readNumber)).toEqual({ from: 7, backward: false })
  expect(readPageCursor({ before: '7' }, readNumber)).toEqual({ from: 7, backward: true })
})

test('an address whose key is none names the first page', () => {
  for (const address of [{}, { after: 'x' }, { after: '1234567890' }, { after: ['1', '2'] }, { before: '' }])
    expect(readPageCursor(address, readNumber)).toBeUndefined()
})

test('only a whole number of up to nine digits is a number in an address', () => {
  expect(['12', '0', '', '-1', '1.5', 'x', '9999999999'].map(readNumber)).toEqual([12, 0, ...Array(5).fill(undefined)])
})
