'use client'

import { useSyncExternalStore } from 'react'
import { exactTime, relativeTime } from './time-words'
import { Tooltip } from './tooltip'

type Props = {
  /** ISO text, milliseconds or Date. */
  at: string | number | Date
  /** "3 minutes ago" (default), "20 Nov 2026, 11:12:30", or exact with relative beside it. */
  show?: 'relative' | 'exact' | 'both'
}

/** A moment in the reader's own time, with local time and UTC in a tooltip. The server, which can't know it, prints UTC. */
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

// One clock for all times on a page.
let now = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
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
