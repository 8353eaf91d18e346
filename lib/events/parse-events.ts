import { hash } from 'node:crypto'
import { showsSomething } from '../plain-text'
import { nextSlice, sliceIsOver } from '../slices'
import { type BodyFault, cutBody, type Piece } from './cut-body'
import type { IncomingEvent } from './event-schema'
import { findJsonFault, tooDeep, tooManyKeys } from './json-limits'
import { readEvent } from './read-event'
import { outlineEvent } from './unparsed-event'

// Parses the events of an ingest request one by one, in slices, after cut-body.ts has checked their number, size and depth.

export type Rejection = {
  index: number
  id: string | null
  code: 'invalid_json' | 'invalid' | 'too_large' | 'id_conflict' | 'too_many_sources' | 'unknown_account'
  message: string
  /** Where in the event, such as `feedback.service.rating`. */
  path: string
}

export type ParsedEvent = {
  index: number
  event: IncomingEvent
  /** SHA-256 of the parsed event, whatever order its keys came in; only made when an id protects it. */
  hash: Buffer | undefined
  /** As it was sent. */
  bytes: number
  /** The account that it names, where events have to name one. */
  account?: string
}

export type ParsedBody = { events: ParsedEvent[]; rejected: Rejection[] }

/**
 * Reads the body of an ingest request: one event, a JSON array, or NDJSON. Bad events are named one by one.
 * `idempotencyKey`: the header of that name, for a single event. `named`: each event names its `account`.
 */
export async function parseEvents(
  body: Buffer,
  ndjson: boolean,
  idempotencyKey: string | null,
  { named = false } = {},
): Promise<ParsedBody | BodyFault> {
  const cut = await cutBody(body, ndjson)
  if ('status' in cut) return cut
  const { pieces, list } = cut
  if (pieces.length === 0) return { status: 400, message: 'The body holds no event.' }
  if (idempotencyKey !== null) {
    const message = keyFault(list || pieces.length > 1, idempotencyKey)
    if (message) return { status: 400, message }
  }
  const parsed: ParsedBody = { events: [], rejected: [] }
  for (const [index, piece] of pieces.entries()) {
    const result = await parsePiece(body, piece, index, { key: idempotencyKey, named })
    if ('status' in result) return result
    // One line is on its own; a piece of a JSON body makes the whole invalid.
    if ('code' in result && result.code === 'invalid_json' && !ndjson)
      return { status: 400, message: 'The body is not valid JSON.' }
    if ('event' in result) parsed.events.push(result)
    else parsed.rejected.push(result)
  }
  return parsed
}

function keyFault(several: boolean, key: string): string | undefined {
  if (several) return 'Idempotency-Key is for a single event; give each event of a list its own id.'
  if (key === '' || key.length > 255) return 'Idempotency-Key has 1 to 255 characters.'
  return showsSomething(key) ? undefined : 'Idempotency-Key has no character that can be seen.'
}

const unreadable = Symbol('not JSON')

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return unreadable
  }
}

/** Parses one event. Between its steps the loop may turn: each step takes some milliseconds for 256 KiB. */
async function parsePiece(
  body: Buffer,
  piece: Piece,
  index: number,
  { key, named }: { key: string | null; named: boolean },
): Promise<ParsedEvent | Rejection | BodyFault> {
  if (sliceIsOver()) await nextSlice()
  if (piece.excess) return refuseUnparsed(body, piece, index, key)
  const item = tryJson(body.toString('utf8', piece.start, piece.end))
  if (item === unreadable) return reject({ index, id: null }, 'invalid_json', 'This line is not valid JSON.')
  if (key !== null && typeof item === 'object' && item !== null) {
    const event = item as { id?: unknown }
    if (event.id === undefined || event.id === null) event.id = key
    else if (event.id !== key) return { status: 400, message: 'Idempotency-Key differs from the id in the body.' }
  }
  const given = (item as { id?: unknown } | null)?.id
  const place = { index, id: typeof given === 'string' ? given.slice(0, 255) : null }
  if (sliceIsOver()) await nextSlice()
  const fault = findJsonFault(item)
  if (fault) return reject(place, 'invalid', fault.message, fault.path)
  if (sliceIsOver()) await nextSlice()
  const result = readEvent(item)
  if ('fault' in result) return { ...place, code: 'invalid', ...result.fault }
  const { event } = result
  const account = named ? (item as { account?: unknown }).account : undefined
  if (named && typeof account !== 'string')
    return reject(place, 'invalid', account === undefined ? 'is missing' : 'is not text', ['account'])
  if (sliceIsOver()) await nextSlice()
  const bytes = piece.end - piece.start
  return {
    index,
    event,
    bytes,
    account: account as string | undefined,
    hash: event.id === undefined ? undefined : contentHash(event),
  }
}

function refuseUnparsed(body: Buffer, piece: Piece, index: number, key: string | null): Rejection {
  const { id, path } = outlineEvent(body, piece)
  const place = { index, id: id?.slice(0, 255) ?? key }
  if (piece.excess === 'bytes') return reject(place, 'too_large', 'An event has at most 256 KiB.')
  return reject(place, 'invalid', piece.excess === 'depth' ? tooDeep : tooManyKeys, path)
}

function reject(
  place: Pick<Rejection, 'index' | 'id'>,
  code: Rejection['code'],
  message: string,
  path: PropertyKey[] = [],
): Rejection {
  return { ...place, code, message, path: path.map(String).join('.') }
}

/**
 * SHA-256 of an event's content. zod built the event in the order of its schema, however the sender ordered it; only
 * what has keys of the sender's own making has to be sorted first.
 */
const contentHash = (event: IncomingEvent): Buffer =>
  hash('sha256', JSON.stringify(hasOwnKeys(event) ? sorted(event) : event), 'buffer')

function hasOwnKeys(event: IncomingEvent): boolean {
  if (event.type === 'feedback.deleted') return false
  if ('feedback' in event) return event.feedback.properties !== undefined || event.feedback.answers !== undefined
  return ('decline' in event ? event.decline : event.message).properties !== undefined
}

function sorted(value: unknown): unknown {
  // A list of 100,000 numbers need not be copied.
  if (Array.isArray(value)) return value.some(isObject) ? value.map(sorted) : value
  if (!isObject(value)) return value
  const object = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, sorted(object[key])]),
  )
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null
