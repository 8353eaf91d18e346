import { type IdKind, prefixes, readId } from './type-id'
import * as z from './zod'

// Values of filters, as the parameters of an address have them.

/** A TypeID of this kind; a UUID inside. */
export const idOf = (kind: IdKind) =>
  z.string().transform((text, issues) => {
    const id = readId(kind, text)
    if (id !== undefined) return id
    issues.addIssue({ code: 'custom', message: `This is no id of this kind: it must begin with ${prefixes[kind]}_.` })
    return z.NEVER
  })

/** A moment as ISO 8601 with an offset, or the beginning of a day in UTC; Unix milliseconds inside. */
export const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => Date.parse(text))

/** The parameters of an address that are given: an empty one is absent. */
export const givenParameters = (parameters: Record<string, string | string[] | undefined>) =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))

/** Values as a query string, without the question mark; undefined ones are left out. */
export const queryOf = (values: Record<string, string | number | boolean | undefined>): string =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString()

/** A moment as it stands in an address. */
export const shownMoment = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString()
