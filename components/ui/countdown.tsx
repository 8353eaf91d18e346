'use client'

import { useSyncExternalStore } from 'react'
import { openSharedClock } from './shared-clock'
import { clockTime, exactTime, timeLeft } from './time-words'
import { Tooltip } from './tooltip'

const clock = openSharedClock(1_000)

/** A coming moment, counted down each second: "11:46 · in 4 min 10 s", with local time and UTC in a tooltip. */
export function Countdown({ at }: { at: number }) {
  const now = useSyncExternalStore(clock.subscribe, clock.read, () => undefined)
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
        {now && (
          <>
            {' '}
            <span className="whitespace-nowrap text-muted">· {timeLeft(moment, new Date(now))}</span>
          </>
        )}
      </time>
    </Tooltip>
  )
}
