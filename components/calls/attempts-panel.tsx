'use client'

import type { CallState } from '@/lib/calls/call-state'
import type { CallAttempt } from '@/lib/calls/read-call'
import { showId } from '@/lib/type-id'
import { Card } from '../ui/card'
import { classNames } from '../ui/class-names'
import { Link } from '../ui/link'
import { LocalTime } from '../ui/local-time'
import { durationWords, spanWords } from './call-words'
import { ResultPill } from './result-pill'
import { StateWords } from './state-words'

type Props = { attempts: CallAttempt[]; state: CallState; current: string }

/** The attempts of a delivery as a timeline, which ends with its state: when the next attempt is due, or how it ended. */
export const AttemptsPanel = ({ attempts, state, current }: Props) => (
  <Card>
    <ol aria-label="Attempts" className="flex flex-col">
      {attempts.map((attempt, i) => (
        <Attempt key={attempt.id} attempt={attempt} before={attempts[i - 1]} current={attempt.id === current} />
      ))}
      <li className={itemClasses}>
        <Dot hollow />
        <StateWords state={state} />
      </li>
    </ol>
  </Card>
)

const itemClasses =
  'relative flex flex-wrap items-center gap-x-4 gap-y-1 border-border border-l pb-5 pl-5 last:border-transparent last:pb-0'

type AttemptProps = { attempt: CallAttempt; before: CallAttempt | undefined; current: boolean }

function Attempt({ attempt, before, current }: AttemptProps) {
  const { id, at, durationMs } = attempt
  const words = `Attempt ${attempt.attempt}`
  return (
    <li aria-current={current ? 'step' : undefined} className={itemClasses}>
      <Dot />
      {current ? (
        <span className="font-medium">
          {words} <span className="font-normal text-muted">· this call</span>
        </span>
      ) : (
        <Link href={`/settings/calls/${showId('call', id)}`} className="font-medium text-accent-text underline">
          {words}
        </Link>
      )}
      <ResultPill answer={attempt} />
      <span className="text-muted tabular-nums">{durationWords(durationMs)}</span>
      <span className="basis-full text-muted text-sm">
        <LocalTime at={at} show="both" />
        {before && ` · ${spanWords(at - before.at)} after the attempt before`}
      </span>
    </li>
  )
}

const Dot = ({ hollow = false }: { hollow?: boolean }) => (
  <span
    aria-hidden
    className={classNames(
      'absolute top-1.5 -left-[5px] size-2.5 rounded-full',
      hollow ? 'border-2 border-accent bg-raised' : 'bg-accent',
    )}
  />
)
