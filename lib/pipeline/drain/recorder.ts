import type pg from 'pg'
import type { Log } from '../../log'
import type { CallRecord } from '../queue/call-record'
import { recordCalls, recordLate } from '../queue/record'

// Gathers finished calls into batches for record.ts. A database that is away is waited for (the lease fences what
// comes too late); a row the database refuses fails alone, and its neighbours are recorded.

const batchAtMost = 500
/** Characters of answers in one statement, which takes some four times as much memory: a batch of error pages has 32 MB. */
const answersAtMost = 1024 * 1024
/** A statement costs as much as some ten rows of it: the calls of so long go together. */
const gatherMs = 10
/** While a finished call waits longer than this to be recorded, no further one should be made. */
const behindMs = 500

export type Recorder = ReturnType<typeof openRecorder>

export type RecorderEvents = {
  /** It was behind and is no longer. */
  onCaughtUp: () => void
  /** These calls are recorded. One batch at a time; what throws is logged. */
  onRecorded: (calls: CallRecord[]) => Promise<void>
}

export function openRecorder(db: pg.Pool, log: Log, { onCaughtUp, onRecorded }: RecorderEvents) {
  const waiting: { call: CallRecord; at: number }[] = []
  let flushing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  /** When the oldest call that is not recorded ended, by the monotonic clock. */
  let oldest: number | undefined

  const isBehind = () => oldest !== undefined && performance.now() - oldest > behindMs

  /** Writes one batch, and on while there are full ones. */
  async function flush() {
    do {
      const batch = waiting.splice(0, batchSize(waiting))
      const calls = batch.map(({ call }) => call)
      await write(calls)
      await tell(calls)
      const wasBehind = isBehind()
      oldest = waiting[0]?.at
      if (wasBehind && !isBehind()) onCaughtUp()
    } while (waiting.length >= batchAtMost)
  }

  async function tell(calls: CallRecord[]): Promise<void> {
    await onRecorded(calls).catch((error: Error) => {
      log.warn({ error: error.message }, 'what calls did to the health of their webhooks was not kept')
    })
  }

  async function write(batch: CallRecord[]): Promise<void> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 500)) {
      try {
        let recorded = await recordCalls(db, batch)
        if (recorded < batch.length) recorded += await recordLate(db, batch)
        if (recorded < batch.length) log.warn({ late: batch.length - recorded }, 'calls finished after their lease')
        return
      } catch (error) {
        if (isData(error)) return batch.length === 1 ? writeBare(batch[0] as CallRecord, error) : writeHalves(batch)
        log.warn({ error: (error as Error).message }, 'the database did not take the record of calls; trying again')
        await new Promise((done) => setTimeout(done, wait))
      }
    }
  }

  async function writeHalves(batch: CallRecord[]) {
    const half = batch.length >> 1
    await write(batch.slice(0, half))
    await write(batch.slice(half))
  }

  /** What the receiver answered can't be stored: the call is recorded without it. */
  async function writeBare(call: CallRecord, error: unknown) {
    log.error({ error: (error as Error).message, deliveryId: call.deliveryId }, 'an answer could not be stored')
    const result = { ...call.result, responseHeaders: [], responseBody: '', detail: 'unstorable-answer' }
    if (call.result.detail !== 'unstorable-answer') await write([{ ...call, result }])
  }

  function start() {
    timer = undefined
    flushing ??= flush().finally(() => {
      flushing = undefined
      if (waiting.length > 0) timer = setTimeout(start, gatherMs)
    })
  }

  return {
    push(call: CallRecord) {
      const at = performance.now()
      oldest ??= at
      waiting.push({ call, at })
      if (!flushing && !timer) timer = setTimeout(start, gatherMs)
    },
    /**
     * The database takes no records just now. Who goes on claiming would claim rows whose calls are made and not yet
     * recorded, once their lease is over, and call again.
     */
    get behind(): boolean {
      return isBehind()
    },
    /** Resolves when everything pushed so far is written. */
    async settled(): Promise<void> {
      while (waiting.length > 0 || flushing || timer) {
        if (flushing) await flushing
        else await new Promise((done) => setTimeout(done, gatherMs))
      }
    },
  }
}

/**
 * SQLSTATE classes 22 (data) and 23 (constraint): the row's own fault, not the connection's. But 23514 is a day without
 * a partition, which upkeep makes.
 */
const isData = (error: unknown) => /^2[23](?!514)/.test(String((error as { code?: unknown }).code ?? ''))

/** How many of the calls that wait go into the next statement. */
function batchSize(waiting: { call: CallRecord }[]): number {
  let answers = 0
  const last = waiting.findIndex(({ call }, i) => {
    answers += call.result.responseBody.length
    return i + 1 === batchAtMost || answers >= answersAtMost
  })
  return last < 0 ? waiting.length : last + 1
}
