import type pg from 'pg'
import { revokedKeys } from '../../accounts/api-key-check'
import { reserveEventNumbers } from '../../db/event-numbers'
import { freshClock, hubTime } from '../../db/ids'
import type { SourceRecord } from '../../events/event-record'
import type { LocalDrain } from '../queue/local-drain'
import { type AccountConfig, currentConfigs } from './account-config'
import { applyEvents } from './apply-events'
import type { Arrival, IngestResult } from './arrival'
import type { DeliveryRow } from './group-rows'
import { claimIngestKeys } from './ingest-keys'
import { lockFeedback } from './lock-feedback'
import { markPreclaimed, preclaimedRows } from './preclaim'
import { registerSources } from './register-sources'
import { type ThrottledWebhook, writeGroup } from './write-group'

// One transaction of ingest: a group of events with their feedback, decisions, payloads and deliveries, never one
// without the others. Rows are locked in one order (sources, idempotency keys, feedback, each sorted), so concurrent
// groups wait for each other and never deadlock.

export type IngestContext = {
  hubUrl: string
  /** The drain of this process, if it has one: it preclaims deliveries as they are queued. */
  drain?: () => LocalDrain | undefined
}

/** There is no connection, or it broke. No event is at fault, and whether the group was committed is unknown. */
export class DatabaseAwayError extends Error {}

/** Ingests a group in order. `results`: one per arrival. `queued`: how many deliveries drains must be woken for. */
export async function ingestGroup(
  pool: pg.Pool,
  arrivals: Arrival[],
  context: IngestContext,
): Promise<{ results: IngestResult[]; queued: number }> {
  const began = performance.now()
  const client = await pool.connect().catch(away)
  let broken = false
  try {
    await freshClock(client)
    const [, configs] = await Promise.all([
      client.query('begin'),
      currentConfigs(client, [...new Set(arrivals.map(({ accountId }) => accountId))]),
    ])
    const results = new Array<IngestResult>(arrivals.length)
    await refuseRevoked(client, arrivals, configs, results)
    const { sources, remember } = await registerSources(client, configs, arrivals, results)
    const eventIds = await claimIngestKeys(client, arrivals, results)
    const accepted = arrivals.flatMap((_, i) => (results[i] ? [] : [i]))
    const events = accepted.map((i) => ({
      ...(arrivals[i] as Arrival),
      eventId: eventIds[i] as string,
      source: sources[i] as SourceRecord,
    }))
    const triggeredAt = new Date(hubTime()).toISOString()
    const feedback = await lockFeedback(client, events, triggeredAt)
    await reserveEventNumbers(client, events.length)
    const rows = applyEvents({ events, configs, feedback, hubUrl: context.hubUrl, triggeredAt })
    const drain = context.drain?.()
    if (drain) markPreclaimed(rows.deliveries, drain)
    const throttled = await writeAndCommit(client, writeGroup(rows, drain?.leaseMs ?? 0))
    const preclaimed = preclaimedRows(rows, configs, throttled)
    if (preclaimed.length > 0) drain?.admit(preclaimed, began)
    remember()
    accepted.forEach((i, n) => {
      results[i] = { eventId: eventIds[i] as string, deliveries: rows.deliveriesOf[n] as number, duplicate: false }
    })
    answerDuplicates(arrivals, eventIds, results)
    return { results, queued: toWakeFor(rows.deliveries, drain, throttled) }
  } catch (error) {
    // Only a connection that still answers shows that the statement, not the connection, failed.
    await client.query('rollback').catch(() => {
      broken = true
    })
    return broken ? away(error as Error) : Promise.reject(error)
  } finally {
    client.release(broken)
  }
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

/** How many deliveries no drain knows of yet. */
const toWakeFor = (deliveries: DeliveryRow[], drain: LocalDrain | undefined, throttled: ReadonlySet<string>): number =>
  deliveries.filter(({ preclaimed, webhook_id }) =>
    preclaimed ? throttled.has(webhook_id) : !drain?.deferred(webhook_id),
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
  const revoked = await revokedKeys(client, [...new Set(arrivals.map(({ key }) => key))], configs)
  if (revoked.size === 0) return
  arrivals.forEach(({ key }, i) => {
    if (revoked.has(key)) results[i] = { code: 'key_revoked', message: 'This API key was revoked.', path: '' }
  })
}

/** Gives duplicates within the group the result of the event that they repeat. */
function answerDuplicates(arrivals: Arrival[], eventIds: (string | undefined)[], results: IngestResult[]) {
  const first = new Map<string, IngestResult>()
  arrivals.forEach((_, i) => {
    const id = eventIds[i]
    const own = results[i]
    if (!id || !own || 'code' in own) return
    const earlier = first.get(id)
    if (!earlier) first.set(id, own)
    else if ('eventId' in earlier) results[i] = { ...earlier, duplicate: true }
  })
}
