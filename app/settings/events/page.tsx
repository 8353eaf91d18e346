import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { EventFilters } from '@/components/events/event-filters'
import { EventLog } from '@/components/events/event-log'
import { ExportButtons } from '@/components/find/export-buttons'
import { FindBox } from '@/components/find/find-box'
import { ReplayList } from '@/components/recovery/replay-list'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { eventFilterQuery, readEventFilter } from '@/lib/events/event-filter'
import { readEventLog } from '@/lib/events/event-queries'
import { readPageCursor } from '@/lib/http/page-cursor'
import { readSource } from '@/lib/sources/source-queries'
import { readId } from '@/lib/type-id'
import { readWebhookChoice } from '@/lib/webhooks/find-webhooks'
import { replayList } from './actions'

export const metadata: Metadata = { title: 'Events' }

export default async function EventsPage({ searchParams }: PageProps<'/settings/events'>) {
  const { account, role } = await authorise('viewer')
  const address = await searchParams
  const filter = readEventFilter(address)
  const source = filter?.sourceId ? await readSource(db(), account.id, filter.sourceId) : undefined
  const webhook = filter?.webhookId ? await readWebhookChoice(db(), account.id, filter.webhookId) : undefined
  if (!filter || (filter.sourceId && !source) || (filter.webhookId && !webhook)) notFound()
  const cursor = readPageCursor(address, (text) => readId('event', text))
  const page = await readEventLog(db(), account.id, { filter, cursor })
  return (
    <>
      <PageHead
        title="Events"
        description={`The events of the last ${env().HEARBACK_RETENTION_DAYS} days. Open one to see why each WebHook did or did not fire.`}
        action={
          mayAct(role, 'admin') &&
          page.rows.length > 0 && (
            <>
              {!webhook && <ReplayList filter={filter} replay={replayList} />}
              <ExportButtons address="/settings/events/export" query={eventFilterQuery(filter)} what="events" />
            </>
          )
        }
      />
      <FindBox />
      <EventFilters filter={filter} sourceName={source?.name} webhook={webhook} />
      <EventLog page={page} filter={filter} />
    </>
  )
}
