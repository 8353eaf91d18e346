import type * as z from './zod'

// The result of a server action: a value, or errors that the person can correct. What only a bug can cause is thrown.

/** What the person can do about an error where trying again does not help. */
export type Cure = 'reload' | 'sign-in'

/** An error of one field, or of the whole form when `field` is absent. `message` is a sentence for the person. */
export type FormError = { field?: string; message: string; cure?: Cure }
export type FormResult<T = undefined> = { ok: true; value: T } | Refused
/** `missing`: an id names nothing in the account, and the answer's status is 404. */
type Refused = { ok: false; errors: FormError[]; missing?: true }

export const done = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const refused = (message: string, field?: string): { ok: false; errors: FormError[] } => ({
  ok: false,
  errors: [field === undefined ? { message } : { field, message }],
})

/** The refusal of an id that names nothing in the account. */
export const missing = (message: string): Refused => ({ ok: false, errors: [{ message }], missing: true })

/** The first error of each field of a failed parse. */
export function invalid(error: z.ZodError): { ok: false; errors: FormError[] } {
  const first = new Map<string, FormError>()
  for (const { path, message } of error.issues) {
    const field = path.length > 0 ? path.join('.') : undefined
    if (!first.has(field ?? '')) first.set(field ?? '', field === undefined ? { message } : { field, message })
  }
  return { ok: false, errors: [...first.values()] }
}
