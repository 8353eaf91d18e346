import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AttemptsPanel } from '@/components/calls/attempts-panel'
import { CallFailure } from '@/components/calls/call-failure'
import { CallSummary } from '@/components/calls/call-summary'
import { DeliveryCard } from '@/components/calls/delivery-card'
import { RequestPanel } from '@/components/calls/request-panel'
import { ResponsePanel } from '@/components/calls/response-panel'
import { ResultPill } from '@/components/calls/result-pill'
import { Badge } from '@/components/ui/badge'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { Tabs } from '@/components/ui/tabs'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { readCall } from '@/lib/calls/read-call'
import { shownCall } from '@/lib/calls/shown-call'
import { db } from '@/lib/db/client'
import { eventTypeWords } from '@/lib/events/event-words'
import { readId, showId } from '@/lib/type-id'
import { revealHeaders } from './actions'
import { cancelHere, sendAgainHere, tryNowHere } from './delivery-actions'

export const metadata: Metadata = { title: 'WebHook call' }

export default async function CallPage({ params }: PageProps<'/settings/calls/[id]'>) {
  const { account, role } = await authorise('viewer')
  const admin = mayAct(role, 'admin')
  const id = readId('call', (await params).id)
  const detail = id && (await readCall(db(), account.id, id))
  if (!detail) notFound()
  const { call, webhook, body, state, event } = detail
  const { answer, url, request, response, attempts } = shownCall(detail, { whole: admin })
  return (
    <>
      <PageHead
        back={
          <Link href="/settings/calls" className="text-accent-text underline">
            Calls
          </Link>
        }
        title={
          <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
            WebHook call <ResultPill answer={answer} />
            {call.test && <Badge tone="accent">Test</Badge>}
          </span>
        }
      />
      <CallSummary
        ruleName={webhook.name}
        ruleHref={
          webhook.open && call.webhookId ? `/settings/webhooks/${showId('webhook', call.webhookId)}` : undefined
        }
        url={url}
        at={call.at}
        durationMs={call.durationMs}
        connectMs={call.connectMs}
        firstByteMs={call.firstByteMs}
        reconnected={call.reconnected === true}
        event={
          call.test
            ? undefined
            : event && { href: `/settings/events/${showId('event', event.id)}`, words: eventTypeWords[event.type] }
        }
        attempt={webhook.retries === null ? String(call.attempt) : `${call.attempt} of ${webhook.retries + 1}`}
      />
      <CallFailure answer={answer} state={state} retryAfterSeconds={call.retryAfterSeconds} />
      {state.kind !== 'test' && (
        <DeliveryCard
          deliveryId={call.deliveryId}
          callId={call.id}
          first={{ state, calls: attempts.length, lastCallId: attempts.at(-1)?.id ?? null }}
          actions={
            admin && webhook.open ? { tryNow: tryNowHere, sendAgain: sendAgainHere, cancel: cancelHere } : undefined
          }
        />
      )}
      <Tabs
        label="The call"
        items={[
          {
            value: 'request',
            label: 'Request',
            content: (
              <RequestPanel
                request={request}
                body={body}
                reveal={admin ? revealHeaders.bind(null, call.id) : undefined}
              />
            ),
          },
          {
            value: 'response',
            label: 'Response',
            content: <ResponsePanel response={response} withheld={!admin && call.status !== null} />,
          },
          {
            value: 'attempts',
            label: `Attempts (${attempts.length})`,
            content: <AttemptsPanel attempts={attempts} state={state} current={call.id} />,
          },
        ]}
      />
    </>
  )
}
