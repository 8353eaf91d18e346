import type { FormError, FormResult } from '../form-result'
import { problem } from '../http/problem'
import type * as z from '../zod'
import { type ApiRefusal, conflict } from './operation'

// How the API answers what it does not carry out.

const titles: Record<number, string> = {
  404: 'Not found',
  409: 'Conflict',
  412: 'Precondition failed',
  422: 'Not valid',
  429: 'Too many requests',
}

/** The answer to a refusal, with a path for each field. */
export function answerRefusal({ errors, missing, status: given }: ApiRefusal): Response {
  const status = given ?? (missing ? 404 : 422)
  const fields = errors.flatMap(({ field, message }) => (field === undefined ? [] : [{ path: field, message }]))
  return problem(status, titles[status] ?? 'Refused', detailOf(errors), {
    more: fields.length > 0 ? { errors: fields } : {},
  })
}

const detailOf = ([first]: FormError[]): string =>
  first ? (first.field === undefined ? first.message : `${first.field}: ${first.message}`) : 'It was refused.'

/** The answer to a body or query that its schema refuses. */
export function answerInvalid(status: 400 | 422, error: z.ZodError): Response {
  const errors = error.issues.map(({ path, message, ...issue }) => ({
    // An unknown field is where its name is, not at the object around it.
    field: [...path, ...('keys' in issue && issue.keys ? issue.keys.slice(0, 1) : [])].join('.') || undefined,
    message,
  }))
  if (status === 422) return answerRefusal({ ok: false, errors })
  return problem(400, 'Bad request', detailOf(errors), {
    more: { errors: errors.map(({ field = '', message }) => ({ path: field, message })) },
  })
}

export const notFound = () =>
  answerRefusal({ ok: false, errors: [{ message: 'There is no such thing.' }], missing: true })

export const unauthorised = (detail: string) =>
  problem(401, 'API key needed', detail, { headers: { 'www-authenticate': 'Bearer' } })

export const tooMany = (perSecond: number, waitSeconds: number) =>
  problem(429, titles[429] as string, `Send at most ${perSecond} requests a second.`, {
    headers: { 'retry-after': String(waitSeconds) },
  })

/** A refusal because of the present state, from the words that a screen shows. */
export const refusedAsConflict = (result: FormResult): ApiRefusal =>
  conflict(result.ok ? 'It is not possible now.' : (result.errors[0]?.message ?? ''))
