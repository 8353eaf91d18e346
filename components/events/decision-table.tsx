import type { CallState } from '@/lib/calls/call-state'
import { reasonWords } from '@/lib/calls/call-state'
import type { WebhookDecision } from '@/lib/events/event-decisions'
import type { EventDelivery } from '@/lib/events/event-deliveries'
import { showId } from '@/lib/type-id'
import { whenWords } from '@/lib/webhooks/words'
import { NextCallWords } from '../calls/next-call-words'
import { Badge, Pill } from '../ui/badge'
import { Link } from '../ui/link'
import { LocalTime } from '../ui/local-time'
import { type Column, Table } from '../ui/table'
import { BreakableWords } from '../webhooks/breakable-words'
import { WhereWords } from '../webhooks/where-words'

export type DecisionLine = WebhookDecision & { deliveries: EventDelivery[] }

/** Why each WebHook did or did not fire, and the state of its delivery. */
export const DecisionTable = ({ lines }: { lines: DecisionLine[] }) => (
  <Table label="Decisions" rows={lines} rowKey={({ webhookId }) => webhookId} columns={columns} />
)

const linkClasses = 'text-accent-text underline'

const columns: Column<DecisionLine>[] = [
  {
    header: 'WebHook',
    primary: true,
    width: 'w-1/5',
    cell: ({ webhookId, name, deleted }) =>
      deleted ? (
        <>
          {name} <Badge>Deleted since</Badge>
        </>
      ) : (
        <Link href={`/settings/webhooks/${showId('webhook', webhookId)}`} className={linkClasses}>
          {name}
        </Link>
      ),
  },
  {
    header: 'Its rule',
    width: 'w-1/5',
    cell: ({ rule, onlyIf }) => (
      <>
        <BreakableWords text={whenWords(rule.events)} />
        {(rule.condition.kind !== 'any' || onlyIf.length > 0) && (
          <span className="block text-muted">
            <WhereWords condition={rule.condition} onlyIf={onlyIf} />
          </span>
        )}
      </>
    ),
  },
  {
    header: 'Decision',
    cell: ({ reason, words }) => (
      <span className="flex flex-col items-start gap-1">
        <Pill tone={reason === 'matched' ? 'success' : 'neutral'}>
          {reason === 'matched' ? 'Fired' : 'Did not fire'}
        </Pill>
        <span className="min-w-0 [overflow-wrap:anywhere]">{words}</span>
      </span>
    ),
  },
  {
    header: 'Delivery',
    width: 'w-1/5',
    cell: ({ reason, deliveries }) => <Deliveries of={deliveries} fired={reason === 'matched'} />,
  },
]

function Deliveries({ of: deliveries, fired }: { of: EventDelivery[]; fired: boolean }) {
  const lost = fired && !deliveries.some(({ late }) => late === null)
  if (deliveries.length === 0) return <span className="text-muted">{lost ? 'No longer kept' : 'None'}</span>
  return (
    <ul className="flex flex-col gap-2">
      {deliveries.map((delivery) => (
        <Delivery key={delivery.deliveryId} of={delivery} />
      ))}
    </ul>
  )
}

const lateWords = { missed: 'Recovered', replay: 'Replayed' }

function Delivery({ of: { state, calls, lastCallId, late, madeAt } }: { of: EventDelivery }) {
  return (
    <li className="flex flex-col items-start gap-1">
      {late && (
        <span className="text-muted">
          {lateWords[late]} <LocalTime at={madeAt} />
        </span>
      )}
      <StatePill state={state} />
      {lastCallId ? (
        <Link href={`/settings/calls/${showId('call', lastCallId)}`} className={linkClasses}>
          {calls === 1 ? 'View its call' : `View its ${calls} calls`}
        </Link>
      ) : (
        state.kind === 'waiting' && <span className="text-muted">Not called yet</span>
      )}
    </li>
  )
}

function StatePill({ state }: { state: CallState }) {
  switch (state.kind) {
    case 'delivered':
      return <Pill tone="success">Delivered</Pill>
    case 'waiting':
      return (
        <>
          <Pill tone="info">Waiting</Pill>
          <span>
            <NextCallWords next={state.next} />
          </span>
        </>
      )
    case 'exhausted':
    case 'cancelled':
      return (
        <>
          <Pill tone={state.kind === 'exhausted' ? 'danger' : 'neutral'}>
            {state.kind === 'exhausted' ? 'Given up' : 'Cancelled'}
          </Pill>
          <span>{reasonWords(state.reason)}</span>
        </>
      )
    default:
      return <span className="text-muted">How it ended is no longer kept.</span>
  }
}
