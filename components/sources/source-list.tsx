'use client'

import type { SourceDetail, SourcePage } from '@/lib/sources/source-queries'
import type { SourceFilter } from '@/lib/sources/source-schema'
import { countWords, kindWords, vendorIdWords } from '@/lib/sources/source-words'
import { showId } from '@/lib/type-id'
import { LocalTime } from '../ui/local-time'
import { Pagination } from '../ui/pagination'
import { type Column, Table } from '../ui/table'
import { type ArchiveActions, ArchiveSource } from './archive-source'
import { KindIcon } from './kind-icon'
import { SourceFilters } from './source-filters'

type Props = {
  page: SourcePage
  filter: SourceFilter & { archived: boolean }
  /** The number of the account's sources, archived ones included. */
  total: number
  /** Undefined for a viewer. */
  actions: ArchiveActions | undefined
}

/** The account's sources, a page at a time. */
export function SourceList({ page, filter, total, actions }: Props) {
  const { search, kind, archived } = filter
  const pageHref = (name: 'before' | 'after', id: string | null) => {
    const kept = { ...(search && { search }), ...(kind && { kind }), ...(archived && { archived: 'yes' }) }
    return id === null
      ? undefined
      : `/settings/sources?${new URLSearchParams({ ...kept, [name]: showId('source', id) })}`
  }
  return (
    <>
      <SourceFilters search={search} kind={kind} archived={archived} />
      {page.rows.length === 0 ? (
        <p className="p-4 text-muted">
          {search
            ? `No ${archived ? 'archived source' : 'source in use'} has “${search}” in its name or key.`
            : archived
              ? 'Nothing is archived here.'
              : 'No source like this is in use.'}
        </p>
      ) : (
        <Table
          label="Sources"
          rows={page.rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/settings/sources/${showId('source', id)}`}
          columns={columns}
          actions={actions && ((source) => <ArchiveSource source={source} actions={actions} />)}
          actionsWidth="w-32"
        />
      )}
      {(page.previous !== null || page.next !== null) && (
        <Pagination previous={pageHref('before', page.previous)} next={pageHref('after', page.next)}>
          {!search && !kind && `${countWords(total)}, archived ones too`}
        </Pagination>
      )}
    </>
  )
}

const columns: Column<SourceDetail>[] = [
  { header: 'Source', primary: true, cell: ({ name }) => name },
  { header: 'Key', cell: ({ key }) => <code>{key}</code> },
  {
    header: 'Kind',
    width: 'w-40',
    cell: ({ kind }) => (
      <span className="flex items-center gap-2">
        <KindIcon kind={kind} decorative />
        {kindWords[kind]}
      </span>
    ),
  },
  {
    header: 'Vendor ids',
    cell: ({ vendorIds }) => vendorIdWords(vendorIds) || <span className="text-muted">None</span>,
  },
  { header: 'Registered', width: 'w-36', wideOnly: true, cell: ({ createdAt }) => <LocalTime at={createdAt} /> },
]
