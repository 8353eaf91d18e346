import type { HourBar } from '@/lib/charts/read-day-bars'
import { classNames } from '../ui/class-names'

/** The last 24 hours of a WebHook, one bar an hour: how many of its calls failed. The same in words for screen readers. */
export function DayBars({ bars }: { bars: HourBar[] | undefined }) {
  if (!bars) return null
  const delivered = bars.reduce((sum, bar) => sum + bar.delivered, 0)
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0)
  const words = `Last 24 hours: ${delivered.toLocaleString('en')} delivered, ${failed.toLocaleString('en')} failed calls`
  return (
    <span role="img" aria-label={words} title={words} className="flex h-4 w-full max-w-36 items-stretch gap-px">
      {bars.map((bar, hour) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an hour has its place, and nothing else
        <span key={hour} className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-[1px] bg-sunken">
          <Share of={bar.failed} all={bar.failed + bar.delivered} className="bg-danger" />
          <Share of={bar.delivered} all={bar.failed + bar.delivered} className="bg-success" />
        </span>
      ))}
    </span>
  )
}

/** At least a fifth of the bar, so that one failure among thousands is seen. */
const Share = ({ of, all, className }: { of: number; all: number; className: string }) =>
  of > 0 && <span className={classNames('min-h-[20%]', className)} style={{ flexGrow: of / all }} />
