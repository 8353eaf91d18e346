import type { ChartSpan } from '@/lib/charts/chart-spans'
import type { Chart, ChartBar } from '@/lib/charts/read-chart'

/** The results of calls, from the bottom of a bar to its top, each with its words and its colour. */
export const results = [
  { key: 'delivered', words: '2xx', fill: 'fill-success', swatch: 'bg-success' },
  { key: 'rejected', words: '3xx or 4xx', fill: 'fill-warning', swatch: 'bg-warning' },
  { key: 'erred', words: '5xx', fill: 'fill-danger', swatch: 'bg-danger' },
  { key: 'unanswered', words: 'no answer', fill: 'fill-muted', swatch: 'bg-muted' },
] as const

export const spanWords: Record<ChartSpan, string> = { '24h': '24 hours', '7d': '7 days', '30d': '30 days' }

const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** When a bar begins, in the reader's time zone: "14:00", "26 Nov", "26 Nov, 18:00". */
export function barWords(at: number, span: ChartSpan): string {
  if (span === '24h') return hour.format(at)
  return span === '30d' ? day.format(at) : `${day.format(at)}, ${hour.format(at)}`
}

/** "84 ms", "2.4 s", "-" without calls. */
export function durationWords(ms: number | null): string {
  if (ms === null) return '-'
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

export const number = (n: number): string => n.toLocaleString('en')

export const callsOf = (bar: ChartBar): number => results.reduce((sum, { key }) => sum + bar[key], 0)

/** The sum of each result over all bars. */
export const totals = ({ bars }: Chart) =>
  results.map((result) => ({ ...result, n: bars.reduce((sum, bar) => sum + bar[result.key], 0) }))
