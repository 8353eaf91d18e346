import type { Metadata } from 'next'
import { RecentCalls } from '@/components/calls/recent-calls'
import { Card } from '@/components/ui/card'
import { PageHead } from '@/components/ui/page-head'
import { PreSharedKeyCard } from '@/components/webhooks/pre-shared-key-card'
import { RegisterLink } from '@/components/webhooks/register-link'
import { manyWebhooks, WebhookList } from '@/components/webhooks/webhook-list'
import { WebhooksEmpty } from '@/components/webhooks/webhooks-empty'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { liveCalls } from '@/lib/calls/live-calls'
import { readDayBars } from '@/lib/charts/read-day-bars'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { readNumber, readPageCursor } from '@/lib/http/page-cursor'
import { sourcesOfWebhooks } from '@/lib/sources/webhook-sources'
import { accountKeyWebhooks } from '@/lib/webhooks/account-key-webhooks'
import { readPreSharedKeyState } from '@/lib/webhooks/pre-shared-key'
import { readShownStates } from '@/lib/webhooks/shown-state'
import { countWebhooks, readWebhookPage } from '@/lib/webhooks/webhook-queries'
import {
  countQueuedOf,
  readTurnedOffOf,
  recover,
  removeKey,
  removeWebhook,
  revealKey,
  saveKey,
  switchOn,
  testFireStored,
} from './actions'

/** With many WebHooks a page of the list has few rows, so that the recent calls stay in reach. */
const fewRows = 4

export const metadata: Metadata = { title: 'WebHooks' }

export default async function WebhooksPage({ searchParams }: PageProps<'/settings/webhooks'>) {
  const { account, role } = await authorise('viewer')
  const admin = mayAct(role, 'admin')
  const address = await searchParams
  const search = typeof address.search === 'string' ? address.search.slice(0, 200) : ''
  const cursor = readPageCursor(address, readNumber)
  const long = address.list === 'long'
  const total = await countWebhooks(db(), account.id)
  const size = total > manyWebhooks && !long ? fewRows : undefined
  const [key, applied, page, calls] = await Promise.all([
    readPreSharedKeyState(db(), account.id),
    accountKeyWebhooks(db(), account.id),
    readWebhookPage(db(), account.id, { search, cursor, size, wholeUrls: admin }),
    liveCalls(db(), account.id, admin),
  ])
  const listed = page.rows.map(({ id }) => id)
  const [sources, states, bars] = await Promise.all([
    sourcesOfWebhooks(db(), account.id, listed),
    readShownStates(db(), account.id, listed),
    readDayBars(db(), account.id, listed),
  ])
  return (
    <>
      <PageHead
        title="WebHooks"
        description="We call a URL of yours when customers leave or change feedback."
        action={admin && total > 0 && <RegisterLink />}
      />
      <PreSharedKeyCard
        since={key?.since.toISOString()}
        webhooks={applied}
        actions={admin ? { save: saveKey, remove: removeKey, reveal: revealKey } : undefined}
      />
      <Card title="Configured WebHooks" flush>
        {total === 0 ? (
          <WebhooksEmpty hubUrl={env().HEARBACK_URL} mayRegister={admin} />
        ) : (
          <WebhookList
            page={page}
            sources={sources}
            states={states}
            bars={bars}
            total={total}
            search={search}
            long={long}
            actions={
              admin
                ? {
                    countQueued: countQueuedOf,
                    switchOn,
                    remove: removeWebhook,
                    testFire: testFireStored,
                    turnOn: { readTurnedOff: readTurnedOffOf, testFire: testFireStored, recover },
                  }
                : undefined
            }
          />
        )}
      </Card>
      <RecentCalls first={calls.seen} address="/settings/webhooks/recent-calls" />
    </>
  )
}
