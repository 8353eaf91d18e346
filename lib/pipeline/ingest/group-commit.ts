import type pg from 'pg'
import { noteDiskFull } from '../../db/disk-full'
import type { Log } from '../../log'
import { lastKnownConfig } from './account-config'
import type { Arrival, IngestResult } from './arrival'
import { DatabaseAwayError, type IngestContext, ingestGroup } from './ingest-group'
import { openNewFeedback } from './new-feedback'

// Concurrent requests share one transaction, a group. The event is atomic, the request is not: a long request may be
// spread over several groups. Its events stay in order. An event with a value that PostgreSQL cannot store (SQLSTATE
// class 22) is refused alone; any other error fails its own request, never a neighbour's.

const eventsAtMost = 500
const deliveriesAtMost = 5_000
/** All rows of a kind become one JSON text, without a break: 1 MiB of events takes some 10 ms. */
const bytesAtMost = 1024 * 1024
/**
 * A group starts at once when none is in flight. Events posted meanwhile form the next one: fewer groups cost less per
 * event. It overlaps the running group once it holds `overlapEvents`, or once that group has run for `overlapAfterMs`.
 */
const groupsInFlight = 2
const overlapEvents = 128
const overlapAfterMs = 8
const bufferedAtMost = { events: 20_000, bytes: 64 * 1024 * 1024 }

/** The buffer is full: the caller must try again later. */
export class BufferFullError extends Error {}

type Submission = {
  left: number
  results: IngestResult[]
  running: boolean
  /** Its caller was told that it failed: no further event of it is stored. */
  failed: boolean
  done: (results: IngestResult[]) => void
  fail: (e: Error) => void
}
type Waiting = { arrival: Arrival; at: number; submission: Submission }

export type GroupCommit = ReturnType<typeof openGroupCommit>

type GroupCommitOptions = Omit<IngestContext, 'newFeedback'> & { log: Log; wakeDrains: () => void }

/** Opens group commit on `pool`. `wakeDrains` is called after the commit of a group that left due rows to drains. */
export function openGroupCommit(pool: pg.Pool, options: GroupCommitOptions) {
  const context: IngestContext & GroupCommitOptions = { ...options, newFeedback: openNewFeedback() }
  let waiting: Waiting[] = []
  let bytes = 0
  let running = 0
  let scheduled = false
  let timer: NodeJS.Timeout | undefined
  let startedAt = Number.NEGATIVE_INFINITY

  function schedule() {
    if (scheduled) return
    scheduled = true
    // The requests of one turn of the event loop form one group.
    setImmediate(() => {
      scheduled = false
      while (waiting.length > 0 && running < groupsInFlight && !waiting[0]?.submission.running) {
        const wait =
          running === 0 || waiting.length >= overlapEvents ? 0 : startedAt + overlapAfterMs - performance.now()
        if (wait > 0) return scheduleIn(wait)
        void commit(takeGroup())
      }
    })
  }

  function scheduleIn(ms: number) {
    clearTimeout(timer)
    timer = setTimeout(schedule, ms)
  }

  function takeGroup(): Waiting[] {
    let deliveries = 0
    let size = 0
    let n = 0
    for (const { arrival } of waiting) {
      deliveries += Math.max(lastKnownConfig(arrival.accountId)?.webhooks.length ?? 1, 1)
      size += arrival.bytes
      if (n > 0 && (n >= eventsAtMost || deliveries > deliveriesAtMost || size > bytesAtMost)) break
      n++
    }
    const group = waiting.slice(0, n)
    waiting = waiting.slice(n)
    return group
  }

  async function commit(group: Waiting[]) {
    running++
    startedAt = performance.now()
    for (const { arrival, submission } of group) {
      submission.running = true
      bytes -= arrival.bytes
    }
    try {
      await run(group)
    } finally {
      running--
      for (const { submission } of group) submission.running = false
      schedule()
    }
  }

  async function run(group: Waiting[], tries = 3): Promise<void> {
    if (group.length === 0) return
    try {
      const { results, toWakeFor } = await ingestGroup(
        pool,
        group.map(({ arrival }) => arrival),
        context,
      )
      if (toWakeFor > 0) context.wakeDrains()
      for (const [i, entry] of group.entries()) resolve(entry, results[i] as IngestResult)
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code === '40P01' || code === '40001') && tries > 1) return run(group, tries - 1)
      noteDiskFull(error)
      if (code?.startsWith('22')) {
        const [only] = group
        if (only && group.length === 1) return resolve(only, unstorable)
        for (const half of halves(group)) await run(half.filter(({ submission }) => !submission.failed))
        return
      }
      const requests = bySubmission(group)
      const isFinal = requests.length === 1 || error instanceof DatabaseAwayError
      if (!isFinal) for (const request of requests) await run(request)
      else {
        context.log.warn({ error: (error as Error).message, code }, 'a group of events was rolled back')
        reject(group, error as Error)
      }
    }
  }

  /** Rejects the requests of a failed group, and drops their events that still wait: the caller was told they failed. */
  function reject(group: Waiting[], error: Error) {
    const failed = new Set(group.map(({ submission }) => submission))
    for (const submission of failed) {
      submission.failed = true
      submission.fail(error)
    }
    // They wait at the head of the line: nothing overtakes the rest of a request.
    const others = waiting.findIndex(({ submission }) => !failed.has(submission))
    for (const { arrival } of waiting.splice(0, others < 0 ? waiting.length : others)) bytes -= arrival.bytes
  }

  function resolve({ at, submission }: Waiting, result: IngestResult) {
    submission.results[at] = result
    if (--submission.left === 0) submission.done(submission.results)
  }

  return {
    /** Ingests the events of one request. Resolves after commit, with their results in order. */
    submit(arrivals: Arrival[]): Promise<IngestResult[]> {
      if (arrivals.length === 0) return Promise.resolve([])
      if (waiting.length + arrivals.length > bufferedAtMost.events || bytes > bufferedAtMost.bytes)
        return Promise.reject(new BufferFullError())
      return new Promise((done, fail) => {
        const submission: Submission = { left: arrivals.length, results: [], running: false, failed: false, done, fail }
        arrivals.forEach((arrival, at) => {
          bytes += arrival.bytes
          waiting.push({ arrival, at, submission })
        })
        schedule()
      })
    },
  }
}

const unstorable: IngestResult = {
  code: 'invalid',
  message: 'The event holds a value that the database cannot store.',
  path: '',
}

function halves(group: Waiting[]): Waiting[][] {
  const half = group.length >> 1
  return [group.slice(0, half), group.slice(half)]
}

function bySubmission(group: Waiting[]): Waiting[][] {
  const requests = new Map<Submission, Waiting[]>()
  for (const entry of group) {
    const own = requests.get(entry.submission)
    if (own) own.push(entry)
    else requests.set(entry.submission, [entry])
  }
  return [...requests.values()]
}
