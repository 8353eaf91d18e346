'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Chart } from '@/lib/charts/read-chart'
import { classNames } from '../ui/class-names'
import { ChartTable } from './chart-table'
import { callsOf, durationWords, number, spanWords, totals } from './chart-words'
import { DurationLines } from './duration-lines'
import { ResultBars } from './result-bars'
import { WaitingBars } from './waiting-bars'

/** Three small charts, labelled where they are drawn, and the same numbers as a table beside them. */
export function CallCharts({ chart }: { chart: Chart }) {
  const { place, width } = useWidth()
  const calls = chart.bars.reduce((sum, bar) => sum + callsOf(bar), 0)
  const waiting = Math.max(...chart.bars.map((bar) => bar.waiting))
  const last = chart.bars.findLast(({ p50 }) => p50 !== null)
  if (calls === 0 && waiting === 0)
    return (
      <p className="text-muted">No calls in the last {spanWords[chart.span]}. Each call is counted here at once.</p>
    )
  return (
    <div className="grid grid-cols-1 gap-6 xl:grid-cols-[minmax(0,1fr)_28rem]">
      <div ref={place} className="flex min-w-0 flex-col gap-6 overflow-x-clip">
        {width > 0 && (
          <>
            <Figure title="Calls by result" says={<Totals chart={chart} />}>
              <ResultBars chart={chart} width={width} />
            </Figure>
            <Figure
              title="Duration"
              says={last && `Latest: p50 ${durationWords(last.p50)}, p95 ${durationWords(last.p95)}`}
            >
              <DurationLines chart={chart} width={width} />
            </Figure>
            <Figure title="Waiting" says={waiting === 0 ? 'Nothing waited' : `At most ${number(waiting)} at one time`}>
              <WaitingBars chart={chart} width={width} />
            </Figure>
          </>
        )}
      </div>
      <ChartTable chart={chart} />
    </div>
  )
}

const Figure = ({ title, says, children }: { title: string; says: ReactNode; children: ReactNode }) => (
  <figure className="flex flex-col gap-2">
    <figcaption className="flex flex-wrap items-baseline gap-x-3">
      <span className="font-medium">{title}</span>
      <span className="text-muted text-sm tabular-nums">{says}</span>
    </figcaption>
    {children}
  </figure>
)

/** "1,204 2xx", "3 5xx", each with the colour of its part of the bars. */
const Totals = ({ chart }: { chart: Chart }) => (
  <span className="flex flex-wrap gap-x-3">
    {totals(chart)
      .filter(({ n }) => n > 0)
      .map(({ key, words, swatch, n }) => (
        <span key={key} className="inline-flex items-center gap-1.5">
          <span aria-hidden className={classNames('size-2 rounded-[2px]', swatch)} />
          {words}: {number(n)}
        </span>
      ))}
  </span>
)

/** The width that is there for the charts: an SVG that is scaled would scale its text with it. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { place, width }
}
