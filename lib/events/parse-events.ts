import { hash } from 'node:crypto'
import { eventSchema, type IncomingEvent } from './event-schema'
import { findJsonFault } from './json-limits'

export const eventsAtMost = 1000
const eventBytesAtMost = 256 * 1024

export type Rejection = {
  index: number
  id: string | null
  code: 'invalid_json' | 'invalid' | 'too_large' | 'id_conflict' | 'too_many_sources'
  message: string
  /** Where in the event, such as `feedback.service.rating`. */
  path: string
}

export type ParsedEvent = {
  index: number
  event: IncomingEvent
  /** SHA-256 of the parsed event, whatever order its keys came in; only made when an id protects it. */
  hash: Buffer | undefined
  bytes: number
}

export type ParsedBody = { events: ParsedEvent[]; rejected: Rejection[] }

/** The body as a whole can't be read: answered as a problem of this status. */
export type BodyFault = { status: 400 | 413; message: string }

/**
 * Reads the body of an ingest request: one event, a JSON array, or NDJSON. Bad events are named one by one.
 * `idempotencyKey`: the header of that name, for a single event.
 */
export function parseEvents(body: Buffer, ndjson: boolean, idempotencyKey: string | null): ParsedBody | BodyFault {
  const text = decode(body)
  if (text === undefined) return { status: 400, message: 'The body is not valid UTF-8.' }
  const items = ndjson ? readLines(text) : readJson(text)
  if (!Array.isArray(items)) return items
  if (items.length === 0) return { status: 400, message: 'The body holds no event.' }
  if (items.length > eventsAtMost)
    return { status: 413, message: `The body holds ${items.length} events; send at most ${eventsAtMost} at once.` }
  if (idempotencyKey !== null) {
    const fault = applyKey(items, ndjson, text, idempotencyKey)
    if (fault) return fault
  }
  const parsed: ParsedBody = { events: [], rejected: [] }
  const each = items.length === 1 || body.length <= eventBytesAtMost ? body.length / items.length : undefined
  items.forEach((item, index) => {
    const result = parseEvent(item, index, each)
    if ('event' in result) parsed.events.push(result)
    else parsed.rejected.push(result)
  })
  return parsed
}

const unreadable = Symbol('a line that is not JSON')

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    // Told to the caller as a 400.
    return undefined
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return unreadable
  }
}

function readJson(text: string): unknown[] | BodyFault {
  const value = tryJson(text)
  if (value === unreadable) return { status: 400, message: 'The body is not valid JSON.' }
  return Array.isArray(value) ? value : [value]
}

const readLines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(tryJson)

function applyKey(items: unknown[], ndjson: boolean, text: string, key: string): BodyFault | undefined {
  const item = items[0]
  if (items.length > 1 || (!ndjson && text.trimStart().startsWith('[')))
    return { status: 400, message: 'Idempotency-Key is for a single event; give each event of a list its own id.' }
  if (key === '' || key.length > 255) return { status: 400, message: 'Idempotency-Key has 1 to 255 characters.' }
  if (typeof item !== 'object' || item === null) return undefined
  const event = item as { id?: unknown }
  if (event.id === undefined) event.id = key
  else if (event.id !== key) return { status: 400, message: 'Idempotency-Key differs from the id in the body.' }
  return undefined
}

/** `size` in bytes where it is known without measuring. */
function parseEvent(item: unknown, index: number, size: number | undefined): ParsedEvent | Rejection {
  const given = (item as { id?: unknown } | null)?.id
  const id = typeof given === 'string' ? given.slice(0, 255) : null
  const place = { index, id }
  if (item === unreadable) return reject(place, 'invalid_json', 'This line is not valid JSON.')
  const fault = findJsonFault(item)
  if (fault) return reject(place, 'invalid', fault.message, fault.path)
  // Measured only now: JSON.stringify throws at a depth that JSON.parse accepts.
  const bytes = size ?? Buffer.byteLength(JSON.stringify(item))
  if (bytes > eventBytesAtMost) return reject(place, 'too_large', 'An event has at most 256 KiB.')
  const result = eventSchema.safeParse(item)
  if (!result.success) {
    const issue = deepest(result.error.issues[0] as Issue)
    return reject(place, 'invalid', issue.message, issue.path)
  }
  const event = result.data
  return { index, event, bytes, hash: event.id === undefined ? undefined : contentHash(event) }
}

function reject(
  place: Pick<Rejection, 'index' | 'id'>,
  code: Rejection['code'],
  message: string,
  path: PropertyKey[] = [],
): Rejection {
  return { ...place, code, message, path: path.map(String).join('.') }
}

type Issue = { path: PropertyKey[]; message: string; code?: string; errors?: Issue[][] }

/** In a union, the fault of the alternative that came furthest says more than "invalid input". */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || !issue.errors?.length) return issue
  const inner = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0]
  return inner ? deepest({ ...inner, path: [...issue.path, ...inner.path] }) : issue
}

/**
 * SHA-256 of an event's content. zod built the event in the order of its schema, however the sender ordered it; only
 * what has keys of the sender's own making has to be sorted first.
 */
const contentHash = (event: IncomingEvent): Buffer =>
  hash('sha256', JSON.stringify(hasOwnKeys(event) ? sorted(event) : event), 'buffer')

function hasOwnKeys(event: IncomingEvent): boolean {
  if ('feedback' in event) return 'properties' in event.feedback || 'answers' in event.feedback
  return 'properties' in ('decline' in event ? event.decline : event.message)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, sorted(object[key])]),
  )
}
