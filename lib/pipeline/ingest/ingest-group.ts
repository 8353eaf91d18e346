import type pg from 'pg'
import { revokedKeys } from '../../accounts/api-key-check'
import { takeEventNumbers } from '../../db/event-numbers'
import { freshClock, hubTime } from '../../db/ids'
import type { SourceRecord } from '../../events/event-record'
import type { LocalDrain } from '../queue/local-drain'
import { type AccountConfig, areCurrent, recallConfigs } from './account-config'
import { applyEvents } from './apply-events'
import type { Arrival, IngestResult } from './arrival'
import type { DeliveryRow } from './group-rows'
import { insertKeys, type KnownEvents, planKeys, readKnownEvents, resolveDuplicates } from './ingest-keys'
import { lockFeedback } from './lock-feedback'
import { markPreclaimed, preclaimedRows } from './preclaim'
import { registerSources } from './register-sources'
import { type ThrottledWebhook, writeGroup } from './write-group'

// One transaction of ingest: a group of events with their feedback, decisions, payloads and deliveries, never one
// without the others. Rows are locked in one order (sources, idempotency keys, feedback, each sorted), so concurrent
// groups wait for each other and never deadlock.
//
// It takes two round trips. The first sends everything that depends on no answer: begin, the versions of the cached
// configuration, idempotency keys, feedback. The second sends the write and the commit. Where the first shows that the
// configuration moved on, or that an event is known already, the transaction is rolled back and starts again.

/** More than two restarts take a configuration that changes every few milliseconds. */
const restartsAtMost = 10

export type IngestContext = {
  hubUrl: string
  /** The drain of this process, if it has one. Deliveries are preclaimed for it as they are queued. */
  drain?: () => LocalDrain | undefined
}

/** There is no connection, or it broke. No event is at fault, and whether the group was committed is unknown. */
export class DatabaseAwayError extends Error {}

export type GroupResult = { results: IngestResult[]; toWakeFor: number }

/** Ingests a group in order. `results`: one per arrival. `toWakeFor`: how many deliveries drains must be woken for. */
export async function ingestGroup(pool: pg.Pool, arrivals: Arrival[], context: IngestContext): Promise<GroupResult> {
  const client = await pool.connect().catch(away)
  let broken = false
  try {
    await freshClock(client)
    let keysFirst = false
    for (let restarts = 0; restarts <= restartsAtMost; restarts++) {
      const outcome = await ingestOnce(client, arrivals, context, keysFirst)
      if (typeof outcome === 'object') return outcome
      keysFirst ||= outcome === 'known-events'
      await client.query('rollback')
    }
    throw new Error('the configuration changed at every attempt')
  } catch (error) {
    // If the connection still answers, the statement failed; otherwise the connection did.
    await client.query('rollback').catch(() => {
      broken = true
    })
    return broken ? away(error as Error) : Promise.reject(error)
  } finally {
    client.release(broken)
  }
}

/**
 * Runs one transaction and commits it, or returns why it must start again. `keysFirst`: some events are known already, so
 * keys are resolved before feedback is touched. An event that is refused must leave no feedback behind.
 */
async function ingestOnce(
  client: pg.ClientBase,
  arrivals: Arrival[],
  { hubUrl, drain: localDrain }: IngestContext,
  keysFirst: boolean,
): Promise<GroupResult | 'stale-configuration' | 'known-events'> {
  const began = performance.now()
  const configs = await recallConfigs(client, [...new Set(arrivals.map(({ accountId }) => accountId))])
  const results = new Array<IngestResult>(arrivals.length)
  await refuseRevoked(client, arrivals, configs, results)
  const triggeredAt = new Date(hubTime()).toISOString()
  const [, current, locked] = await Promise.all([
    client.query('begin'),
    areCurrent(client, configs),
    lockRows(client, arrivals, results, { configs, triggeredAt, keysFirst }),
  ])
  if (!current) return 'stale-configuration'
  if (!locked.keysResolved) return 'known-events'
  const { accepted, feedback, rememberSources } = locked
  const firstNumber = await takeEventNumbers(client, accepted.length)
  const rows = await applyEvents({ events: accepted, configs, feedback, hubUrl, triggeredAt, firstNumber })
  const drain = localDrain?.()
  if (drain) markPreclaimed(rows.deliveries, drain)
  const throttled = await writeAndCommit(client, writeGroup(rows, drain))
  const preclaimed = preclaimedRows(rows, configs, throttled)
  if (preclaimed.length > 0) drain?.admit(preclaimed, began)
  rememberSources()
  accepted.forEach(({ place, eventId }, n) => {
    results[place] = { eventId, deliveries: rows.deliveriesOf[n] as number, duplicate: false }
  })
  answerDuplicates(locked.eventIds, results)
  return { results, toWakeFor: countToWakeFor(rows.deliveries, drain, throttled) }
}

/** An arrival that is neither refused nor known, with its place in the group. */
type Accepted = Arrival & { place: number; eventId: string; source: SourceRecord }

/**
 * Locks sources, idempotency keys and feedback of a group, in this order. Where all sources are known, keys and feedback
 * are sent together. `keysResolved` is false when a key turned out to be known although feedback was sent already.
 */
async function lockRows(
  client: pg.ClientBase,
  arrivals: Arrival[],
  results: IngestResult[],
  { configs, triggeredAt, keysFirst }: { configs: Map<string, AccountConfig>; triggeredAt: string; keysFirst: boolean },
) {
  const { sources, remember } = await registerSources(client, configs, arrivals, results)
  const keys = planKeys(arrivals, results)
  const { eventIds } = keys
  const inserted = insertKeys(client, keys)
  const known: KnownEvents = keysFirst && !(await inserted) ? await readKnownEvents(client, keys) : new Map()
  resolveDuplicates(keys, arrivals, known, results)
  const accepted = arrivals.flatMap((arrival, place): Accepted[] =>
    results[place]
      ? []
      : [{ ...arrival, place, eventId: eventIds[place] as string, source: sources[place] as SourceRecord }],
  )
  const [allNew, feedback] = await Promise.all([inserted, lockFeedback(client, accepted, triggeredAt)])
  return { accepted, eventIds, feedback, rememberSources: remember, keysResolved: keysFirst || allNew }
}

/**
 * Sends the write and the commit together. A commit behind a failed statement rolls back, and that statement's error is
 * thrown. Returns the ids of throttled webhooks, whose deliveries were queued unclaimed.
 */
async function writeAndCommit(client: pg.ClientBase, write: pg.QueryConfig | undefined): Promise<Set<string>> {
  const [written, { command }] = await Promise.all([
    write && client.query<ThrottledWebhook>(write),
    client.query('commit'),
  ])
  if (command !== 'COMMIT') throw new Error('a group of events was rolled back')
  return new Set(written?.rows.map(({ webhook_id }) => webhook_id))
}

/** How many deliveries are queued unclaimed, and are neither held nor deferred. */
const countToWakeFor = (
  deliveries: DeliveryRow[],
  drain: LocalDrain | undefined,
  throttled: ReadonlySet<string>,
): number =>
  deliveries.filter(({ preclaimed, held, webhook_id }) =>
    preclaimed ? throttled.has(webhook_id) : !held && !drain?.deferred(webhook_id),
  ).length

function away(error: Error): never {
  throw new DatabaseAwayError(error.message, { cause: error })
}

async function refuseRevoked(
  client: pg.ClientBase,
  arrivals: Arrival[],
  configs: Map<string, AccountConfig>,
  results: IngestResult[],
) {
  const keys = new Set(arrivals.flatMap(({ key }) => key ?? []))
  const revoked = await revokedKeys(client, [...keys], configs)
  if (revoked.size === 0) return
  arrivals.forEach(({ key }, i) => {
    if (key && revoked.has(key)) results[i] = { code: 'key_revoked', message: 'This API key was revoked.', path: '' }
  })
}

/** Gives duplicates within the group the result of the event that they repeat. */
function answerDuplicates(eventIds: (string | undefined)[], results: IngestResult[]) {
  const first = new Map<string, IngestResult>()
  eventIds.forEach((id, i) => {
    const own = results[i]
    if (!id || !own || 'code' in own) return
    const earlier = first.get(id)
    if (!earlier) first.set(id, own)
    else if ('eventId' in earlier) results[i] = { ...earlier, duplicate: true }
  })
}
