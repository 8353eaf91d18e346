import { describe, expect, it } from 'vitest'
import { exactTime, relativeTime } from './time-words'

const now = new Date('2026-11-20T10:12:30Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

describe('the words for a moment', () => {
  it.each([
    [0, 'just now'],
    [-4, 'just now'],
    [-59, '59 seconds ago'],
    [-61, '1 minute ago'],
    [-3599, '59 minutes ago'],
    [-86_400, 'yesterday'],
    [-3 * 86_400, '3 days ago'],
    [-40 * 86_400, 'last month'],
    [240, 'in 4 minutes'],
    [7300, 'in 2 hours'],
  ])('%d s from now is %j', (seconds, words) => {
    expect(relativeTime(later(seconds), now)).toBe(words)
  })

  it('give day, time and time zone when exact', () => {
    expect(exactTime(now, { timeZone: 'UTC' })).toBe('20 Nov 2026, 10:12:30 UTC')
    expect(exactTime(now, { timeZone: 'Asia/Kolkata', seconds: false })).toMatch(/^20 Nov 2026, 15:42 /)
  })
})
