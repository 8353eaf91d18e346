'use client'

import { useSyncExternalStore } from 'react'
import { clockTime, exactTime, timeLeft } from './time-words'
import { Tooltip } from './tooltip'

/** A coming moment, counted down each second: "11:46 · in 4 min 10 s", with local time and UTC in a tooltip. */
export function Countdown({ at }: { at: number }) {
  const now = useSyncExternalStore(subscribe, readClock, () => undefined)
  const moment = new Date(at)
  const utc = exactTime(moment, { timeZone: 'UTC' })
  return (
    <Tooltip
      content={
        <span className="flex flex-col tabular-nums">
          <span>{now ? exactTime(moment) : utc}</span>
          {now && exactTime(moment) !== utc && <span className="text-muted">{utc}</span>}
        </span>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip opens on focus */}
      <time dateTime={moment.toISOString()} tabIndex={0} className="relative z-1 rounded-control tabular-nums">
        {now ? clockTime(moment, new Date(now)) : exactTime(moment, { timeZone: 'UTC', seconds: false })}
        {now && <span className="whitespace-nowrap text-muted"> · {timeLeft(moment, new Date(now))}</span>}
      </time>
    </Tooltip>
  )
}

// All countdowns on a page share one clock.
let now = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const notify of listeners) notify()
  }, 1_000)
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
