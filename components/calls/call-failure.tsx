import type { CallState } from '@/lib/calls/call-state'
import { type CallAnswer, failureWords } from '@/lib/calls/failure-words'
import { Callout } from '../ui/callout'
import { NextCallWords } from './next-call-words'

type Props = {
  answer: CallAnswer
  state: CallState
  /** The wait that the receiver asked for with Retry-After. */
  retryAfterSeconds: number | null
  /** Nothing beside it says what the delivery waits for. */
  alone?: boolean
}

/** A failed call in plain words: what happened, the likely cure and what happens next. Nothing for a success. */
export function CallFailure({ answer, state, retryAfterSeconds, alone = false }: Props) {
  const words = failureWords(answer)
  if (!words) return null
  return (
    <Callout tone={answer.failure === 'redirect' ? 'warning' : 'danger'} title={words.what}>
      <p>{words.cure}</p>
      {state.kind === 'waiting' && retryAfterSeconds !== null && <p>It asked us to wait {retryAfterSeconds} s.</p>}
      {state.kind === 'waiting' && alone && (
        <p>
          <NextCallWords next={state.next} />
        </p>
      )}
      {state.kind === 'delivered' && <p>A later attempt was delivered.</p>}
    </Callout>
  )
}
