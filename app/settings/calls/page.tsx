import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CallFilters } from '@/components/calls/call-filters'
import { CallLog } from '@/components/calls/call-log'
import { ExportButtons } from '@/components/find/export-buttons'
import { FindBox } from '@/components/find/find-box'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { callFilterQuery, readCallFilter } from '@/lib/calls/call-filter'
import { readCallLog } from '@/lib/calls/call-log'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { readPageCursor } from '@/lib/http/page-cursor'
import { readId } from '@/lib/type-id'
import { readWebhookChoice } from '@/lib/webhooks/find-webhooks'
import { OpenedCall } from './opened-call'

export const metadata: Metadata = { title: 'Calls' }

export default async function CallsPage({ searchParams }: PageProps<'/settings/calls'>) {
  const who = await authorise('viewer')
  const { account, role } = who
  const address = await searchParams
  const filter = readCallFilter(address)
  const webhook = filter?.webhookId ? await readWebhookChoice(db(), account.id, filter.webhookId) : undefined
  if (!filter || (filter.webhookId && !webhook)) notFound()
  const admin = mayAct(role, 'admin')
  const cursor = readPageCursor(address, (text) => readId('call', text))
  const page = await readCallLog(db(), account.id, { filter, cursor, wholeUrls: admin })
  const query = callFilterQuery(filter)
  return (
    <>
      <PageHead
        title="WebHook calls"
        description={`Every call of the last ${env().HEARBACK_RETENTION_DAYS} days, with its URL and result.`}
        action={
          admin && page.rows.length > 0 && <ExportButtons query={query} address="/settings/calls/export" what="calls" />
        }
      />
      <FindBox />
      <CallFilters filter={filter} webhook={webhook} />
      <CallLog key={`${query} ${cursor?.from} ${cursor?.backward}`} page={page} filter={filter} />
      <OpenedCall who={who} path="/settings/calls" address={address} filter={filter} />
    </>
  )
}
