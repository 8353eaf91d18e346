// Times of the platform, in UTC and to the microsecond: PostgreSQL keeps no more. Pure.

/** A time as ISO 8601 in UTC, with three digits of a second, or six where it has microseconds: 2026-11-20T10:12:30.123Z. */
export function toUtc(time: string): string {
  const milliseconds = new Date(time).toISOString()
  const microseconds = /\.\d{3}(\d{1,3})/.exec(time)?.[1]?.padEnd(3, '0') ?? '000'
  return microseconds === '000' ? milliseconds : `${milliseconds.slice(0, -1)}${microseconds}Z`
}

/** Whether one time of `toUtc` is before another. */
export const isBefore = (one: string, other: string): boolean => comparable(one) < comparable(other)

const comparable = (utc: string) => utc.slice(0, -1).padEnd(26, '0')
