import { faultWords } from '../fault-words'
import { isStorable } from '../plain-text'
import * as z from '../zod'

// The parameters of GET /api/v1/reviews/{kind}. Each narrows the result, `id` too. Unknown parameters are ignored:
// receivers written for Feefo's Reviews API, whose shape this one follows, send others.

export const reviewKinds = ['all', 'service', 'product', 'nps'] as const
export type ReviewKind = (typeof reviewKinds)[number]

const wholeNumber = (from: number, to: number) => {
  const message = `is not a whole number from ${from} to ${to}`
  return z
    .string()
    .regex(/^\d{1,6}$/, message)
    .transform(Number)
    .refine((number) => number >= from && number <= to, message)
}

const day = z.iso.date()
const moment = z.iso.datetime({ offset: true })
const time = z
  .string()
  .refine(
    (text) => day.safeParse(text).success || moment.safeParse(text).success,
    'is not a time such as 2026-11-20T10:12:30Z, or a day such as 2026-11-20',
  )
  .transform((text) => new Date(text))

const text = z.string().min(1, 'is empty').max(255, 'is longer than 255 characters')

const querySchema = (kind: ReviewKind) =>
  z.object({
    merchant_identifier: z
      .string('is missing: name the account')
      .pipe(text)
      .refine(isStorable, 'holds a character that no identifier has'),
    id: text.optional(),
    page: wholeNumber(1, 100_000).default(1),
    page_size: wholeNumber(1, 100).default(20),
    /** Feedback created at this moment or later. */
    since: time.optional(),
    /** Comma-separated ratings of the service or of any product; for `nps`, scores. */
    rating: z
      .string()
      .transform((list) => list.split(','))
      .pipe(z.array(kind === 'nps' ? wholeNumber(0, 10) : wholeNumber(1, 5)))
      .optional(),
  })

export type ReviewsQuery = z.infer<ReturnType<typeof querySchema>>

export type ParameterFault = { parameter: string; message: string }

/** Reads the parameters, or returns a fault for each bad one. */
export function readReviewsQuery(
  kind: ReviewKind,
  given: URLSearchParams,
): { query: ReviewsQuery } | { faults: ParameterFault[] } {
  const schema = querySchema(kind)
  const values: Record<string, string> = {}
  const faults: ParameterFault[] = []
  for (const parameter of Object.keys(schema.shape)) {
    const [value, another] = given.getAll(parameter)
    if (another !== undefined) faults.push({ parameter, message: 'is given more than once' })
    if (value !== undefined) values[parameter] = value
  }
  const result = schema.safeParse(values, { error: faultWords })
  if (result.success && faults.length === 0) return { query: result.data }
  for (const { path, message } of result.error?.issues ?? []) faults.push({ parameter: String(path[0]), message })
  return { faults }
}
