import type { Chart, ChartBar } from '@/lib/charts/read-chart'
import { classNames } from '../ui/class-names'
import { barWords, durationWords, number } from './chart-words'

type Column = { header: string; cell: (bar: ChartBar) => string; on?: 'wide' | 'narrow' }

const columns: Column[] = [
  { header: '2xx', cell: ({ delivered }) => number(delivered) },
  {
    header: 'Failed',
    cell: ({ rejected, erred, unanswered }) => number(rejected + erred + unanswered),
    on: 'narrow',
  },
  { header: '3xx, 4xx', cell: ({ rejected }) => number(rejected), on: 'wide' },
  { header: '5xx', cell: ({ erred }) => number(erred), on: 'wide' },
  { header: 'No answer', cell: ({ unanswered }) => number(unanswered), on: 'wide' },
  { header: 'p50', cell: ({ p50 }) => durationWords(p50), on: 'wide' },
  { header: 'p95', cell: ({ p95 }) => durationWords(p95) },
  { header: 'Waiting', cell: ({ waiting }) => number(waiting) },
]

/** The numbers of the charts, newest first. On phones the kinds of failures are one number. */
export const ChartTable = ({ chart: { bars, span } }: { chart: Chart }) => (
  <section
    aria-label="The charts as a table"
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that
    tabIndex={0}
    className="max-h-[27rem] min-w-0 overflow-y-auto rounded-control border border-border max-xl:max-h-80"
  >
    <table className="w-full text-right text-xs tabular-nums">
      <thead className="sticky top-0 bg-raised">
        <tr className="border-border border-b text-muted">
          <th scope="col" className="px-3 py-2 text-left font-medium">
            From
          </th>
          {columns.map((column) => (
            <th key={column.header} scope="col" className={classNames('px-2 py-2 font-medium last:pr-3', only(column))}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-border">
        {bars.toReversed().map((bar) => (
          <tr key={bar.at}>
            <th scope="row" className="whitespace-nowrap px-3 py-1.5 text-left font-medium">
              {barWords(bar.at, span)}
            </th>
            {columns.map((column) => (
              <td key={column.header} className={classNames('whitespace-nowrap px-2 py-1.5 last:pr-3', only(column))}>
                {column.cell(bar)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

const only = ({ on }: Column) => (on === 'wide' ? 'max-md:hidden' : on === 'narrow' ? 'md:hidden' : '')
