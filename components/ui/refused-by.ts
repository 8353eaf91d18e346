import { refusalText, refusalWords } from '@/lib/accounts/refusals'
import { refused } from '@/lib/form-result'

/** What a form says when its action threw, in words for the person. The form stays, with what was typed. */
export function refusedBy(error: unknown): ReturnType<typeof refused> {
  if (error instanceof TypeError)
    return refused('The hub can’t be reached right now. Check your connection and try again.')
  const words = refusalWords(error)
  if (words) return refused(refusalText(words))
  const digest = error instanceof Error && 'digest' in error ? ` The hub’s log names it ${error.digest}.` : ''
  return refused(`Something broke on our side. What you typed is kept: try again in a moment.${digest}`)
}
