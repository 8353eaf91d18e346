import type pg from 'pg'
import type { Log } from '../log'
import { type AcceptContext, type Arrival, acceptGroup, DatabaseAwayError, type Taken } from './accept'
import { lastKnownConfig } from './account-config'

// Concurrent requests share one transaction. What is atomic is the event: a long request may be spread over groups,
// its events stay in order, and a bad event costs its own request, never a neighbour's.

const eventsAtMost = 500
const deliveriesAtMost = 5_000
const bytesAtMost = 8 * 1024 * 1024
/**
 * What is posted while a group is written makes up the next one: the fewer groups, the less each event costs. A second
 * group runs beside the first only when it is large, or when the first takes so long that it may be held up.
 */
const groupsInFlight = 2
const largeGroup = 250
const heldUpMs = 50
/** Groups of several requests begin at least this long after one another. */
const gatherMs = 10
const buffered = { events: 20_000, bytes: 64 * 1024 * 1024 }

/** The buffer is full: the caller is told to come back. */
export class BufferFullError extends Error {}

type Submission = {
  left: number
  taken: Taken[]
  running: boolean
  done: (taken: Taken[]) => void
  fail: (e: Error) => void
}
type Waiting = { arrival: Arrival; at: number; submission: Submission }

export type GroupCommit = ReturnType<typeof openGroupCommit>

/** `onCommitted` hears how many deliveries each group queued. */
export function openGroupCommit(
  pool: pg.Pool,
  context: AcceptContext & { log: Log; onCommitted: (queued: number) => void },
) {
  let waiting: Waiting[] = []
  let bytes = 0
  let running = 0
  let scheduled = false
  let timer: NodeJS.Timeout | undefined
  let startedAt = Number.NEGATIVE_INFINITY
  /** The last group held several requests: more are on their way. */
  let busy = false

  function schedule() {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      while (waiting.length > 0 && running < groupsInFlight && !waiting[0]?.submission.running) {
        const wait = startedAt + waitMs() - performance.now()
        if (wait > 0) return scheduleIn(wait)
        void commit(takeGroup())
      }
    })
  }

  /** How long after the last group the next one begins. */
  function waitMs(): number {
    if (waiting.length >= largeGroup) return 0
    if (running > 0) return heldUpMs
    return busy ? gatherMs : 0
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
    busy = group.at(-1)?.submission !== group[0]?.submission
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
    try {
      const { taken, queued } = await acceptGroup(
        pool,
        group.map(({ arrival }) => arrival),
        context,
      )
      if (queued > 0) context.onCommitted(queued)
      for (const [i, entry] of group.entries()) settle(entry, taken[i] as Taken)
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code === '40P01' || code === '40001') && tries > 1) return run(group, tries - 1)
      const requests = bySubmission(group)
      const alone = requests.length === 1 || error instanceof DatabaseAwayError
      if (!alone) for (const request of requests) await run(request)
      else {
        context.log.warn({ error: (error as Error).message, code }, 'a group of events was not taken')
        refuse(group, error as Error)
      }
    }
  }

  /** What is left of a long request is dropped: nothing of it may be taken after its caller heard that it failed. */
  function refuse(group: Waiting[], error: Error) {
    const failed = new Set(group.map(({ submission }) => submission))
    for (const submission of failed) submission.fail(error)
    // It is at the head, because nothing overtakes the rest of a request.
    const others = waiting.findIndex(({ submission }) => !failed.has(submission))
    for (const { arrival } of waiting.splice(0, others < 0 ? waiting.length : others)) bytes -= arrival.bytes
  }

  function settle({ at, submission }: Waiting, taken: Taken) {
    submission.taken[at] = taken
    if (--submission.left === 0) submission.done(submission.taken)
  }

  return {
    /** Takes the events of one request in; answers in their order, after commit. */
    submit(arrivals: Arrival[]): Promise<Taken[]> {
      if (arrivals.length === 0) return Promise.resolve([])
      if (waiting.length + arrivals.length > buffered.events || bytes > buffered.bytes)
        return Promise.reject(new BufferFullError())
      return new Promise((done, fail) => {
        const submission: Submission = { left: arrivals.length, taken: [], running: false, done, fail }
        arrivals.forEach((arrival, at) => {
          bytes += arrival.bytes
          waiting.push({ arrival, at, submission })
        })
        schedule()
      })
    },
  }
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
