import type { IncomingMessage } from 'node:http'
import type pg from 'pg'
import { type CheckedKey, markUsed, recallApiKey } from '../../accounts/api-key-check'
import { isOperatorKey } from '../../accounts/operator-key'
import { type ParsedBody, parseEvents, type Rejection } from '../../events/parse-events'
import { type ByteBudget, type HeldBytes, openByteBudget } from '../../http/byte-budget'
import { CLIENT_ADDRESS_HEADER } from '../../http/client-address'
import { readMediaType } from '../../http/media-type'
import { json, problem } from '../../http/problem'
import { type BodyRefusal, readBody } from '../../http/read-body'
import type { Handler } from '../../http/route'
import type { Log } from '../../log'
import { showId } from '../../type-id'
import type { LocalDrain } from '../queue/local-drain'
import { openDrainWaker } from '../queue/notify'
import type { IngestResult } from './arrival'
import { BufferFullError, openGroupCommit } from './group-commit'
import { openIngestLimit } from './ingest-limit'
import { findAccounts } from './operator-batch'

// Step "ingest": POST /api/v1/events. It answers 202 only after commit. Matching happens in the group's transaction
// (ingest-group.ts); delivering is the drain's.

export const bodyBytesAtMost = 5 * 1024 * 1024
const mebibyte = 1024 * 1024
/** Bytes received but not yet ingested: in total, and of one API key. */
const receivedAtMost = { total: 64 * mebibyte, each: 16 * mebibyte }

type WokenDrain = { localDrain: LocalDrain; wake(): void }

export type IngestOptions = {
  /** A pool opened with `pipeline: true`. */
  db: pg.Pool
  hubUrl: string
  log: Log
  /** The drain of this process, once it runs. Deliveries are preclaimed for it, and it is woken for the others. */
  drain?: () => WokenDrain | undefined
  /** How many received bytes may be held until they are ingested. */
  budget?: ByteBudget
}

/** Makes the handler of POST /api/v1/events, which the long-running process and serverless hosts share. */
export function openIngest({
  db,
  hubUrl,
  log,
  drain,
  budget = openByteBudget(receivedAtMost),
}: IngestOptions): Handler {
  const limit = openIngestLimit()
  const groups = openGroupCommit(db, {
    hubUrl,
    log,
    drain: () => drain?.()?.localDrain,
    wakeDrains: openDrainWaker(db, log, () => drain?.()),
  })

  /** Refuses what can be refused before the body is read. Otherwise returns the API key and how the body is written. */
  async function admit(request: Request): Promise<Response | Admitted> {
    if (request.method !== 'POST')
      return problem(405, 'Method not allowed', 'Post events here.', { headers: { allow: 'GET, POST' } })
    const header = request.headers.get('authorization')
    const key = await recallApiKey(db, header)
    if (!key && !isOperatorKey(header)) return unauthorised()
    if (key && !key.scopes.includes('ingest'))
      return problem(403, 'Wrong scope', 'This API key may not post events: make one with the scope "ingest".')
    const { type, utf8 } = readMediaType(request.headers.get('content-type'))
    const ndjson = type === 'application/x-ndjson'
    if ((type !== 'application/json' && !ndjson) || request.headers.has('content-encoding'))
      return problem(415, 'Unsupported content', 'Send application/json or application/x-ndjson, not compressed.')
    if (!utf8) return problem(415, 'Unsupported content', 'Send UTF-8: the Content-Type names another charset.')
    const waitSeconds = key ? limit(key, 0) : 0
    return key && waitSeconds > 0 ? tooManyEvents(key, waitSeconds) : { key, ndjson }
  }

  async function take(request: Request, incoming: IncomingMessage | undefined, held: HeldBytes, admitted: Admitted) {
    const { key, ndjson } = admitted
    const body = await readBody(request, bodyBytesAtMost, { held, incoming })
    if (typeof body === 'string') return refuseBody(body)
    const parsed = await parseEvents(body, ndjson, request.headers.get('idempotency-key'), { named: !key })
    if ('status' in parsed)
      return problem(parsed.status, parsed.status === 413 ? 'Too large' : 'Bad request', parsed.message)
    if (!key) {
      const found = await findAccounts(db, parsed)
      return answer(found.parsed, await groups.submit(found.arrivals))
    }
    const waitSeconds = limit(key, parsed.events.length)
    if (waitSeconds > 0) return tooManyEvents(key, waitSeconds)
    const results = await groups.submit(parsed.events.map((event) => ({ ...event, accountId: key.accountId, key })))
    if (results.some((result) => 'code' in result && result.code === 'key_revoked')) return unauthorised()
    markUsed(db, key, request.headers.get(CLIENT_ADDRESS_HEADER))
    return answer(parsed, results)
  }

  return async (request, incoming) => {
    let held: HeldBytes | undefined
    try {
      const admitted = await admit(request)
      if (admitted instanceof Response) return admitted
      held = budget.open(admitted.key?.keyId ?? 'operator')
      return await take(request, incoming, held, admitted)
    } catch (error) {
      if (!(error instanceof BufferFullError)) log.error({ error: (error as Error).message }, 'ingest failed')
      const detail = 'It is not certain whether this request was stored. Send it again: an id is never stored twice.'
      return notAvailable(detail)
    } finally {
      held?.release()
    }
  }
}

/** Without a key, the request came with the operator's. */
type Admitted = { key: CheckedKey | undefined; ndjson: boolean }

const notAvailable = (detail: string) => problem(503, 'Not available', detail, { headers: { 'retry-after': '1' } })

const tooManyEvents = ({ eventsPerSecond, accountEventsPerSecond }: CheckedKey, waitSeconds: number) =>
  problem(429, 'Too many events', tooManyWords(eventsPerSecond, accountEventsPerSecond), {
    headers: { 'retry-after': String(waitSeconds) },
  })

const tooManyWords = (ofKey: number | null, ofAccount: number | null) =>
  ofAccount === null || (ofKey !== null && ofKey <= ofAccount)
    ? `This API key takes ${ofKey} events a second.`
    : `This account takes ${ofAccount} events a second.`

function refuseBody(refusal: BodyRefusal): Response {
  switch (refusal) {
    case 'too long':
      return problem(413, 'Too large', 'A request may have at most 5 MiB: send the events in several requests.')
    case 'no room':
      return notAvailable('Too much is being received at once. Nothing of this request was stored: send it again.')
    case 'broken off':
      return problem(400, 'Bad request', 'The body ended early.')
  }
}

const unauthorised = () =>
  problem(401, 'No valid API key', 'Send a valid API key as "Authorization: Bearer …".', {
    headers: { 'www-authenticate': 'Bearer' },
  })

function answer({ events, rejected }: ParsedBody, results: IngestResult[]): Response {
  const refused: Rejection[] = [...rejected]
  const stored: { index: number; id: string; deliveries: number; duplicate: boolean }[] = []
  events.forEach(({ index, event }, i) => {
    const result = results[i] as IngestResult
    if ('eventId' in result) {
      const { eventId, deliveries, duplicate } = result
      stored.push({ index, id: showId('event', eventId), deliveries, duplicate })
    } else if (result.code !== 'key_revoked')
      refused.push({ index, id: event.id ?? null, code: result.code, message: result.message, path: result.path })
  })
  const duplicates = stored.filter(({ duplicate }) => duplicate).length
  const body = {
    accepted: stored.length - duplicates,
    duplicates,
    rejected: refused.sort((a, b) => a.index - b.index),
    events: stored,
  }
  if (stored.length > 0) return json(body, 202)
  const conflict = refused.every(({ code }) => code === 'id_conflict')
  const first = body.rejected[0]
  const where = first?.path ? `${first.path} ` : ''
  const detail = `No event was taken. The first: ${where}${first?.message ?? ''}`
  return problem(conflict ? 409 : 400, conflict ? 'Conflict' : 'Bad request', detail, { more: body })
}
