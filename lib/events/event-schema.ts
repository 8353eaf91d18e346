import * as z from 'zod'
import { sourceKinds } from './event-types'

// The body of POST /api/v1/events, as the platform sends it. Unknown fields are dropped; what is known is exact.
// Times that were not given stay absent here, so that the same request always hashes to the same content. The hash
// depends on the order of the fields: new ones may come anywhere, those that are here keep their order.

const id = z.string().min(1, 'is empty').max(255, 'is longer than 255 characters')
const line = z.string().max(2_000, 'is longer than 2,000 characters')
const words = z.string().max(200_000, 'is longer than 200,000 characters')
// Offsets can carry a time out of the years that ISO 8601 writes with four digits; PostgreSQL has no year 0.
const time = z.iso.datetime({ offset: true, error: 'is not a time such as 2026-11-20T10:12:30Z' }).refine((text) => {
  const year = new Date(text).getUTCFullYear()
  return !(year < 1 || year > 9999)
}, 'is not in the years 1 to 9999')
const stars = z.int('is not a whole number from 1 to 5').min(1, 'is below 1').max(5, 'is above 5')
// A parsed body holds nothing but JSON: z.json() would visit each value again, at 2 µs a value.
const json = z.custom<z.core.util.JSONType>((value) => value !== undefined, 'is missing')

export const customerSchema = z.object({
  name: line.optional(),
  firstName: line.optional(),
  lastName: line.optional(),
  displayName: line.optional(),
  email: line.optional(),
  phone: line.optional(),
  externalId: line.optional(),
  company: line.optional(),
  location: line.optional(),
  country: line.optional(),
  locale: line.optional(),
})

const requestSchema = z.object({ ip: line.optional(), userAgent: line.optional(), originUrl: line.optional() })
const campaignSchema = z.object({ id: id.optional(), name: line.optional(), sentAt: time.optional() })
const common = {
  customer: customerSchema.optional(),
  campaign: campaignSchema.optional(),
  properties: z.record(z.string(), json).optional(),
  request: requestSchema.optional(),
  createdAt: time.optional(),
  updatedAt: time.optional(),
}

export const ratedParts = ['service', 'products', 'nps', 'temperature', 'comment', 'answers'] as const

export const feedbackSchema = z
  .object({
    id,
    service: z.object({ rating: stars.optional(), title: line.optional(), text: words.optional() }).optional(),
    products: z
      .array(
        z.object({
          sku: line.optional(),
          title: line.optional(),
          rating: stars.optional(),
          text: words.optional(),
        }),
      )
      .min(1, 'is an empty list')
      .max(500, 'has more than 500 products')
      .optional(),
    nps: z
      .object({
        score: z.int('is not a whole number from 0 to 10').min(0, 'is below 0').max(10, 'is above 10'),
        reason: words.optional(),
      })
      .optional(),
    temperature: z.enum(['gold', 'green', 'yellow', 'red'], 'is not gold, green, yellow or red').optional(),
    comment: words.optional(),
    drivers: z.array(line).max(100, 'has more than 100 drivers').optional(),
    answers: z
      .array(z.object({ type: line, title: line, response: json }))
      .min(1, 'is an empty list')
      .max(500, 'has more than 500 answers')
      .optional(),
    custom: z.array(line).max(10, 'has more than 10 values').optional(),
    order: z.object({ ref: line }).optional(),
    tags: z.array(line).max(100, 'has more than 100 tags').optional(),
    excludedFromCalculations: z.boolean().optional(),
    ...common,
  })
  .refine(
    (feedback) => ratedParts.some((part) => feedback[part] !== undefined),
    'needs at least one of service, products, nps, temperature, comment, answers',
  )

export const declineSchema = z.object({ id, excludedFromCalculations: z.boolean().optional(), ...common })

export const messageSchema = z.object({
  id,
  channel: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['email', 'sms', 'whatsapp'], 'is not email, SMS or WhatsApp')),
  status: line,
  scheduledAt: time.optional(),
  sentAt: time.optional(),
  deliveredAt: time.optional(),
  failedReason: line.optional(),
  text: words.optional(),
  feedbackId: id.optional(),
  ...common,
})

const sourceKey = z
  .string()
  .min(1, 'is empty')
  .max(100, 'is longer than 100 characters')
  .refine((key) => key.trim() === key, 'begins or ends with a space')

export const sourceSchema = z.union([
  sourceKey.transform((key) => ({ key })),
  z.object({
    key: sourceKey,
    name: line.min(1, 'is empty').optional(),
    kind: z.enum(sourceKinds, `is not one of ${sourceKinds.join(', ')}`).optional(),
  }),
])

const envelope = {
  id: id.optional(),
  occurredAt: time.optional(),
  notify: z.boolean().optional(),
  source: sourceSchema.optional(),
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
  { error: 'is not one of the seven event types' },
)

export type IncomingEvent = z.infer<typeof eventSchema>
export type Feedback = z.infer<typeof feedbackSchema>
export type Decline = z.infer<typeof declineSchema>
export type Message = z.infer<typeof messageSchema>
export type Customer = z.infer<typeof customerSchema>
