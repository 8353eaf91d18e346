import { randomUUID } from 'node:crypto'
import { askUntilAnswered, errorOf, type HubOptions } from './hub.ts'

// Sends events in batches. An event without an id is given one, in the caller's own object, before it is sent for the first
// time: however often a batch or a whole call is repeated, the hub takes each event once.

/** An event as POST /api/v1/events takes it. */
export type HubEvent = { type: string; id?: string; [field: string]: unknown }

export type SentEvent = { index: number; id: string; deliveries: number; duplicate: boolean }
export type RejectedEvent = { index: number; id: string | null; code: string; message: string; path?: string }

/** `index`: the event's place among those that were given, from 0. */
export type SendResult = {
  accepted: number
  duplicates: number
  rejected: RejectedEvent[]
  /** With the hub's own ids. */
  events: SentEvent[]
}

export type SendOptions = HubOptions & {
  /** Events a request, at most 1,000. */
  batchSize?: number
  /** How often a batch is sent before its error is thrown. */
  attempts?: number
  signal?: AbortSignal
}

/** A little less than the 5 MiB that a request may have. */
const bytesAtMost = 5_000_000

/**
 * Sends all events, in order, and returns what the hub took and refused. Throws HubError when the hub refuses a request as a
 * whole (a wrong key, for example), or the last error when it could not be reached: send the same events again, and none is
 * taken twice.
 */
export async function sendEvents(
  events: Iterable<HubEvent> | AsyncIterable<HubEvent>,
  { batchSize = 500, attempts = 10, signal, ...hub }: SendOptions,
): Promise<SendResult> {
  const result: SendResult = { accepted: 0, duplicates: 0, rejected: [], events: [] }
  let lines: string[] = []
  let bytes = 0
  let sent = 0
  const flush = async () => {
    if (lines.length === 0) return
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
      signal,
    }
    const answer = await readAnswer(await askUntilAnswered(hub, '/api/v1/events', request, { attempts }))
    const shift = <T extends { index: number }>(item: T): T => ({ ...item, index: item.index + sent })
    result.accepted += answer.accepted
    result.duplicates += answer.duplicates
    result.rejected.push(...answer.rejected.map(shift))
    result.events.push(...answer.events.map(shift))
    sent += lines.length
    lines = []
    bytes = 0
  }
  for await (const event of events) {
    event.id ??= randomUUID()
    const line = JSON.stringify(event)
    const size = Buffer.byteLength(line) + 1
    if (lines.length >= Math.min(batchSize, 1000) || bytes + size > bytesAtMost) await flush()
    lines.push(line)
    bytes += size
  }
  await flush()
  return result
}

/** A batch of which nothing was taken is answered 400 or 409, with the same members. */
async function readAnswer(response: Response): Promise<SendResult> {
  if (response.ok) return (await response.json()) as SendResult
  const error = await errorOf(response)
  if (Array.isArray(error.problem.rejected)) return error.problem as unknown as SendResult
  throw error
}
