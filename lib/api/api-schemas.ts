import { type IdKind, prefixes, readId, showId } from '../type-id'
import * as z from '../zod'

// Schemas that several operations share: ids, times, pages, problems.

const letters = '[0-7][0-9a-hjkmnp-tv-z]{25}'
const sample = '01jdv3k8x2e5tazw0r7m6cq4bn'

/** An id of the hub in an answer, such as `whk_01jdv3k8x2e5tazw0r7m6cq4bn`. */
export const shownId = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${prefixes[kind]}_${letters}$`))
    .meta({ example: `${prefixes[kind]}_${sample}` })

/** An id of the hub in a request, as the UUID that it stands for. */
export const givenId = (kind: IdKind) =>
  shownId(kind).transform((text, issues) => {
    const id = readId(kind, text)
    if (id === undefined) issues.addIssue({ code: 'custom', message: 'This is not an id.' })
    return id as string
  })

/** A time in an answer. */
export const shownTime = z.iso.datetime().meta({ example: '2026-11-20T10:12:30.000Z' })

/** A time as answers have it; `at` in Unix milliseconds. */
export const showTime = (at: number | Date): string => new Date(at).toISOString()
export const showTimeOrNull = (at: number | Date | null): string | null => (at === null ? null : showTime(at))

/** A time in a request, as Unix milliseconds. */
export const givenTime = z.iso
  .datetime({ offset: true, error: 'This is not a time such as 2026-11-20T10:12:30Z.' })
  .transform((text) => Date.parse(text))

/** The part of an address that names a thing, whatever its form: an unknown one is answered 404. */
export const pathPart = (description: string, example: string) =>
  z.string().min(1).max(200).meta({ description, example })

const pageSizeAtMost = 100

/** The query of a list whose entries have ids of this kind. `after`: the `next` of the page before. */
export const pageQuery = (kind: IdKind) =>
  z.strictObject({
    limit: z.coerce
      .number<string>()
      .int()
      .min(1)
      .max(pageSizeAtMost)
      .default(50)
      .meta({
        description: 'How many entries a page has at most.',
        override: { type: 'integer', minimum: 1, maximum: pageSizeAtMost },
      }),
    after: givenId(kind).optional().meta({ description: 'The `next` of the page before. Absent: the first page.' }),
  })

/** A page of a list. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    data: z.array(row),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Where the next page begins: pass it as `after`. null: there is no further page.' }),
  })

/** Where a page begins, as the lists of lib take it. */
export const cursorOf = (after: string | undefined) =>
  after === undefined ? undefined : { from: after, backward: false }

/** A page of rows whose cursor is an id. */
export const showPage = <Row, Shown>(
  kind: IdKind,
  { rows, next }: { rows: Row[]; next: string | null },
  show: (row: Row) => Shown,
) => ({ data: rows.map(show), next: next === null ? null : showId(kind, next) })

/** An error answer (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with which field of the body or the query.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' })
