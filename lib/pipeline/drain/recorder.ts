import type pg from 'pg'
import { noteDiskFull } from '../../db/disk-full'
import { openDebounce } from '../../debounce'
import type { Log } from '../../log'
import type { CallRecord } from '../queue/call-record'
import { recordCalls, recordLate } from '../queue/record'

// Gathers finished calls into batches for record.ts. While the database is away it keeps them and tries again; the lease
// fences records that come too late. A call that the database refuses fails alone, and its neighbours are recorded.

const batchAtMost = 500
/** Characters of responses in one statement, which takes about four times as much memory. A batch of error pages can have 32 MB. */
const answersAtMost = 1024 * 1024
/** A statement costs as much as about ten of its rows, so the calls that end within this time are recorded together. */
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
  const gathered = openDebounce(() => {
    flushing ??= flush().finally(() => {
      flushing = undefined
      if (waiting.length > 0) gathered.within(gatherMs)
    })
  })
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
      log.warn({ error: error.message }, 'the effect of calls on the health of their webhooks was not stored')
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
        noteDiskFull(error)
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

  /** The receiver's response can't be stored: the call is recorded without it. */
  async function writeBare(call: CallRecord, error: unknown) {
    log.error({ error: (error as Error).message, deliveryId: call.deliveryId }, 'a response could not be stored')
    const result = { ...call.result, responseHeaders: [], responseBody: '', detail: 'unstorable-answer' }
    if (call.result.detail !== 'unstorable-answer') await write([{ ...call, result }])
  }

  return {
    push(call: CallRecord) {
      const at = performance.now()
      oldest ??= at
      waiting.push({ call, at })
      if (!flushing) gathered.within(gatherMs)
    },
    /**
     * A finished call has waited too long to be recorded: the database takes no records just now. Nothing may be claimed
     * then, because rows whose calls were made and not recorded are due once their lease ends, and would be called again.
     */
    get behind(): boolean {
      return isBehind()
    },
    /** Resolves when everything pushed so far is written. */
    async allRecorded(): Promise<void> {
      while (waiting.length > 0 || flushing || gathered.pending) {
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
