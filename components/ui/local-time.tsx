'use client'

import { useSyncExternalStore } from 'react'
import { exactTime, relativeTime } from './time-words'
import { Tooltip } from './tooltip'

type Props = {
  /** ISO text, Unix milliseconds or Date. */
  at: string | number | Date
  /** "3 minutes ago" (default), "20 Nov 2026, 11:12:30", or both. */
  show?: 'relative' | 'exact' | 'both'
}

/**
 * A moment in the reader's time zone, with local time and UTC in a tooltip. The server does not know the zone and
 * renders UTC.
 */
export function LocalTime({ at, show = 'relative' }: Props) {
  const now = useSyncExternalStore(subscribe, readClock, () => undefined)
  const moment = new Date(at)
  const utc = exactTime(moment, { timeZone: 'UTC' })
  const exact = now ? exactTime(moment) : utc
  const relative = now ? relativeTime(moment, new Date(now)) : exactTime(moment, { timeZone: 'UTC', seconds: false })
  return (
    <Tooltip
      content={
        <span className="flex flex-col tabular-nums">
          <span>{exact}</span>
          {exact !== utc && <span className="text-muted">{utc}</span>}
        </span>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip opens on focus */}
      <time dateTime={moment.toISOString()} tabIndex={0} className="relative z-1 rounded-control tabular-nums">
        {show === 'relative' ? relative : exact}
        {show === 'both' && now !== undefined && <span className="whitespace-nowrap text-muted"> · {relative}</span>}
      </time>
    </Tooltip>
  )
}

// All times on a page share one clock.
let now = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const notify of listeners) notify()
  }, 10_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
    now = 0
  }
}

function readClock(): number {
  now ||= Date.now()
  return now
}
