import { expect, test } from 'vitest'
import { localInput, rangeOf } from './time-ranges'

const noon = new Date(2026, 10, 27, 12, 20, 30)

test('yesterday is the whole day before, in the reader’s time zone', () => {
  const { since, until } = rangeOf('yesterday', noon)
  expect([new Date(since), new Date(until)]).toEqual([new Date(2026, 10, 26), new Date(2026, 10, 27)])
})

test('a week begins at midnight seven days ago and ends now', () => {
  const { since, until } = rangeOf('week', noon)
  expect([new Date(since), until]).toEqual([new Date(2026, 10, 20), noon.getTime()])
})

test('a moment is shown to an input in the reader’s time zone, to the minute', () => {
  expect(localInput(noon.getTime())).toBe('2026-11-27T12:20')
})
