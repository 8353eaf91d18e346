import type { Metadata } from 'next'
import { RecentCalls } from '@/components/calls/recent-calls'
import { Card } from '@/components/ui/card'
import { PageHead } from '@/components/ui/page-head'
import { FirstSteps } from '@/components/webhooks/first-steps/first-steps'
import { FocusSaved } from '@/components/webhooks/focus-saved'
import { PreSharedKeyCard } from '@/components/webhooks/pre-shared-key-card'
import { RegisterLink } from '@/components/webhooks/register-link'
import { WebhookList } from '@/components/webhooks/webhook-list'
import { WebhooksEmpty } from '@/components/webhooks/webhooks-empty'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { env } from '@/lib/env'
import { showId } from '@/lib/type-id'
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
import { readList } from './read-list'

export const metadata: Metadata = { title: 'WebHooks' }

const keyActions = { save: saveKey, remove: removeKey, reveal: revealKey, readWaiting: readWaitingKey }
const listActions = {
  countQueued: countQueuedOf,
  switchOn,
  remove: removeWebhook,
  testFire: testFireStored,
  turnOn: { readTurnedOff: readTurnedOffOf, testFire: testFireStored, recover },
}

export default async function WebhooksPage({ searchParams }: PageProps<'/settings/webhooks'>) {
  const who = await authorise('viewer')
  const admin = mayAct(who.role, 'admin')
  const address = await searchParams
  const { many, saved, keyState, calls, steps, list } = await readList(who, address)
  const keyCard = <PreSharedKeyCard {...keyState} actions={admin ? keyActions : undefined} />
  return (
    <>
      <PageHead
        title="WebHooks"
        description="We call a URL of yours when customers leave or change feedback."
        action={admin && list.total > 0 && <RegisterLink />}
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
        {list.total === 0 ? (
          <WebhooksEmpty hubUrl={env().HEARBACK_URL} mayRegister={admin} />
        ) : (
          <WebhookList {...list} actions={admin ? listActions : undefined} />
        )}
      </Card>
      {saved && <FocusSaved shownId={showId('webhook', saved)} />}
      <RecentCalls first={calls.seen} address="/settings/webhooks/recent-calls" />
      {many && keyCard}
      <OpenedCall who={who} path="/settings/webhooks" address={address} filter={{ result: 'all' }} />
    </>
  )
}
