import type { Chart } from '@/lib/charts/read-chart'
import { barWords } from './chart-words'

/** Room around a chart's bars and lines, in pixels: the values at the left, times below. */
export const room = { left: 52, bottom: 20, top: 6 }

type ValueProps = { ticks: number[]; y: (value: number) => number; words: (value: number) => string; right: number }

/** Horizontal lines with their values. */
export const ValueAxis = ({ ticks, y, words, right }: ValueProps) => (
  <g aria-hidden>
    {ticks.map((tick) => (
      <g key={tick} transform={`translate(0 ${y(tick)})`}>
        <line x1={room.left} x2={right} className="stroke-border" />
        <text x={room.left - 6} dy="0.32em" textAnchor="end" className="fill-muted text-xs tabular-nums">
          {words(tick)}
        </text>
      </g>
    ))}
  </g>
)

type TimeProps = { chart: Chart /** The middle of a bar. */; x: (at: number) => number; height: number }

/** The times of the first bar, of one in the middle and of the last one. */
export function TimeAxis({ chart: { bars, span }, x, height }: TimeProps) {
  const shown = [bars[0], bars[Math.floor(bars.length / 2)], bars.at(-1)]
  const anchors = ['start', 'middle', 'end'] as const
  return (
    <g aria-hidden>
      {shown.map(
        (bar, n) =>
          bar && (
            <text
              key={bar.at}
              x={n === 0 ? room.left : x(bar.at)}
              y={height - 4}
              textAnchor={anchors[n]}
              className="fill-muted text-xs tabular-nums"
            >
              {barWords(bar.at, span)}
            </text>
          ),
      )}
    </g>
  )
}
