const longest = 24 * 3600

const httpDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * The wait that a Retry-After header orders, in whole seconds: delay-seconds or an IMF-fixdate (RFC 9110 §10.2.3),
 * strictly; at most 24 h. null when absent, unreadable or past.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null
  let seconds = Number.NaN
  if (/^\d{1,9}$/.test(value)) seconds = Number(value)
  else if (httpDate.test(value)) seconds = Math.ceil((Date.parse(value) - nowMs) / 1000)
  return seconds > 0 ? Math.min(seconds, longest) : null
}
