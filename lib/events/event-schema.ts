import { showsSomething } from '../plain-text'
import * as z from '../zod'
import { sourceKinds } from './event-types'

// The body of POST /api/v1/events, as the platform sends it. Unknown fields are dropped; what is known is exact. Optional
// fields may be null. Texts have no limit of their own: an event has at most 256 KiB (cut-body.ts).
// Times that were not given stay absent here, so that the same request always hashes to the same content. The hash
// depends on the order of the fields: new ones may come anywhere, those that are here keep their order.

const text = z.string()
const id = text
  .min(1, 'is empty')
  .max(255, 'is longer than 255 characters')
  .refine(showsSomething, 'has no character that can be seen')
// Offsets can carry a time out of the years that ISO 8601 writes with four digits; PostgreSQL has no year 0.
const time = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear()
  return !(year < 1 || year > 9999)
}, 'is not in the years 1 to 9999')
const stars = z.int('is not a whole number from 1 to 5').min(1, 'is below 1').max(5, 'is above 5')
const score = z.int('is not a whole number from 0 to 10').min(0, 'is below 0').max(10, 'is above 10')
const flag = z.boolean()
// A parsed body holds nothing but JSON: z.json() would visit each value again, at 2 µs a value.
const json = z.custom<z.core.util.JSONType>((value) => value !== undefined, 'is missing')

/** A field that may be absent or null, which are the same. Of absent fields zod asks nothing more. */
const maybe = <T extends z.ZodType>(schema: T) =>
  schema
    .nullable()
    .transform((value) => value ?? undefined)
    .optional()

/** A part of the feedback: one with nothing in it, such as `{}` or "", is absent too. */
const part = <T extends z.ZodType>(schema: T) =>
  schema
    .nullable()
    .transform((value) => (isNothing(value) ? undefined : (value as NonNullable<typeof value>)))
    .optional()

function isNothing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined || value === null || value === ''
  return Object.values(value).every(isNothing)
}

export const customerSchema = z.object({
  name: maybe(text),
  firstName: maybe(text),
  lastName: maybe(text),
  displayName: maybe(text),
  email: maybe(text),
  phone: maybe(text),
  externalId: maybe(text),
  company: maybe(text),
  location: maybe(text),
  country: maybe(text),
  locale: maybe(text),
})

const requestSchema = z.object({ ip: maybe(text), userAgent: maybe(text), originUrl: maybe(text) })
const campaignSchema = z.object({ id: maybe(id), name: maybe(text), sentAt: maybe(time) })
const common = {
  customer: maybe(customerSchema),
  campaign: maybe(campaignSchema),
  properties: maybe(z.record(z.string(), json)),
  request: maybe(requestSchema),
  createdAt: maybe(time),
  updatedAt: maybe(time),
}

export const ratedParts = ['service', 'products', 'nps', 'temperature', 'comment', 'answers'] as const

const npsSchema = z.object({ score: maybe(score), reason: maybe(text) }).transform((nps, issues) => {
  if (isNothing(nps)) return undefined
  if (nps.score === undefined) issues.addIssue({ code: 'custom', path: ['score'], message: 'is missing' })
  return nps as { score: number; reason?: string }
})

export const feedbackSchema = z
  .object({
    id,
    service: part(z.object({ rating: maybe(stars), title: maybe(text), text: maybe(text) })),
    products: part(
      z
        .array(z.object({ sku: maybe(text), title: maybe(text), rating: maybe(stars), text: maybe(text) }))
        .max(500, 'has more than 500 products'),
    ),
    nps: maybe(npsSchema),
    temperature: maybe(z.enum(['gold', 'green', 'yellow', 'red'], 'is not gold, green, yellow or red')),
    comment: part(text),
    drivers: maybe(z.array(text).max(100, 'has more than 100 drivers')),
    answers: part(z.array(z.object({ type: text, title: text, response: json })).max(500, 'has more than 500 answers')),
    custom: maybe(z.array(text).max(10, 'has more than 10 values')),
    order: maybe(z.object({ ref: maybe(text) })),
    tags: maybe(z.array(text).max(100, 'has more than 100 tags')),
    excludedFromCalculations: maybe(flag),
    ...common,
  })
  .refine(
    (feedback) => ratedParts.some((part) => feedback[part] !== undefined),
    'needs at least one of service, products, nps, temperature, comment, answers',
  )

export const declineSchema = z.object({ id, excludedFromCalculations: maybe(flag), ...common })

export const messageSchema = z.object({
  id,
  channel: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['email', 'sms', 'whatsapp'], 'is not email, SMS or WhatsApp')),
  status: text,
  scheduledAt: maybe(time),
  sentAt: maybe(time),
  deliveredAt: maybe(time),
  failedReason: maybe(text),
  text: maybe(text),
  feedbackId: maybe(id),
  ...common,
})

const sourceKey = text
  .min(1, 'is empty')
  .max(100, 'is longer than 100 characters')
  .refine(showsSomething, 'has no character that can be seen')
  .refine((key) => key.trim() === key, 'begins or ends with a space')
const sourceName = text
  .min(1, 'is empty')
  .max(2_000, 'is longer than 2,000 characters')
  .refine(showsSomething, 'has no character that can be seen')

export const sourceSchema = z.union(
  [
    sourceKey.transform((key) => ({ key })),
    z.object({
      key: sourceKey,
      name: maybe(sourceName),
      kind: maybe(z.enum(sourceKinds, `is not one of ${sourceKinds.join(', ')}`)),
    }),
  ],
  'is neither the key of a source nor an object with one',
)

const envelope = {
  id: maybe(id),
  occurredAt: maybe(time),
  notify: maybe(flag),
  source: maybe(sourceSchema),
}

export const eventSchema = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal(['feedback.created', 'feedback.updated']), feedback: feedbackSchema, ...envelope }),
    z.object({ type: z.literal('feedback.deleted'), feedback: z.object({ id }), ...envelope }),
    z.object({ type: z.literal('survey.declined'), decline: declineSchema, ...envelope }),
    z.object({
      type: z.literal(['message.created', 'message.updated', 'message.deleted']),
      message: messageSchema,
      ...envelope,
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'is not one of the seven event types' : undefined) },
)

export type IncomingEvent = z.infer<typeof eventSchema>
export type Feedback = z.infer<typeof feedbackSchema>
export type Decline = z.infer<typeof declineSchema>
export type Message = z.infer<typeof messageSchema>
export type Customer = z.infer<typeof customerSchema>
