import { readId, showId } from '../type-id'
import { type EventType, eventTypes } from './event-types'

/** The filter of the event log. `subject`: the platform's id of the feedback, message or event. */
export type EventFilter = { type?: EventType; sourceId?: string; subject?: string }

type Parameters = Record<string, string | string[] | undefined>

/** Reads the filter from the parameters of an address. Undefined: the source id is malformed. */
export function readEventFilter({ type, source, subject }: Parameters): EventFilter | undefined {
  const sourceId = typeof source === 'string' && source !== '' ? readId('source', source) : undefined
  if (source && !sourceId) return undefined
  const wanted = typeof subject === 'string' ? subject.trim().slice(0, 255) : ''
  return { type: eventTypes.find((known) => known === type), sourceId, subject: wanted || undefined }
}

/** The filter as a query string, without the question mark. */
export function eventFilterQuery({ type, sourceId, subject }: EventFilter): string {
  const query = new URLSearchParams()
  if (type) query.set('type', type)
  if (sourceId) query.set('source', showId('source', sourceId))
  if (subject) query.set('subject', subject)
  return query.toString()
}

export const isFiltered = (filter: EventFilter): boolean => eventFilterQuery(filter) !== ''
