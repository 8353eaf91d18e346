import { type EventType, eventTypes } from '../events/event-types'
import { givenParameters, idOf, momentSchema, queryOf, shownMoment } from '../filter-schema'
import { isStorable } from '../plain-text'
import { showId } from '../type-id'
import * as z from '../zod'
import { type CallFailure, callFailures } from './failure'

// What a list of calls is narrowed to. One schema serves the addresses of pages, exports and the management API.

export const callResults = ['all', 'delivered', 'failed'] as const
export type ResultFilter = (typeof callResults)[number]

/** The parameters of an address. All are optional, and all must hold. */
export const callFilterSchema = z.object({
  /** A webhook's TypeID. */
  webhook: idOf('webhook').optional(),
  result: z.enum(callResults).default('all'),
  /** The HTTP status of the answer. */
  status: z.coerce.number().int().min(100).max(999).optional(),
  /** Why the call failed. */
  failure: z.enum(callFailures).optional(),
  /** Calls that began at this moment or later. */
  since: momentSchema.optional(),
  /** Calls that began before this moment. */
  until: momentSchema.optional(),
  /** The type of the event that was sent. Test fires have no event. */
  type: z.enum(eventTypes).optional(),
  /** `true`: test fires only. `false`: none of them. */
  test: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
  /** The feedback whose events were sent: the platform's id, or ours. */
  feedback: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .refine(isStorable, 'This text can’t be stored, so nothing has it.')
    .optional(),
  /** An event's TypeID. */
  event: idOf('event').optional(),
  /** The `webhook-id` that receivers see: a delivery's TypeID. */
  delivery: idOf('delivery').optional(),
})

/** Ids are UUIDs, times are Unix milliseconds. */
export type CallFilter = {
  webhookId?: string
  result: ResultFilter
  status?: number
  failure?: CallFailure
  since?: number
  until?: number
  type?: EventType
  test?: boolean
  feedback?: string
  eventId?: string
  deliveryId?: string
}

/** The parsed parameters as a filter. */
export const callFilterOf = (parsed: z.infer<typeof callFilterSchema>): CallFilter => {
  const { webhook: webhookId, event: eventId, delivery: deliveryId, ...rest } = parsed
  return { ...rest, webhookId, eventId, deliveryId }
}

/** Reads the filter from the parameters of an address. Undefined: one of them is malformed. */
export function readCallFilter(parameters: Record<string, string | string[] | undefined>): CallFilter | undefined {
  const { data } = callFilterSchema.safeParse(givenParameters(parameters))
  return data && callFilterOf(data)
}

/** The filter as a query string, without the question mark. */
export function callFilterQuery({ webhookId, result, since, until, eventId, deliveryId, ...rest }: CallFilter): string {
  return queryOf({
    webhook: webhookId && showId('webhook', webhookId),
    result: result === 'all' ? undefined : result,
    ...rest,
    since: shownMoment(since),
    until: shownMoment(until),
    event: eventId && showId('event', eventId),
    delivery: deliveryId && showId('delivery', deliveryId),
  })
}

export const isFiltered = (filter: CallFilter): boolean => callFilterQuery(filter) !== ''
