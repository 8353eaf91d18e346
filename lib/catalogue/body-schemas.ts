import { type EventType, sourceKinds } from '../events/event-types'
import type { FormatKey } from '../formats/format'
import * as z from '../zod'

// The bodies that are sent, as schemas: for the OpenAPI document and the event catalogue. A test compares them with what the
// formats render.

const text = z.string().optional()
const time = z.iso.datetime()
const stars = z.int().min(1).max(5).optional()
const properties = z.record(z.string(), z.unknown()).optional()

const customer = z
  .object({
    name: text,
    firstName: text,
    lastName: text,
    displayName: text,
    email: text,
    phone: text,
    externalId: text,
    company: text,
    location: text,
    country: text,
    locale: text,
  })
  .optional()
const request = z.object({ ip: text, userAgent: text, originUrl: text }).optional()
const campaign = z.object({ id: text, name: text, sentAt: text }).optional()
const shared = { customer, campaign, properties, request, createdAt: text, updatedAt: text }

const feedback = z.object({
  id: z.string(),
  reviewId: z.string(),
  version: z.int(),
  service: z.object({ rating: stars, title: text, text }).optional(),
  products: z.array(z.object({ sku: text, title: text, rating: stars, text })).optional(),
  nps: z.object({ score: z.int().min(0).max(10), reason: text }).optional(),
  temperature: z.enum(['gold', 'green', 'yellow', 'red']).optional(),
  comment: text,
  drivers: z.array(z.string()).optional(),
  answers: z.array(z.object({ type: z.string(), title: z.string(), response: z.unknown() })).optional(),
  custom: z.array(z.string()).optional(),
  order: z.object({ ref: text }).optional(),
  tags: z.array(z.string()).optional(),
  excludedFromCalculations: z.boolean().optional(),
  ...shared,
  createdAt: time,
  updatedAt: time,
  deletedAt: time.optional(),
})
const decline = z.object({ id: z.string(), excludedFromCalculations: z.boolean().optional(), ...shared })
const message = z.object({
  id: z.string(),
  channel: z.enum(['email', 'sms', 'whatsapp']),
  status: z.string(),
  scheduledAt: text,
  sentAt: text,
  deliveredAt: text,
  failedReason: text,
  text,
  feedbackId: text,
  ...shared,
})

const known = z.string().nullable()
const wootricShared = {
  id: z.int(),
  email: known,
  external_id: known,
  ip_address: known,
  origin_url: known,
  end_user_id: z.int(),
  end_user_properties: z.record(z.string(), z.unknown()),
  survey_id: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
}
const wootricEnvelope = {
  event_name: z.enum(['created', 'updated']),
  timestamp: z.string(),
  account_token: z.string(),
  survey_mode: z.enum(['NPS', 'CSAT']),
}
const customFields = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`custom_${i + 1}`, z.string()]))

const about = (type: EventType) =>
  type.startsWith('message.') ? 'message' : type === 'survey.declined' ? 'decline' : 'feedback'
const subjects = { feedback, decline, message }

const schemas: Record<FormatKey, (type: EventType) => z.ZodType> = {
  feefo: () => z.object({ id: z.string(), event: z.enum(['created', 'updated']), url: z.url() }),
  'customer-thermometer': () =>
    z.object({
      event_id: z.int(),
      blast_name: known,
      blast_id: z.int().nullable(),
      blast_date: time.nullable(),
      thermometer_name: z.string(),
      thermometer_id: z.int(),
      response_id: z.int(),
      response: z.enum(['Gold', 'Green', 'Yellow', 'Red']),
      temperature_id: z.int().min(1).max(4),
      response_date: time,
      response_delay: z.int().nullable(),
      response_icon: z.string(),
      recipient: known,
      first_name: z.string(),
      last_name: known,
      company: known,
      comment: known,
      ...customFields,
      ip_address: known,
      country: known,
      user_agent: known,
      drivers: z.array(z.string()),
    }),
  wootric: (type) =>
    type === 'survey.declined'
      ? z.object({ decline: z.object(wootricShared), ...wootricEnvelope })
      : z.object({
          response: z.object({
            ...wootricShared,
            score: z.int().nullable(),
            text: known,
            excluded_from_calculations: z.boolean(),
          }),
          ...wootricEnvelope,
        }),
  reviews: (type) =>
    z.object({
      event: z.literal(type.replace('feedback.', 'review-').replace('message.', 'message-')),
      data: about(type) === 'message' ? message.extend({ deletedAt: time.optional() }) : feedback,
    }),
  rateup: () =>
    z.object({
      tag: z.literal('feedback'),
      createdAt: time,
      phone: known,
      language: known,
      responses: z.array(z.object({ type: z.string(), response: z.unknown(), title: z.string() })),
      teamId: z.string(),
      surveyId: z.string(),
    }),
  standard: (type) =>
    z.object({
      type: z.literal(type),
      timestamp: time,
      data: z.object({
        id: z.string(),
        source: z.object({ key: z.string(), name: z.string(), kind: z.enum(sourceKinds) }),
        [about(type)]: subjects[about(type)],
      }),
    }),
}

/** The body that a format sends for an event of this type, written as JSON. */
export const bodySchema = (format: FormatKey, type: EventType): z.ZodType => schemas[format](type)
