import { expect, test } from 'vitest'
import { readMediaType } from './media-type'

test.each([
  ['application/json', 'application/json', true],
  ['Application/JSON; charset=UTF-8', 'application/json', true],
  ['application/json;charset="utf-8"', 'application/json', true],
  ['application/json ; charset=utf8', 'application/json', true],
  ['application/json; profile="a;charset=latin1"', 'application/json', true],
  ['application/x-ndjson; CHARSET=Utf-8', 'application/x-ndjson', true],
  ['application/json; charset=iso-8859-1', 'application/json', false],
  ['application/json; charset=us-ascii', 'application/json', false],
  ['application/json; charset=utf-16', 'application/json', false],
  ['application/json; charset=klingon', 'application/json', false],
  ['application/json; charset=""', 'application/json', false],
])('%s is read as %s, in UTF-8: %s', (header, type, utf8) => {
  expect(readMediaType(header)).toEqual({ type, utf8 })
})

test('a malformed Content-Type is none', () => {
  for (const header of [
    null,
    '',
    'json',
    'application/',
    '/json',
    'application/json charset=utf-8',
    'application/json; charset',
    'application/json; charset="utf-8',
  ])
    expect(readMediaType(header).type, String(header)).toBe('')
})
