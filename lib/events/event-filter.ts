import { givenParameters, idOf, momentSchema, queryOf, shownMoment } from '../filter-schema'
import { showId } from '../type-id'
import * as z from '../zod'
import { type EventType, eventTypes } from './event-types'

// What a list of events is narrowed to. One schema serves the addresses of pages, exports and the management API.

/** The parameters of an address. All are optional, and all must hold. */
export const eventFilterSchema = z.object({
  type: z.enum(eventTypes).optional(),
  /** A source's TypeID. */
  source: idOf('source').optional(),
  /** A webhook's TypeID: events that fired it when they came in. */
  webhook: idOf('webhook').optional(),
  /** The platform's id of the feedback, declined survey, message or event. */
  subject: z
    .string()
    .trim()
    .max(255)
    .transform((text) => text || undefined)
    .optional(),
  /** Events that came in at this moment or later. */
  since: momentSchema.optional(),
  /** Events that came in before this moment. */
  until: momentSchema.optional(),
})

/** Ids are UUIDs, times are Unix milliseconds. */
export type EventFilter = {
  type?: EventType
  sourceId?: string
  webhookId?: string
  subject?: string
  since?: number
  until?: number
}

/** The parsed parameters as a filter. */
export const eventFilterOf = (parsed: z.infer<typeof eventFilterSchema>): EventFilter => {
  const { source: sourceId, webhook: webhookId, ...rest } = parsed
  return { ...rest, sourceId, webhookId }
}

/** Reads the filter from the parameters of an address. Undefined: one of them is malformed. */
export function readEventFilter(parameters: Record<string, string | string[] | undefined>): EventFilter | undefined {
  const { data } = eventFilterSchema.safeParse(givenParameters(parameters))
  return data && eventFilterOf(data)
}

/** The filter as a query string, without the question mark. */
export const eventFilterQuery = ({ sourceId, webhookId, since, until, ...rest }: EventFilter): string =>
  queryOf({
    ...rest,
    source: sourceId && showId('source', sourceId),
    webhook: webhookId && showId('webhook', webhookId),
    since: shownMoment(since),
    until: shownMoment(until),
  })

export const isFiltered = (filter: EventFilter): boolean => eventFilterQuery(filter) !== ''
