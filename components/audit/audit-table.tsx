import { ScrollText } from 'lucide-react'
import { type AuditFilter, auditQuery } from '@/lib/audit/audit-filter'
import type { AuditEntry, AuditPage } from '@/lib/audit/audit-log'
import { actionWords, detailLines } from '@/lib/audit/audit-words'
import { Card } from '../ui/card'
import { EmptyState } from '../ui/empty-state'
import { LocalTime } from '../ui/local-time'
import { Pagination } from '../ui/pagination'
import { Table } from '../ui/table'

type Props = { page: AuditPage; filter: AuditFilter }

export function AuditTable({ page: { rows, previous, next }, filter }: Props) {
  const addressOf = (name: 'after' | 'before', id: string | null) =>
    id === null ? undefined : `/settings/audit?${auditQuery(filter, { [name]: id })}`
  return (
    <Card flush>
      {rows.length === 0 ? (
        <EmptyState icon={<ScrollText />} title="No change matches">
          Choose other days, another person or everything.
        </EmptyState>
      ) : (
        <Table
          label="Audit log"
          rows={rows}
          rowKey={({ id }) => id}
          columns={[
            { header: 'When', width: 'w-50', cell: ({ at }) => <LocalTime at={at} show="exact" /> },
            { header: 'What', primary: true, cell: ({ action }) => actionWords(action) },
            { header: 'Who', cell: (entry) => <Who entry={entry} /> },
            { header: 'Changed', cell: (entry) => <Changed entry={entry} /> },
          ]}
        />
      )}
      {(previous !== null || next !== null) && (
        <Pagination
          previous={addressOf('before', previous)}
          next={addressOf('after', next)}
          labels={{ previous: 'Newer', next: 'Older' }}
        />
      )}
    </Card>
  )
}

const Who = ({ entry: { who, address } }: { entry: AuditEntry }) => (
  <span className="flex flex-col">
    {who ?? <span className="text-muted">The hub or its operator</span>}
    {address && <code className="text-muted text-xs">{address}</code>}
  </span>
)

const Changed = ({ entry: { detail, subject } }: { entry: AuditEntry }) => (
  <ul className="flex flex-col gap-0.5">
    {detailLines(detail).map((line) => (
      <li key={line}>{line}</li>
    ))}
    <li className="text-muted text-xs [overflow-wrap:anywhere]">{subject}</li>
  </ul>
)
