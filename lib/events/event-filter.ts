import { readId, showId } from '../type-id'
import { type EventType, eventTypes } from './event-types'

/** What the log of events can be narrowed to. `subject`: the platform's id of the feedback, message or event. */
export type EventFilter = { type?: EventType; sourceId?: string; subject?: string }

type Asked = Record<string, string | string[] | undefined>

/** The filter that an address asks for; undefined: it names a source that can't be one. */
export function readEventFilter({ type, source, subject }: Asked): EventFilter | undefined {
  const sourceId = typeof source === 'string' && source !== '' ? readId('source', source) : undefined
  if (source && !sourceId) return undefined
  const wanted = typeof subject === 'string' ? subject.trim().slice(0, 255) : ''
  return { type: eventTypes.find((known) => known === type), sourceId, subject: wanted || undefined }
}

/** The same as the query of an address, without its question mark. */
export function eventFilterQuery({ type, sourceId, subject }: EventFilter): string {
  const query = new URLSearchParams()
  if (type) query.set('type', type)
  if (sourceId) query.set('source', showId('source', sourceId))
  if (subject) query.set('subject', subject)
  return query.toString()
}

export const isFiltered = (filter: EventFilter): boolean => eventFilterQuery(filter) !== ''
