import { type CallAnswer, pillWords } from '@/lib/calls/failure-words'
import { Pill } from '../ui/badge'

/** How a call went, in a few words; a redirect is a warning, everything else that is no 2xx a failure. */
export function ResultPill({ answer }: { answer: CallAnswer }) {
  const words = pillWords(answer)
  const tone = answer.failure === null ? 'success' : answer.failure === 'redirect' ? 'warning' : 'danger'
  return (
    <Pill tone={tone} title={words}>
      {words}
    </Pill>
  )
}
