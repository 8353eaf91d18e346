'use client'

import { useSyncExternalStore } from 'react'
import { openSharedClock } from './shared-clock'
import { exactTime, relativeTime } from './time-words'
import { Tooltip } from './tooltip'

const clock = openSharedClock(10_000)

type Props = {
  /** ISO text, Unix milliseconds or Date. */
  at: string | number | Date
  /** "3 minutes ago" (default), "20 Nov 2026, 11:12:30", or both. */
  show?: 'relative' | 'exact' | 'both'
}

/**
 * A moment in the reader's time zone, with local time and UTC in a tooltip. It is no tab stop: a list of 50 would be 50 of
 * them, and the page of each row shows the exact time. The server does not know the zone and renders UTC.
 */
export function LocalTime({ at, show = 'relative' }: Props) {
  const now = useSyncExternalStore(clock.subscribe, clock.read, () => undefined)
  const moment = new Date(at)
  const utc = exactTime(moment, { timeZone: 'UTC' })
  const exact = now ? exactTime(moment) : utc
  const relative = () =>
    now ? relativeTime(moment, new Date(now)) : exactTime(moment, { timeZone: 'UTC', seconds: false })
  return (
    <Tooltip
      content={
        <span className="flex flex-col tabular-nums">
          <span>{exact}</span>
          {exact !== utc && <span className="text-muted">{utc}</span>}
        </span>
      }
    >
      <time dateTime={moment.toISOString()} className="tabular-nums rows:relative rows:z-1">
        {show === 'relative' ? relative() : exact}
        {show === 'both' && now !== undefined && <span className="whitespace-nowrap text-muted"> · {relative()}</span>}
      </time>
    </Tooltip>
  )
}
