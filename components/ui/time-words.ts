// Words for moments. Pure functions: the current time and the time zone are arguments.

const exactFormat = (timeZone: string | undefined, seconds: boolean) =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
    timeZone,
    timeZoneName: 'short',
  })

/** "20 Nov 2026, 11:12:30 GMT+1". Without `timeZone`, in the time zone of the browser. */
export const exactTime = (
  at: Date,
  { timeZone, seconds = true }: { timeZone?: string; seconds?: boolean } = {},
): string => exactFormat(timeZone, seconds).format(at)

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

const relativeFormat = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto', style: 'long' })

/** "3 minutes ago", "in 2 hours", "just now" within 5 s. */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  if (size < 5) return 'just now'
  const [unit, length] = units.find(([, length]) => size >= length) ?? units[5]
  return relativeFormat.format(Math.trunc(seconds / length), unit)
}
