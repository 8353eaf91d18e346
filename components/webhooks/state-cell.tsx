import type { HourBar } from '@/lib/charts/read-day-bars'
import type { ShownState } from '@/lib/webhooks/shown-state'
import { NextCallWords } from '../calls/next-call-words'
import { DayBars } from './day-bars'
import { StatePill } from './state-pill'

type Props = { state: ShownState | undefined; bars: HourBar[] | undefined }

/** The state of a WebHook in the list: what it is, its failures in a row, what comes next, and its last 24 hours. */
export function StateCell({ state, bars }: Props) {
  if (!state) return null
  const { kind, failures, next, waiting } = state
  const tells =
    next && (kind !== 'on' ? waiting.count > 0 || kind === 'held' : next.kind !== 'now' && waiting.count > 0)
  return (
    <span className="flex min-w-0 flex-col items-start gap-1">
      <StatePill state={state} />
      {failures > 0 && (
        <span className="cards:hidden">
          {failures === 1 ? '1 failure' : `${failures.toLocaleString('en')} failures in a row`}
        </span>
      )}
      {tells && (
        <span className="text-muted cards:hidden">
          <NextCallWords next={next} />
        </span>
      )}
      {bars && (
        <span className="w-full cards:hidden">
          <DayBars bars={bars} />
        </span>
      )}
    </span>
  )
}
