import { scaleBand, scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'
import type { Chart } from '@/lib/charts/read-chart'
import { room, TimeAxis, ValueAxis } from './chart-axes'
import { barWords, number } from './chart-words'
import { centre } from './result-bars'

const height = 90

/** The most deliveries that waited at one time, as bars. */
export function WaitingBars({ chart, width }: { chart: Chart; width: number }) {
  const { bars, span } = chart
  const x = scaleBand({ domain: bars.map(({ at }) => at), range: [room.left, width], padding: 0.25 })
  const most = Math.max(...bars.map(({ waiting }) => waiting))
  const y = scaleLinear({ domain: [0, Math.max(most, 1)], range: [height - room.bottom, room.top], nice: 1 })
  return (
    <svg width={width} height={height} role="img" aria-label={`Waiting: at most ${number(most)} at one time`}>
      <ValueAxis ticks={y.ticks(1).filter(Number.isInteger)} y={y} words={number} right={width} />
      {bars.map(({ at, waiting }) => (
        <Bar
          key={at}
          x={x(at)}
          y={y(waiting)}
          width={x.bandwidth()}
          height={height - room.bottom - y(waiting)}
          className="fill-info"
        >
          <title>{`${barWords(at, span)}\n${number(waiting)} waiting`}</title>
        </Bar>
      ))}
      <TimeAxis chart={chart} x={centre(x)} height={height} />
    </svg>
  )
}
