import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRetryAfter } from '../deliver/retry-after'
import { nextStep, receiverAsked, retrySchedule } from './retry'

const second = 1000
const day = 24 * 3600
/** In [0, 1), as Math.random gives it. */
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const failed = { failure: 'status', retryAfterSeconds: null }

describe('the schedule', () => {
  const waits = ['5 s', '5 min', '30 min', '2 h', '5 h', '10 h', '14 h', '20 h', '24 h']
  const seconds = { s: 1, min: 60, h: 3600 }
  const inWords = waits.map((wait) => {
    const [number, unit] = wait.split(' ') as [string, keyof typeof seconds]
    return Number(number) * seconds[unit]
  })

  test('is the one of docs/delivery.md', () => expect(retrySchedule).toEqual(inWords))

  test('spreads each wait by at most 20 % to either side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), random, (attempt, random) => {
        const step = nextStep(failed, attempt, 9, random)
        const wait = (inWords[attempt - 1] as number) * second
        expect(step.kind).toBe('retry')
        const { delayMs } = step as { delayMs: number }
        expect(delayMs).toBeGreaterThanOrEqual(wait * 0.8)
        expect(delayMs).toBeLessThanOrEqual(wait * 1.2)
      }),
    )
  })

  test('uses the whole spread', () => {
    const delay = (random: number) => (nextStep(failed, 1, 9, random) as { delayMs: number }).delayMs
    expect([0, 0.5, 1 - Number.EPSILON].map((random) => Math.round(delay(random)))).toEqual([4000, 5000, 6000])
  })

  test('ends as exhausted after exactly one call more than there are retries', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        random,
        (retries, attempt, random) => {
          expect(nextStep(failed, attempt, retries, random).kind).toBe(attempt <= retries ? 'retry' : 'exhausted')
        },
      ),
    )
  })

  test('a success is delivered, whatever the attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 9 }),
        random,
        (attempt, retries, random) => {
          expect(nextStep({ failure: null, retryAfterSeconds: 7 }, attempt, retries, random)).toEqual({
            kind: 'delivered',
          })
        },
      ),
    )
  })

  test('never comes before Retry-After, nor before the schedule', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: day }), random, (attempt, wait, random) => {
        const plain = nextStep(failed, attempt, 9, random) as { delayMs: number }
        const ordered = nextStep({ ...failed, retryAfterSeconds: wait }, attempt, 9, random) as { delayMs: number }
        expect(ordered.delayMs).toBe(Math.max(plain.delayMs, wait * second))
      }),
    )
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T10:12:30.400Z')
  const at = (ms: number) => new Date(ms).toUTCString()

  test('in seconds is taken as it is, up to 24 h', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (seconds) => {
        const expected = seconds === 0n ? null : seconds > 86_400n ? day : Number(seconds)
        expect(parseRetryAfter(String(seconds), now)).toBe(expected)
        expect(parseRetryAfter(`00${seconds}`, now)).toBe(expected)
      }),
    )
    expect([86_399, 86_400, 86_401].map((seconds) => parseRetryAfter(String(seconds), now))).toEqual([86_399, day, day])
  })

  test('as a date is the wait until then, rounded up, up to 24 h', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (seconds) => {
        const then = Math.floor(now / second) * second + seconds * second
        const wait = Math.ceil((then - now) / second)
        expect(parseRetryAfter(at(then), now)).toBe(wait > 0 ? Math.min(wait, day) : null)
      }),
    )
  })

  test.each([
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '1 s',
    '1, 2',
    '١٢',
    'soon',
    'Infinity',
    'NaN',
    '2026-11-20T11:00:00Z',
    'Fri, 20 Nov 2026 11:00:00',
    'Fri, 20 Nov 2026 11:00:00 UTC',
    'Fri, 20 Nov 2026 11:00:00 +0000',
    'Fri, 20 Nov 26 11:00:00 GMT',
    'Friday, 20-Nov-26 11:00:00 GMT',
    'Fri Nov 20 11:00:00 2026',
    'fri, 20 nov 2026 11:00:00 gmt',
    'Sat, 20 Nov 2026 11:00:00 GMT',
    'Mon, 30 Feb 2027 11:00:00 GMT',
    'Sat, 31 Nov 2026 11:00:00 GMT',
    'Fri, 20 Nov 2026 24:00:00 GMT',
    'Fri, 20 Nov 2026 11:60:00 GMT',
    ' Fri, 20 Nov 2026 11:00:00 GMT',
  ])('that is neither is as if it were not there: "%s"', (text) => expect(parseRetryAfter(text, now)).toBeNull())

  test('of any text is a whole number of seconds in 24 h, or nothing', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    )
    fc.assert(
      fc.property(text, (text) => {
        const wait = parseRetryAfter(text, now)
        if (wait === null) return
        expect(Number.isInteger(wait) && wait >= 1 && wait <= day).toBe(true)
      }),
      { numRuns: 1_000 },
    )
    expect(parseRetryAfter(undefined, now)).toBeNull()
  })
})

test('an answer that asks for the end of its message ends it, unless it is a success', () => {
  const answer = { failure: 'status', retryAfterSeconds: 60, asked: 'abort-message' as const }
  for (const attempt of [1, 10]) expect(nextStep(answer, attempt, 9, 0.5)).toEqual(receiverAsked)
  expect(nextStep({ ...answer, failure: null }, 1, 9, 0.5)).toEqual({ kind: 'delivered' })
  expect(nextStep({ ...answer, asked: 'disable' }, 1, 9, 0.5).kind).toBe('retry')
})
