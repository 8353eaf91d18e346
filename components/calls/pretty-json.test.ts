import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prettyJson } from './pretty-json'

test('the result equals that of JSON.stringify with an indent', () => {
  fc.assert(
    fc.property(fc.oneof(fc.object(), fc.array(fc.jsonValue())), (value) => {
      const text = JSON.stringify(value)
      expect(prettyJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2))
    }),
  )
})

test('every token stays as it was written', () => {
  expect(prettyJson('{"n":9007199254740993,"e":1e400,"n":1.0, "s":"a, {b}: \\"c\\""}')).toBe(
    '{\n  "n": 9007199254740993,\n  "e": 1e400,\n  "n": 1.0,\n  "s": "a, {b}: \\"c\\""\n}',
  )
})

test('text that is no JSON object or array gives undefined', () => {
  for (const text of ['', 'ok', '<html>', '{"cut": tr', '"text"']) expect(prettyJson(text)).toBeUndefined()
})
