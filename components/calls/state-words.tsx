import { type CallState, reasonWords } from '@/lib/calls/call-state'
import { Pill } from '../ui/badge'
import { LocalTime } from '../ui/local-time'
import { NextCallWords } from './next-call-words'

/** The state of a delivery: when its next attempt is due, or how and when it ended. */
export function StateWords({ state }: { state: CallState }) {
  switch (state.kind) {
    case 'test':
      return (
        <p className="flex flex-wrap items-center gap-2">
          <Pill tone="neutral">Test</Pill>A test fire is one call. It is not retried.
        </p>
      )
    case 'delivered':
      return (
        <p className="flex flex-wrap items-center gap-2">
          <Pill tone="success">Delivered</Pill>Your endpoint took it. There is nothing left to do.
        </p>
      )
    case 'waiting':
      return (
        <p className="flex flex-wrap items-center gap-2">
          <Pill tone="info">Waiting</Pill>
          <span>
            <NextCallWords next={state.next} />
          </span>
        </p>
      )
    case 'exhausted':
    case 'cancelled':
      return (
        <p className="flex flex-wrap items-center gap-2">
          <Pill tone={state.kind === 'exhausted' ? 'danger' : 'neutral'}>
            {state.kind === 'exhausted' ? 'Given up' : 'Cancelled'}
          </Pill>
          <span>
            {reasonWords(state.reason)} <LocalTime at={state.at} show="both" />
          </span>
        </p>
      )
    case 'unknown':
      return <p className="text-muted">How it ended is older than the history that this hub keeps.</p>
  }
}
