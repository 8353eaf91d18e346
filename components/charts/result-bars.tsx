import { scaleBand, scaleLinear } from '@visx/scale'
import { BarStack } from '@visx/shape'
import type { Chart, ChartBar } from '@/lib/charts/read-chart'
import { room, TimeAxis, ValueAxis } from './chart-axes'
import { barWords, callsOf, number, results, totals } from './chart-words'

const height = 150
const keys = results.map(({ key }) => key)
type Key = (typeof keys)[number]

/** Calls as bars, stacked by result. */
export function ResultBars({ chart, width }: { chart: Chart; width: number }) {
  const { bars, span } = chart
  const x = scaleBand({ domain: bars.map(({ at }) => at), range: [room.left, width], padding: 0.25 })
  const most = Math.max(...bars.map(callsOf), 1)
  const y = scaleLinear({ domain: [0, most], range: [height - room.bottom, room.top], nice: 2 })
  const says = totals(chart).map(({ words, n }) => `${words} ${number(n)}`)
  return (
    <svg width={width} height={height} role="img" aria-label={`Calls by result: ${says.join(', ')}`}>
      <ValueAxis ticks={y.ticks(2).filter(Number.isInteger)} y={y} words={number} right={width} />
      <BarStack<ChartBar, Key> data={bars} keys={keys} x={({ at }) => at} xScale={x} yScale={y} color={() => ''}>
        {(stacks) =>
          stacks.flatMap((stack, n) =>
            stack.bars.map((bar) => (
              <rect
                key={`${stack.key}-${bar.index}`}
                x={bar.x}
                y={bar.y}
                width={bar.width}
                height={Math.max(bar.height, 0)}
                className={results[n]?.fill}
              />
            )),
          )
        }
      </BarStack>
      {bars.map((bar) => (
        <rect
          key={bar.at}
          x={x(bar.at)}
          y={room.top}
          width={x.bandwidth()}
          height={height - room.bottom - room.top}
          className="fill-transparent"
        >
          <title>{barTitle(bar, barWords(bar.at, span))}</title>
        </rect>
      ))}
      <TimeAxis chart={chart} x={centre(x)} height={height} />
    </svg>
  )
}

const barTitle = (bar: ChartBar, when: string) =>
  [when, ...results.filter(({ key }) => bar[key] > 0).map(({ key, words }) => `${words}: ${number(bar[key])}`)].join(
    '\n',
  )

type Band = ((at: number) => number | undefined) & { bandwidth(): number }

/** The middle of a bar. */
export const centre = (x: Band) => (at: number) => (x(at) ?? 0) + x.bandwidth() / 2
