import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BodyView } from '@/components/calls/body-view'
import { DecisionsCard } from '@/components/events/decisions-card'
import { EventFacts } from '@/components/events/event-facts'
import { ReplayEvent } from '@/components/recovery/replay-event'
import { Callout } from '@/components/ui/callout'
import { Card } from '@/components/ui/card'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { readDecisionPage } from '@/lib/events/decision-page'
import { readEvent } from '@/lib/events/event-queries'
import { eventTypeWords } from '@/lib/events/event-words'
import { readNumber, readPageCursor } from '@/lib/http/page-cursor'
import { readId } from '@/lib/type-id'
import { replayOne } from '../actions'

export const metadata: Metadata = { title: 'Event' }

export default async function EventPage({ params, searchParams }: PageProps<'/settings/events/[id]'>) {
  const { account, role } = await authorise('viewer')
  const [{ id: shownId }, address] = await Promise.all([params, searchParams])
  const id = readId('event', shownId)
  const event = id && (await readEvent(db(), account.id, id))
  if (!event) notFound()
  const search = typeof address.search === 'string' ? address.search : ''
  const cursor = readPageCursor(address, readNumber)
  const decisions = await readDecisionPage(db(), account.id, event, { search, cursor })
  return (
    <>
      <PageHead
        back={
          <Link href="/settings/events" className="text-accent-text underline">
            Events
          </Link>
        }
        title={eventTypeWords[event.type]}
        description={<span className="font-mono text-sm">{shownId}</span>}
        action={
          event.record && mayAct(role, 'admin') && <ReplayEvent event={{ id, type: event.type }} replay={replayOne} />
        }
      />
      <EventFacts event={event} />
      {!event.decisions.notify && (
        <Callout title="History was being loaded">
          The event came with “notify”: false. It was stored, and no WebHook was called.
        </Callout>
      )}
      <DecisionsCard page={decisions} address={`/settings/events/${shownId}`} search={search} />
      <Card title="The stored event" flush>
        {event.record ? (
          <BodyView what="event" text={event.data} />
        ) : (
          <p className="p-4 text-muted">The customer’s data was erased. Ids, times and decisions remain.</p>
        )}
      </Card>
    </>
  )
}
