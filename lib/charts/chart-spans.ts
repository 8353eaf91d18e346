// The spans that the charts of a webhook offer. Pure.

export const chartSpans = ['24h', '7d', '30d'] as const
export type ChartSpan = (typeof chartSpans)[number]

const hourMs = 3_600_000

/** How many bars a span has, and how long each is. */
const shapes: Record<ChartSpan, { bars: number; barMs: number }> = {
  '24h': { bars: 24, barMs: hourMs },
  '7d': { bars: 28, barMs: 6 * hourMs },
  '30d': { bars: 30, barMs: 24 * hourMs },
}

/**
 * When the bars of a span begin, oldest first, the last one being that of `nowMs`. They begin at full hours and days of
 * the reader, whose clock is `offsetMinutes` ahead of UTC.
 */
export function barsOf(span: ChartSpan, nowMs: number, offsetMinutes: number): { starts: number[]; barMs: number } {
  const { bars, barMs } = shapes[span]
  const offsetMs = offsetMinutes * 60_000
  const last = Math.floor((nowMs + offsetMs) / barMs) * barMs - offsetMs
  return { starts: Array.from({ length: bars }, (_, i) => last - (bars - 1 - i) * barMs), barMs }
}
