import { type FormResult, refused } from '../form-result'
import list from './common-passwords.json' with { type: 'json' }

// The list stays on the server: the forms would load 30 kB for a check that the server repeats anyway.

const common = new Set(list)

/**
 * The refusal of a new password that is among the most common ones, or undefined. Upper and lower case are not told apart.
 * The list is Django's 20,000 most common passwords, without those under 10 characters, which passwordSchema refuses.
 */
export function refuseCommon(password: string, field: string): Extract<FormResult, { ok: false }> | undefined {
  if (!common.has(password.toLowerCase())) return undefined
  return refused(
    'This is one of the most common passwords. Choose another: three or four words make a good one.',
    field,
  )
}
