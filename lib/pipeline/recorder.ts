import type pg from 'pg'
import type { Log } from '../log'
import { type CallRecord, recordCalls } from './record'

// Gathers finished calls into batches for record.ts. A database that is away is waited for (the lease fences what
// comes too late); a row the database refuses fails alone, and its neighbours are recorded.

const batchAtMost = 500
const gatherMs = 3
/** While a finished call waits longer than this to be recorded, no further one should be made. */
const behindMs = 500

export type Recorder = ReturnType<typeof openRecorder>

/** `onCaughtUp` is called when it was behind and is no longer. */
export function openRecorder(db: pg.Pool, log: Log, onCaughtUp: () => void) {
  const waiting: { call: CallRecord; at: number }[] = []
  let flushing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  /** When the oldest call that is not recorded ended, by the monotonic clock. */
  let oldest: number | undefined

  const isBehind = () => oldest !== undefined && performance.now() - oldest > behindMs

  async function flush() {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchAtMost)
      await write(batch.map(({ call }) => call))
      const wasBehind = isBehind()
      oldest = waiting[0]?.at
      if (wasBehind && !isBehind()) onCaughtUp()
    }
  }

  async function write(batch: CallRecord[]): Promise<void> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      try {
        let recorded = await recordCalls(db, batch)
        // Rows that were cancelled in that moment: only a new statement sees how they ended.
        if (recorded < batch.length) recorded += await recordCalls(db, batch)
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
      if (waiting.length > 0) start()
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
