import { refusals, refusalText, refusalWords } from '@/lib/accounts/refusals'
import type { Cure, FormError } from '@/lib/form-result'

/** What a form says when its action threw, in words for the person. The form stays, with what was typed. */
export function refusedBy(error: unknown): { ok: false; errors: [FormError] } {
  const words = refusalWords(error)
  if (words) return { ok: false, errors: [{ message: refusalText(words), ...cureOf(words) }] }
  console.error(error)
  const digest = error instanceof Error && 'digest' in error ? ` The hub’s log names it ${error.digest}.` : ''
  const message = `Something broke on our side. What you typed is kept: try again in a moment.${digest}`
  return { ok: false, errors: [{ message }] }
}

function cureOf(words: object): { cure?: Cure } {
  if (words === refusals.outdated) return { cure: 'reload' }
  return words === refusals.signedOut ? { cure: 'sign-in' } : {}
}
