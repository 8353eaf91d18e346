import type { ReactNode } from 'react'
import { Link } from '../ui/link'
import { LocalTime } from '../ui/local-time'
import { MiddleCut } from '../ui/middle-cut'
import { durationWords } from './call-words'

type Props = {
  ruleName: string
  /** Undefined: the WebHook was deleted. */
  ruleHref: string | undefined
  url: string
  at: number
  durationMs: number
  /** The request was sent again on a new connection. */
  reconnected: boolean
  /** "2 of 10", or "1" for a test fire. */
  attempt: string
  /** Null: the event is no longer kept. Undefined: a test fire has none. */
  event: { href: string; words: string } | null | undefined
}

/** The facts of a call as terms and values, in one row on wide screens. */
export function CallSummary(call: Props) {
  const { ruleName, ruleHref, url, at, durationMs, reconnected, attempt, event } = call
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3 rounded-card border border-border bg-raised p-4">
      <Fact term="Rule">
        {ruleHref ? (
          <Link href={ruleHref} className="text-accent-text underline [overflow-wrap:anywhere]">
            {ruleName}
          </Link>
        ) : (
          ruleName
        )}
      </Fact>
      <Fact term="WebHook URL">
        <MiddleCut text={url} />
      </Fact>
      <Fact term="Date and time">
        <LocalTime at={at} show="both" />
      </Fact>
      <Fact term="Duration">{durationWords(durationMs)}</Fact>
      {reconnected && (
        <Fact term="Connection">
          Tried again on a new connection
          <span className="block max-w-80 text-muted text-sm">
            The kept one was closed before an answer began. The request was the same.
          </span>
        </Fact>
      )}
      <Fact term="Attempt">{attempt}</Fact>
      {event && (
        <Fact term="Event">
          <Link href={event.href} className="text-accent-text underline">
            {event.words}
          </Link>
        </Fact>
      )}
      {event === null && <Fact term="Event">No longer kept</Fact>}
    </dl>
  )
}

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="flex min-w-0 flex-col">
    <dt className="text-muted text-sm">{term}</dt>
    <dd className="min-w-0 tabular-nums">{children}</dd>
  </div>
)
