import type { CallLink } from '@/lib/calls/call-links'
import { callTimings } from '@/lib/calls/call-timings'
import type { CallDetail } from '@/lib/calls/read-call'
import { shownCall } from '@/lib/calls/shown-call'
import type { ShownHeader } from '@/lib/calls/shown-request'
import { eventTypeWords } from '@/lib/events/event-words'
import { showId } from '@/lib/type-id'
import { Tabs } from '../ui/tabs'
import { AttemptsPanel } from './attempts-panel'
import { CallFailure } from './call-failure'
import { CallSummary } from './call-summary'
import { CopyRequest } from './copy-request'
import { type DeliveryActions, DeliveryCard } from './delivery-card'
import { RequestPanel } from './request-panel'
import { ResponsePanel } from './response-panel'
import { type LinkActions, SendToDeveloper } from './send-to-developer'
import { TimingsPanel } from './timings-panel'

type Props = {
  detail: CallDetail
  /** Undefined for a viewer, who sees only the host of the URL, no key and no answer. */
  admin:
    | {
        delivery: DeliveryActions
        reveal: () => Promise<{ headers: ShownHeader[] } | { error: string }>
        links: CallLink[]
        link: LinkActions
      }
    | undefined
}

/** One call: its facts, the failure in words, what becomes of its delivery, and request, response, timings and attempts. */
export function CallView({ detail, admin }: Props) {
  const { call, webhook, body, state, event } = detail
  const { answer, url, request, response, attempts } = shownCall(detail, { whole: admin !== undefined })
  return (
    <>
      <CallSummary
        ruleName={webhook.name}
        ruleHref={
          webhook.open && call.webhookId ? `/settings/webhooks/${showId('webhook', call.webhookId)}` : undefined
        }
        url={url}
        at={call.at}
        durationMs={call.durationMs}
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
          actions={webhook.open ? admin?.delivery : undefined}
        />
      )}
      <div className="flex flex-wrap gap-2">
        {admin && <SendToDeveloper links={admin.links} actions={admin.link} />}
        {request && body !== null && (
          <CopyRequest
            request={request}
            body={body}
            url={admin && url}
            call={{ format: webhook.format, callId: showId('call', call.id) }}
          />
        )}
      </div>
      <Tabs
        label="The call"
        items={[
          {
            value: 'request',
            label: 'Request',
            content: <RequestPanel request={request} body={body} reveal={admin?.reveal} />,
          },
          {
            value: 'response',
            label: 'Response',
            content: <ResponsePanel response={response} withheld={!admin && call.status !== null} />,
          },
          { value: 'timings', label: 'Timings', content: <TimingsPanel timings={callTimings(detail)} /> },
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
