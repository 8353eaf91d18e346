import { reasonWords } from '@/lib/calls/call-state'
import type { RangeCount } from '@/lib/recovery/count-range'
import type { MissedReason } from '@/lib/recovery/find-events'

const missed: Record<MissedReason, string> = {
  off: 'The WebHook was off when the event came in.',
  'registered-later': 'The WebHook was registered after the event came in.',
  'changed-later': 'Its rule, format or sources were changed after the event came in.',
}

export type CountLine = { key: string; day: number; kind: 'Failed' | 'Never sent'; why: string; n: number }

/** The lines of a count, the latest day first. */
export function countLines({ failed, missed: events }: RangeCount): CountLine[] {
  const lines = [
    ...failed.map((count) => ({ ...count, kind: 'Failed' as const, why: reasonWords(count.reason) })),
    ...events.map((count) => ({ ...count, kind: 'Never sent' as const, why: missed[count.reason] })),
  ]
  return lines
    .map(({ day, kind, why, n, reason }) => ({ key: `${day} ${kind} ${reason}`, day, kind, why, n }))
    .sort((a, b) => b.day - a.day)
}

export const sum = (counts: { n: number }[]): number => counts.reduce((total, { n }) => total + n, 0)

const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })

/** "Thu, 26 Nov". */
export const dayWords = (at: number): string => day.format(at)
