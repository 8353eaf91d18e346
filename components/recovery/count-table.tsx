import { type Column, Table } from '../ui/table'
import { type CountLine, dayWords } from './recovery-words'

const columns: Column<CountLine>[] = [
  { header: 'Day', primary: true, width: 'w-32', cell: ({ day }) => dayWords(day) },
  { header: 'What', width: 'w-32', cell: ({ kind }) => kind },
  { header: 'Why', cell: ({ why }) => why },
  { header: 'Deliveries', width: 'w-28', align: 'right', cell: ({ n }) => n.toLocaleString('en') },
]

/** What can be recovered, by day and reason. */
export const CountTable = ({ lines }: { lines: CountLine[] }) => (
  <Table label="What can be recovered" rows={lines} rowKey={({ key }) => key} columns={columns} />
)
