import type pg from 'pg'
import { takeEventNumbers } from '../../db/event-numbers'
import { freshClock, newRandomId } from '../../db/ids'
import type { LocalDrain } from '../queue/local-drain'
import { areCurrent } from './account-config'
import { applyEvents } from './apply-events'
import type { Arrival, IngestResult } from './arrival'
import { type Accepted, type Attempt, acceptedOf, answerDuplicates, beginAttempt } from './attempt'
import { type FeedbackState, feedbackMark, unseenFeedback } from './feedback-versions'
import type { DeliveryRow, GroupRows } from './group-rows'
import { insertKeys, type KnownEvents, planKeys, readKnownEvents, resolveDuplicates } from './ingest-keys'
import { lockFeedback } from './lock-feedback'
import type { NewFeedback } from './new-feedback'
import { markPreclaimed, preclaimedRows } from './preclaim'
import { knownSource, registerSources } from './register-sources'
import { type Written, writeGroup, writeNewGroup } from './write-group'

// One transaction of ingest: a group of events with their feedback, decisions, payloads and deliveries, never one
// without the others. Rows are locked in one order (sources, idempotency keys, feedback, each sorted), so concurrent
// groups wait for each other and never deadlock.
//
// A group that seems to be new takes one round trip: it is computed as if none of its feedback and event ids had been seen,
// and one statement stores it if that is so. All else takes two. The first sends everything that depends on no answer:
// begin, the versions of the cached configuration, idempotency keys, feedback. The second sends the write and the commit.
// Where the first shows that the configuration moved on, or that an event is known already, the transaction is rolled back
// and starts again.

/** More than two restarts take a configuration that changes every few milliseconds. */
const restartsAtMost = 10
/** SQLSTATE */
const uniqueViolation = '23505'

export type IngestContext = {
  hubUrl: string
  /** The drain of this process, if it has one. Deliveries are preclaimed for it as they are queued. */
  drain?: () => LocalDrain | undefined
  newFeedback: NewFeedback
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
    const taken = await ingestAsNew(client, arrivals, context)
    if (taken) return taken
    let keysFirst = false
    for (let restarts = 0; restarts <= restartsAtMost; restarts++) {
      const outcome = await ingestLocked(client, arrivals, context, keysFirst)
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
 * Stores a group whose feedback and event ids were never seen. Returns undefined, and stores nothing, where it knows or
 * finds that this is not so, or that the configuration moved on.
 */
async function ingestAsNew(
  client: pg.ClientBase,
  arrivals: Arrival[],
  context: IngestContext,
): Promise<GroupResult | undefined> {
  const { newFeedback } = context
  const attempt = await beginAttempt(client, arrivals)
  const sources = arrivals.map((arrival) => knownSource(attempt.configs, arrival))
  const mayBeNew = newFeedback.mayBeNew(feedbackMarks(arrivals))
  if (!mayBeNew || sources.includes(undefined) || arrivals.some(({ event }) => event.type === 'feedback.deleted'))
    return
  const keys = planKeys(arrivals, attempt.results)
  resolveDuplicates(keys, arrivals, new Map(), attempt.results)
  const accepted = acceptedOf(attempt, keys.eventIds, sources)
  const feedback = new Map<string, FeedbackState>()
  for (const { accountId, event } of accepted)
    if ('feedback' in event)
      feedback.set(
        feedbackMark(accountId, event.feedback.id),
        unseenFeedback(accountId, event.feedback.id, newRandomId()),
      )
  const numbers = await newFeedback.takeNumbers(client, feedback.size)
  for (const state of feedback.values()) state.number = numbers.shift() as number
  const { configs } = attempt
  return storeGroup(
    client,
    context,
    { ...attempt, eventIds: keys.eventIds, accepted, feedback },
    async (rows, drain) => {
      if (rows.events.length === 0) return []
      const written = await client
        .query<Written>(writeNewGroup(rows, drain, { configs, keys: keys.rows }))
        .catch((error) => (error.code === uniqueViolation ? undefined : Promise.reject(error)))
      if (written?.rows[0]?.stored) return written.rows[0].throttled
      newFeedback.wasKnown()
      return undefined
    },
  )
}

/**
 * Runs one transaction that locks keys and feedback, and commits it, or returns why it must start again. `keysFirst`: some
 * events are known already, so keys are resolved before feedback is touched. An event that is refused must leave no feedback
 * behind.
 */
async function ingestLocked(
  client: pg.ClientBase,
  arrivals: Arrival[],
  context: IngestContext,
  keysFirst: boolean,
): Promise<GroupResult | 'stale-configuration' | 'known-events'> {
  const attempt = await beginAttempt(client, arrivals)
  const [, current, locked] = await Promise.all([
    client.query('begin'),
    areCurrent(client, attempt.configs),
    lockRows(client, attempt, keysFirst),
  ])
  if (!current) return 'stale-configuration'
  if (!locked.keysResolved) return 'known-events'
  const stored = await storeGroup(client, context, { ...attempt, ...locked }, (rows, drain) =>
    writeAndCommit(client, writeGroup(rows, drain)),
  )
  locked.rememberSources()
  return stored as GroupResult
}

type Resolved = Attempt & {
  eventIds: (string | undefined)[]
  accepted: Accepted[]
  feedback: Map<string, FeedbackState>
}

/**
 * Applies the events and writes their rows. `write` returns the ids of throttled webhooks, whose deliveries were queued
 * unclaimed; undefined when nothing was stored, which this returns, too.
 */
async function storeGroup(
  client: pg.ClientBase,
  { hubUrl, drain: localDrain }: IngestContext,
  { accepted, configs, feedback, triggeredAt, began, eventIds, results }: Resolved,
  write: (rows: GroupRows, drain: LocalDrain | undefined) => Promise<string[] | undefined>,
): Promise<GroupResult | undefined> {
  const firstNumber = await takeEventNumbers(client, accepted.length)
  const rows = await applyEvents({ events: accepted, configs, feedback, hubUrl, triggeredAt, firstNumber })
  const drain = localDrain?.()
  if (drain) markPreclaimed(rows.deliveries, drain)
  const written = await write(rows, drain)
  if (!written) return undefined
  const throttled = new Set(written)
  const preclaimed = preclaimedRows(rows, configs, throttled)
  if (preclaimed.length > 0) drain?.admit(preclaimed, began)
  accepted.forEach(({ place, eventId }, n) => {
    results[place] = { eventId, deliveries: rows.deliveriesOf[n] as number, duplicate: false }
  })
  answerDuplicates(eventIds, results)
  return { results, toWakeFor: countToWakeFor(rows.deliveries, drain, throttled) }
}

const feedbackMarks = (arrivals: readonly Arrival[]): Set<string> =>
  new Set(
    arrivals.flatMap(({ accountId, event }) => ('feedback' in event ? feedbackMark(accountId, event.feedback.id) : [])),
  )

/**
 * Locks sources, idempotency keys and feedback of a group, in this order. Where all sources are known, keys and feedback
 * are sent together. `keysResolved` is false when a key turned out to be known although feedback was sent already.
 */
async function lockRows(client: pg.ClientBase, attempt: Attempt, keysFirst: boolean) {
  const { arrivals, results, configs, triggeredAt } = attempt
  const { sources, remember } = await registerSources(client, configs, arrivals, results)
  const keys = planKeys(arrivals, results)
  const { eventIds } = keys
  const inserted = insertKeys(client, keys)
  const known: KnownEvents = keysFirst && !(await inserted) ? await readKnownEvents(client, keys) : new Map()
  resolveDuplicates(keys, arrivals, known, results)
  const accepted = acceptedOf(attempt, eventIds, sources)
  const [allNew, feedback] = await Promise.all([inserted, lockFeedback(client, accepted, triggeredAt)])
  return { accepted, eventIds, feedback, rememberSources: remember, keysResolved: keysFirst || allNew }
}

/**
 * Sends the write and the commit together. A commit behind a failed statement rolls back, and that statement's error is
 * thrown. Returns the ids of throttled webhooks.
 */
async function writeAndCommit(client: pg.ClientBase, write: pg.QueryConfig | undefined): Promise<string[]> {
  const [written, { command }] = await Promise.all([write && client.query<Written>(write), client.query('commit')])
  if (command !== 'COMMIT') throw new Error('a group of events was rolled back')
  return written?.rows[0]?.throttled ?? []
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
