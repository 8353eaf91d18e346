const longest = 24 * 3600

/**
 * The wait that a Retry-After header orders, in whole seconds: delay-seconds or an IMF-fixdate (RFC 9110 §10.2.3),
 * strictly; at most 24 h. null when absent, unreadable or past.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((readDate(value) - nowMs) / 1000)
  return seconds > 0 ? Math.min(seconds, longest) : null
}

/** Date.parse takes 30 February and any weekday; a date in the one form that is meant is written back the same. */
function readDate(text: string): number {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) || date.toUTCString() !== text ? Number.NaN : date.getTime()
}
