import { scaleLinear, scalePoint } from '@visx/scale'
import { LinePath } from '@visx/shape'
import type { Chart, ChartBar } from '@/lib/charts/read-chart'
import { room, TimeAxis, ValueAxis } from './chart-axes'
import { durationWords } from './chart-words'

const height = 110
/** For the names of the lines. */
const right = 32
const lines = [
  { key: 'p95', stroke: 'stroke-muted', fill: 'fill-muted' },
  { key: 'p50', stroke: 'stroke-accent-text', fill: 'fill-accent-text' },
] as const

/** The durations that half and 95 % of the calls did not exceed, as two lines with their names at the end. */
export function DurationLines({ chart, width }: { chart: Chart; width: number }) {
  const { bars } = chart
  const x = scalePoint({ domain: bars.map(({ at }) => at), range: [room.left + 4, width - right] })
  const most = Math.max(...bars.map(({ p95 }) => p95 ?? 0), 10)
  const y = scaleLinear({ domain: [0, most], range: [height - room.bottom, room.top], nice: 2 })
  const place = ({ at }: ChartBar) => x(at) ?? 0
  const last = bars.findLast(({ p50 }) => p50 !== null)
  const alone = (key: 'p50' | 'p95', i: number) =>
    bars[i]?.[key] !== null && (bars[i - 1]?.[key] ?? null) === null && (bars[i + 1]?.[key] ?? null) === null
  return (
    <svg width={width} height={height} role="img" aria-label={says(last)}>
      <ValueAxis ticks={y.ticks(2)} y={y} words={durationWords} right={width - right} />
      {lines.map(({ key, stroke, fill }) => (
        <g key={key}>
          <LinePath
            data={bars}
            x={place}
            y={(bar) => y(bar[key] ?? 0)}
            defined={(bar) => bar[key] !== null}
            className={stroke}
            fill="none"
            strokeWidth={1.75}
          />
          {/* A point without neighbours makes no line. */}
          {bars
            .filter((_, i) => alone(key, i))
            .map((bar) => (
              <circle key={bar.at} cx={place(bar)} cy={y(bar[key] ?? 0)} r={2.5} className={fill} />
            ))}
          {last && (
            <text x={place(last) + 6} y={labelY(key, y(last.p95 ?? 0), y(last.p50 ?? 0))} className={`${fill} text-xs`}>
              {key}
            </text>
          )}
        </g>
      ))}
      <TimeAxis chart={chart} x={(at) => x(at) ?? 0} height={height} />
    </svg>
  )
}

/** The names stay 12 px apart where the lines end close together. */
const labelY = (key: 'p50' | 'p95', p95: number, p50: number) =>
  key === 'p95' ? Math.max(Math.min(p95, p50 - 12), 6) + 4 : Math.max(p50, 18) + 4

const says = (last: ChartBar | undefined) =>
  last
    ? `Duration: half of the latest calls within ${durationWords(last.p50)}, 95 % within ${durationWords(last.p95)}`
    : 'Duration: no calls'
