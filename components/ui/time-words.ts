// Words for moments. Pure functions: the current time and the time zone are arguments.

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format takes forty times as long as using it, and a list shows a hundred moments. */
function formatOf(set: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(set)
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', set)
    formats.set(key, format)
  }
  return format
}

const dateAndTime = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const

/** "20 Nov 2026, 11:12:30 GMT+1". Without `timeZone`, in the time zone of the browser. */
export const exactTime = (
  at: Date,
  { timeZone, seconds = true }: { timeZone?: string; seconds?: boolean } = {},
): string => formatOf({ ...dateAndTime, ...(seconds && { second: '2-digit' }), timeZone }).format(at)

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

/** "11:46", on another day "21 Nov, 11:46". Without `timeZone`, in the time zone of the browser. */
export function clockTime(at: Date, now: Date, timeZone?: string): string {
  const day = formatOf({ day: 'numeric', month: 'short', timeZone })
  const time = formatOf({ hour: '2-digit', minute: '2-digit', timeZone }).format(at)
  return day.format(at) === day.format(now) ? time : `${day.format(at)}, ${time}`
}

/** What is left until a moment: "in 42 s", "in 4 min 10 s", "in 3 h 5 min", "in 2 days"; "now" once it has come. */
export function timeLeft(at: Date, now: Date): string {
  const seconds = Math.ceil((at.getTime() - now.getTime()) / 1000)
  if (seconds <= 0) return 'now'
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  if (minutes === 0) return `in ${seconds} s`
  if (hours === 0) return `in ${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`
  if (hours < 48) return `in ${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`
  return `in ${Math.floor(hours / 24)} days`
}
