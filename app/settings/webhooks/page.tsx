import type { Metadata } from 'next'
import { RecentCalls } from '@/components/calls/recent-calls'
import { Card } from '@/components/ui/card'
import { PageHead } from '@/components/ui/page-head'
import { FirstSteps } from '@/components/webhooks/first-steps/first-steps'
import { FocusSaved } from '@/components/webhooks/focus-saved'
import { PreSharedKeyCard } from '@/components/webhooks/pre-shared-key-card'
import { RegisterLink } from '@/components/webhooks/register-link'
import { manyWebhooks, WebhookList } from '@/components/webhooks/webhook-list'
import { WebhooksEmpty } from '@/components/webhooks/webhooks-empty'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { liveCalls } from '@/lib/calls/live-calls'
import { readDayBars } from '@/lib/charts/read-day-bars'
import { db } from '@/lib/db/client'
import { hubTime } from '@/lib/db/ids'
import { env } from '@/lib/env'
import { readNumber, readPageCursor } from '@/lib/http/page-cursor'
import { sourcesOfWebhooks } from '@/lib/sources/webhook-sources'
import { readId, showId } from '@/lib/type-id'
import { accountKeyWebhooks } from '@/lib/webhooks/account-key-webhooks'
import { readFirstSteps } from '@/lib/webhooks/first-steps'
import { readPreSharedKeyState } from '@/lib/webhooks/pre-shared-key'
import { readShownStates } from '@/lib/webhooks/shown-state'
import { waitingWithKey } from '@/lib/webhooks/waiting-keys'
import { countWebhooks, pageWith, readWebhookPage } from '@/lib/webhooks/webhook-queries'
import { makeKey } from '../api/actions'
import { OpenedCall } from '../calls/opened-call'
import {
  countQueuedOf,
  endSteps,
  readTurnedOffOf,
  readWaitingKey,
  recover,
  removeKey,
  removeWebhook,
  revealKey,
  saveKey,
  switchOn,
  testFireStored,
} from './actions'

/** With many WebHooks the list has few rows, the key stands last and no first steps are told: the recent calls stay in reach. */
const fewRows = 5

export const metadata: Metadata = { title: 'WebHooks' }

/** No retry goes on for longer after its event, in milliseconds. */
const formerFor = 14 * 86_400_000

export default async function WebhooksPage({ searchParams }: PageProps<'/settings/webhooks'>) {
  const who = await authorise('viewer')
  const { account, role } = who
  const admin = mayAct(role, 'admin')
  const address = await searchParams
  const search = typeof address.search === 'string' ? address.search.slice(0, 200) : ''
  const long = address.list === 'long'
  const total = await countWebhooks(db(), account.id)
  const many = total > manyWebhooks
  const size = many && !long ? fewRows : undefined
  const saved = typeof address.saved === 'string' ? readId('webhook', address.saved) : undefined
  const cursor =
    readPageCursor(address, readNumber) ?? (saved ? await pageWith(db(), account.id, saved, size) : undefined)
  const [key, applied, page, calls, steps] = await Promise.all([
    readPreSharedKeyState(db(), account.id),
    accountKeyWebhooks(db(), account.id),
    readWebhookPage(db(), account.id, { search, cursor, size, wholeUrls: admin }),
    liveCalls(db(), account.id, admin),
    admin && !many ? readFirstSteps(db(), account.id) : undefined,
  ])
  const listed = page.rows.map(({ id }) => id)
  const [sources, states, bars, former] = await Promise.all([
    sourcesOfWebhooks(db(), account.id, listed),
    readShownStates(db(), account.id, listed),
    readDayBars(db(), account.id, listed),
    key && key.since.getTime() > hubTime() - formerFor ? waitingWithKey(db(), account.id, 'former') : undefined,
  ])
  const keyCard = (
    <PreSharedKeyCard
      since={key?.since.toISOString()}
      webhooks={applied}
      former={former}
      actions={admin ? { save: saveKey, remove: removeKey, reveal: revealKey, readWaiting: readWaitingKey } : undefined}
    />
  )
  return (
    <>
      <PageHead
        title="WebHooks"
        description="We call a URL of yours when customers leave or change feedback."
        action={admin && total > 0 && <RegisterLink />}
      />
      {steps && (
        <FirstSteps
          steps={steps}
          hubUrl={env().HEARBACK_URL}
          address="/settings/webhooks/first-steps"
          actions={{ makeKey, end: endSteps }}
        />
      )}
      {!many && keyCard}
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
      {saved && <FocusSaved shownId={showId('webhook', saved)} />}
      <RecentCalls first={calls.seen} address="/settings/webhooks/recent-calls" />
      {many && keyCard}
      <OpenedCall who={who} path="/settings/webhooks" address={address} filter={{ result: 'all' }} />
    </>
  )
}
