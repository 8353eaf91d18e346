import type { HourBar } from '@/lib/charts/read-day-bars'

const height = 16
const width = 4
/** From one bar to the next, with a gap of a pixel. */
const step = width + 1
/** At least a fifth of a bar, so that one failure among thousands is seen. */
const shareAtLeast = 0.2

/** The last 24 hours of a WebHook, one bar an hour: how many of its calls failed. The same in words for screen readers. */
export function DayBars({ bars }: { bars: HourBar[] | undefined }) {
  if (!bars) return null
  const delivered = bars.reduce((sum, bar) => sum + bar.delivered, 0)
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0)
  const words = `Last 24 hours: ${delivered.toLocaleString('en')} delivered, ${failed.toLocaleString('en')} failed calls`
  const wide = bars.length * step - 1
  // Three paths: as elements, the bars of ten WebHooks were up to 720.
  return (
    <svg
      role="img"
      aria-label={words}
      width={wide}
      height={height}
      viewBox={`0 0 ${wide} ${height}`}
      className="block max-w-full"
    >
      <title>{words}</title>
      <path className="fill-sunken" d={draw(bars, () => [0, height])} />
      <path className="fill-danger" d={draw(bars, (bar) => [0, failedHeight(bar)])} />
      <path
        className="fill-success"
        d={draw(bars, (bar) => (bar.delivered > 0 ? [failedHeight(bar), height] : [0, 0]))}
      />
    </svg>
  )
}

/** Failures are at the top of a bar. */
function failedHeight({ failed, delivered }: HourBar): number {
  if (failed === 0) return 0
  if (delivered === 0) return height
  const share = failed / (failed + delivered)
  return Math.round(height * Math.min(1 - shareAtLeast, Math.max(shareAtLeast, share)))
}

/** One path with a rectangle for each bar, from one height to another. */
const draw = (bars: HourBar[], between: (bar: HourBar) => [from: number, to: number]): string =>
  bars
    .map((bar, hour) => {
      const [from, to] = between(bar)
      return from < to ? `M${hour * step} ${from}h${width}V${to}h-${width}z` : ''
    })
    .join('')
