import type pg from 'pg'
import { type CheckedKey, revokedKeys } from '../accounts/api-key-check'
import { reserveEventNumbers } from '../db/event-numbers'
import { freshClock, hubTime } from '../db/ids'
import type { SourceRecord } from '../events/event-record'
import type { ParsedEvent } from '../events/parse-events'
import { type AccountConfig, currentConfigs } from './account-config'
import { type DeliveryRow, foldEvents } from './fold'
import { type HandOver, heldOf, markHeld } from './hand-over'
import { claimIngestKeys } from './ingest-keys'
import { lockFeedback } from './lock-feedback'
import { registerSources } from './register-sources'
import { type Restrained, writeGroup } from './write-group'

// One transaction of ingest: a group of events with their feedback, decisions, payloads and deliveries, never one
// without the others. Rows are locked in one order (sources, idempotency keys, feedback, each sorted), so that
// concurrent groups wait for each other and never deadlock.

/** An event on its way in, with the account it was posted to and the key it came with. */
export type Arrival = ParsedEvent & { accountId: string; key: CheckedKey }

/** What became of an event: taken, known already, or refused. */
export type Taken =
  | { eventId: string; deliveries: number; duplicate: boolean }
  | { code: 'id_conflict' | 'too_many_sources' | 'key_revoked'; message: string; path: string }

/** `drain`: what may take deliveries over as they are queued. */
export type AcceptContext = { hubUrl: string; drain?: () => HandOver | undefined }

/** There is no connection, or it broke: no event is at fault, and whether the group was taken is not known. */
export class DatabaseAwayError extends Error {}

/** Takes a group in, in order; answers what became of each, and of how many deliveries drains are to be told. */
export async function acceptGroup(
  pool: pg.Pool,
  arrivals: Arrival[],
  context: AcceptContext,
): Promise<{ taken: Taken[]; queued: number }> {
  const began = performance.now()
  const client = await pool.connect().catch(away)
  let cut = false
  try {
    await freshClock(client)
    const [, configs] = await Promise.all([
      client.query('begin'),
      currentConfigs(client, [...new Set(arrivals.map(({ accountId }) => accountId))]),
    ])
    const taken = new Array<Taken>(arrivals.length)
    await refuseRevoked(client, arrivals, configs, taken)
    const { sources, remember } = await registerSources(client, configs, arrivals, taken)
    const eventIds = await claimIngestKeys(client, arrivals, taken)
    const places = arrivals.flatMap((_, i) => (taken[i] ? [] : [i]))
    const events = places.map((i) => ({
      ...(arrivals[i] as Arrival),
      eventId: eventIds[i] as string,
      source: sources[i] as SourceRecord,
    }))
    const triggeredAt = new Date(hubTime()).toISOString()
    const feedback = await lockFeedback(client, events, triggeredAt)
    await reserveEventNumbers(client, events.length)
    const folded = foldEvents({ events, configs, feedback, hubUrl: context.hubUrl, triggeredAt })
    const drain = context.drain?.()
    if (drain) markHeld(folded.deliveries, drain)
    const restrained = await finish(client, writeGroup(folded, drain?.leaseMs ?? 0))
    const held = heldOf(folded, configs, restrained)
    if (held.length > 0) drain?.take(held, began)
    remember()
    places.forEach((i, n) => {
      taken[i] = { eventId: eventIds[i] as string, deliveries: folded.deliveriesOf[n] as number, duplicate: false }
    })
    settleTwins(arrivals, eventIds, taken)
    return { taken, queued: waitingFor(folded.deliveries, drain, restrained) }
  } catch (error) {
    // Only a connection that still answers can tell whose fault it was.
    await client.query('rollback').catch(() => {
      cut = true
    })
    return cut ? away(error as Error) : Promise.reject(error)
  } finally {
    client.release(cut)
  }
}

/**
 * Writes and commits. Both are sent at once: a commit behind a statement that failed rolls back, and that statement's
 * error is thrown. What is to be written is ready before, so that no commit is sent without it. Answers the webhooks that are
 * held back.
 */
async function finish(client: pg.ClientBase, write: pg.QueryConfig | undefined): Promise<Set<string>> {
  const [written, { command }] = await Promise.all([write && client.query<Restrained>(write), client.query('commit')])
  if (command !== 'COMMIT') throw new Error('a group of events was rolled back')
  return new Set(written?.rows.map(({ webhook_id }) => webhook_id))
}

/** How many deliveries somebody has to be told of. */
const waitingFor = (deliveries: DeliveryRow[], drain: HandOver | undefined, restrained: ReadonlySet<string>): number =>
  deliveries.filter(({ held, webhook_id }) => (held ? restrained.has(webhook_id) : !drain?.comesBack(webhook_id)))
    .length

function away(error: Error): never {
  throw new DatabaseAwayError(error.message, { cause: error })
}

async function refuseRevoked(
  client: pg.ClientBase,
  arrivals: Arrival[],
  configs: Map<string, AccountConfig>,
  taken: Taken[],
) {
  const revoked = await revokedKeys(client, [...new Set(arrivals.map(({ key }) => key))], configs)
  if (revoked.size === 0) return
  arrivals.forEach(({ key }, i) => {
    if (revoked.has(key)) taken[i] = { code: 'key_revoked', message: 'This API key was revoked.', path: '' }
  })
}

/** Events of this group that repeat an earlier one of it get that one's answer. */
function settleTwins(arrivals: Arrival[], eventIds: (string | undefined)[], taken: Taken[]) {
  const first = new Map<string, Taken>()
  arrivals.forEach((_, i) => {
    const id = eventIds[i]
    const own = taken[i]
    if (!id || !own || 'code' in own) return
    const earlier = first.get(id)
    if (!earlier) first.set(id, own)
    else if ('eventId' in earlier) taken[i] = { ...earlier, duplicate: true }
  })
}
