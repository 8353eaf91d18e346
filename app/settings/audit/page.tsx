import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AuditFilters } from '@/components/audit/audit-filters'
import { AuditTable } from '@/components/audit/audit-table'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { readAuditFilter } from '@/lib/audit/audit-filter'
import { listActors, readAuditLog } from '@/lib/audit/audit-log'
import { db } from '@/lib/db/client'
import { readPageCursor } from '@/lib/http/page-cursor'
import * as z from '@/lib/zod'

export const metadata: Metadata = { title: 'Audit log' }

export default async function AuditPage({ searchParams }: PageProps<'/settings/audit'>) {
  const { account } = await authorise('admin')
  const address = await searchParams
  const filter = readAuditFilter(address)
  if (!filter) notFound()
  const cursor = readPageCursor(address, (text) => z.uuid().safeParse(text).data)
  const page = await readAuditLog(db(), account.id, { filter, cursor })
  return (
    <>
      <PageHead
        title="Audit log"
        description="Who changed what, when and from where. No entry can be changed or removed."
      />
      <AuditFilters filter={filter} actors={await listActors(db(), account.id)} />
      <AuditTable page={page} filter={filter} />
    </>
  )
}
