/** The time ranges that a person chooses from, in the reader's time zone. Pure. */
export const rangeKeys = ['hour', 'today', 'yesterday', 'week', 'own'] as const
export type RangeKey = (typeof rangeKeys)[number]

export const rangeWords: Record<RangeKey, string> = {
  hour: 'Last hour',
  today: 'Today',
  yesterday: 'Yesterday',
  week: 'Last 7 days',
  own: 'Other',
}

/** Unix milliseconds: from `since`, before `until`. */
export type TimeRange = { since: number; until: number }

export function rangeOf(key: Exclude<RangeKey, 'own'>, now: Date): TimeRange {
  const midnight = (daysAgo: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).getTime()
  switch (key) {
    case 'hour':
      return { since: now.getTime() - 3_600_000, until: now.getTime() }
    case 'today':
      return { since: midnight(0), until: now.getTime() }
    case 'yesterday':
      return { since: midnight(1), until: midnight(0) }
    case 'week':
      return { since: midnight(7), until: now.getTime() }
  }
}

/** A moment as the value of an input of the type datetime-local: "2026-11-27T10:20". */
export function localInput(at: number): string {
  const moment = new Date(at)
  return new Date(at - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
