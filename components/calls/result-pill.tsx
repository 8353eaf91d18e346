import { type CallAnswer, pillWords } from '@/lib/calls/failure-words'
import { Pill } from '../ui/badge'

/** The result of a call in a few words. A redirect is shown as a warning, any other failure as an error. */
export function ResultPill({ answer }: { answer: CallAnswer }) {
  const words = pillWords(answer)
  const tone = answer.failure === null ? 'success' : answer.failure === 'redirect' ? 'warning' : 'danger'
  return (
    <Pill tone={tone} title={words}>
      {words}
    </Pill>
  )
}
