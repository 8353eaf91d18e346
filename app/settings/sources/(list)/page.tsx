import type { Metadata } from 'next'
import { SourceList } from '@/components/sources/source-list'
import { NewSourceLink, SourcesEmpty } from '@/components/sources/sources-empty'
import { Card } from '@/components/ui/card'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { readPageCursor } from '@/lib/http/page-cursor'
import { countSources, listSources } from '@/lib/sources/source-queries'
import { sourceFilterSchema } from '@/lib/sources/source-schema'
import { readId } from '@/lib/type-id'
import { archive, listeners } from '../actions'

export const metadata: Metadata = { title: 'Sources' }

export default async function SourcesPage({ searchParams }: PageProps<'/settings/sources'>) {
  const { account, role } = await authorise('viewer')
  const admin = mayAct(role, 'admin')
  const address = await searchParams
  const filter = { ...sourceFilterSchema.parse(address), archived: address.archived === 'yes' }
  const cursor = readPageCursor(address, (text) => readId('source', text))
  const [page, total] = await Promise.all([
    listSources(db(), account.id, filter, cursor),
    countSources(db(), account.id),
  ])
  return (
    <>
      <PageHead
        title="Sources"
        description="Where feedback is collected: thermometers, surveys, flows and review pages."
        action={admin && total > 0 && <NewSourceLink />}
      />
      <Card flush>
        {total === 0 ? (
          <SourcesEmpty hubUrl={env().HEARBACK_URL} mayCreate={admin} />
        ) : (
          <SourceList page={page} filter={filter} total={total} actions={admin ? { archive, listeners } : undefined} />
        )}
      </Card>
    </>
  )
}
