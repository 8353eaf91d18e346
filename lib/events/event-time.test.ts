import { expect, test } from 'vitest'
import { isBefore, toUtc } from './event-time'

test('a time is kept in UTC, to the microsecond where it was given so', () => {
  expect(
    [
      '2026-11-20T10:12:30Z',
      '2026-11-20T11:12:30.5+01:00',
      '2026-11-20T10:12:30.123Z',
      '2026-11-20T10:12:30.123000Z',
      '2026-11-20T11:12:30.1234+01:00',
      '2026-11-20T10:12:30.123456Z',
      '2026-11-20T10:12:30.9999999999Z',
      '0001-01-01T00:00:00.000001Z',
    ].map(toUtc),
  ).toEqual([
    '2026-11-20T10:12:30.000Z',
    '2026-11-20T10:12:30.500Z',
    '2026-11-20T10:12:30.123Z',
    '2026-11-20T10:12:30.123Z',
    '2026-11-20T10:12:30.123400Z',
    '2026-11-20T10:12:30.123456Z',
    '2026-11-20T10:12:30.999999Z',
    '0001-01-01T00:00:00.000001Z',
  ])
})

test('times are compared to the microsecond', () => {
  const rising = ['30Z', '30.000001Z', '30.12Z', '30.123Z', '30.123001Z', '30.1231Z', '30.999999Z', '31Z'].map((end) =>
    toUtc(`2026-11-20T10:12:${end}`),
  )
  for (const [i, one] of rising.entries())
    for (const [j, other] of rising.entries()) expect(isBefore(one, other), `${one} ${other}`).toBe(i < j)
})
