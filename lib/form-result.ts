import type { z } from 'zod'

// What a server action gives back: a value, or what the person can put right. What only a bug can cause is thrown.

/** What is wrong with one field, or with the whole form when `field` is absent; a sentence for the person. */
export type FormError = { field?: string; message: string }
export type FormResult<T = undefined> = { ok: true; value: T } | { ok: false; errors: FormError[] }

export const done = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

export const refused = (message: string, field?: string): { ok: false; errors: FormError[] } => ({
  ok: false,
  errors: [field === undefined ? { message } : { field, message }],
})

/** A parse that failed, as errors of its fields; the first of each field. */
export function invalid(error: z.ZodError): { ok: false; errors: FormError[] } {
  const first = new Map<string, FormError>()
  for (const { path, message } of error.issues) {
    const field = path.length > 0 ? path.join('.') : undefined
    if (!first.has(field ?? '')) first.set(field ?? '', field === undefined ? { message } : { field, message })
  }
  return { ok: false, errors: [...first.values()] }
}
