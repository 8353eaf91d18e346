import type { ReactNode } from 'react'
import { failureWords } from '@/lib/calls/failure-words'
import { showId } from '@/lib/type-id'
import type { WebhookNow } from '@/lib/webhooks/live-state'
import type { ShownState } from '@/lib/webhooks/shown-state'
import { isLongHold } from '@/lib/webhooks/state-words'
import { NextCallWords } from '../../calls/next-call-words'
import { ResultPill } from '../../calls/result-pill'
import { Callout } from '../../ui/callout'
import { Link } from '../../ui/link'
import { LocalTime } from '../../ui/local-time'

/** The state of a WebHook in sentences: since when, what failed last with its likely cure, what waits, what comes next. */
export function StateFacts({ now: { state, failed } }: { now: WebhookNow }) {
  const { kind, since, failures, waiting } = state
  const failure = failed && failureWords(failed.answer)
  return (
    <>
      {isLongHold(state, Date.now()) && (
        <Callout tone="warning" title="It has been held for more than 7 days">
          What waits longer than this hub keeps its history ends as failed. Release it, or switch it off.
        </Callout>
      )}
      <dl className="grid gap-x-6 gap-y-1 md:grid-cols-[9rem_minmax(0,1fr)] md:gap-y-2">
        <Fact term={sinceTerms[kind]}>
          <LocalTime at={since} show="both" />
          {failures > 0 && (
            <span className="text-muted"> · {failures === 1 ? '1 failure' : `${failures} failures in a row`}</span>
          )}
        </Fact>
        {failed && failure && (
          <Fact term="Failed last">
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Link href={`/settings/calls/${showId('call', failed.callId)}`} className="text-accent-text underline">
                <ResultPill answer={failed.answer} />
                <span className="sr-only">: view the call</span>
              </Link>
              <LocalTime at={failed.at} />
            </span>
            <span className="mt-1 block">{failure.what}</span>
            <span className="block text-muted">{failure.cure}</span>
          </Fact>
        )}
        <Fact term="Waiting">
          <WaitingWords waiting={waiting} />
        </Fact>
        <Fact term="Next">
          <NextWords state={state} />
        </Fact>
      </dl>
    </>
  )
}

const sinceTerms: Record<ShownState['kind'], string> = {
  on: 'On since',
  held: 'Held since',
  retrying: 'Failing since',
  probing: 'Failing since',
  'turned-off': 'Turned off',
  off: 'Off since',
}

function WaitingWords({ waiting: { count, more, oldest } }: Pick<ShownState, 'waiting'>) {
  if (count === 0 || oldest === null) return more ? 'Nothing among the oldest in the queue.' : 'Nothing.'
  return (
    <>
      {more && 'At least '}
      {count === 1 ? '1 delivery' : `${count.toLocaleString('en')} deliveries`}, the oldest triggered{' '}
      <LocalTime at={oldest} />
    </>
  )
}

function NextWords({ state: { next, waiting, kind } }: { state: ShownState }) {
  if (next === null) return 'Events that match make no delivery while it is off.'
  if (waiting.count === 0 && kind !== 'held')
    return next.kind === 'probe'
      ? 'The next event is called as a probe.'
      : 'The next event that matches is called at once.'
  return (
    <>
      <NextCallWords next={next} />
      {next.kind === 'probe' && (
        <span className="block text-muted">The oldest is called then. A 2xx makes the others due.</span>
      )}
    </>
  )
}

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{term}</dt>
    <dd className="min-w-0 max-md:mb-2">{children}</dd>
  </>
)
