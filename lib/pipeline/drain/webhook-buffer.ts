import { inFlightAtMost, type Target } from '../deliver/targets'
import type { ClaimedRow } from '../queue/claimed-row'

/**
 * A claimed row and when it was claimed, by this process's monotonic clock. `startBy`: until when its call may
 * start, where it has a permit of a rate limit.
 */
export type Waiting = ClaimedRow & { claimedAt: number; startBy?: number }

/** Whether a call that starts now ends well before the row's lease does. */
export const endsInTime = (row: Waiting, timeoutMs: number, leaseMs: number): boolean =>
  performance.now() - row.claimedAt + timeoutMs <= (leaseMs * 11) / 12

/** Whether a call may start now: it ends in time, and its permit, if it needs one, has not expired. */
export const mayStart = (row: Waiting, timeoutMs: number, leaseMs: number): boolean =>
  endsInTime(row, timeoutMs, leaseMs) && (row.startBy === undefined || performance.now() <= row.startBy)

/** What a drainer holds of one webhook: claimed rows that wait, how many are in flight, how fast it answers. */
export class WebhookBuffer {
  readonly accountId: string
  readonly webhookId: string
  target: Target
  inFlight = 0
  #rows: Waiting[] = []
  #head = 0
  /** Milliseconds a call takes, a moving average; a first guess until one ended. */
  #averageMs = 100
  /** Whether a call has ended, so that its duration is known and not guessed. */
  #isMeasured = false
  /** When a call last ended, or there was first something to do. */
  #movedAt = 0

  constructor(accountId: string, webhookId: string, target: Target) {
    this.accountId = accountId
    this.webhookId = webhookId
    this.target = target
  }

  get waiting(): number {
    return this.#rows.length - this.#head
  }

  /** What a call takes, and at least the time since one last ended: a call that hangs is in no average yet. */
  get latencyMs(): number {
    const stuckMs = this.waiting + this.inFlight > 0 ? performance.now() - this.#movedAt : 0
    return Math.max(this.#averageMs, stuckMs)
  }

  /** Calls a second it can take with all its slots. */
  get rate(): number {
    return (inFlightAtMost * 1000) / Math.max(this.latencyMs, 0.5)
  }

  /** How many rows to hold: half a second of work, and few where calls are slow. More would wait while their lease runs. */
  get capacity(): number {
    const few = Math.min(Math.ceil(this.rate * 5), inFlightAtMost)
    return Math.min(Math.max(Math.round(this.rate / 2), few), 200)
  }

  get ready(): boolean {
    return this.waiting > 0 && this.inFlight < inFlightAtMost
  }

  push(row: Waiting) {
    if (this.waiting + this.inFlight === 0) this.#movedAt = performance.now()
    this.#rows.push(row)
  }

  /** Takes all but the first `kept` waiting rows out. */
  trim(kept: number): Waiting[] {
    return this.#rows.splice(this.#head + kept)
  }

  shift(): Waiting | undefined {
    const row = this.#rows[this.#head]
    if (row) this.#head++
    if (this.#head > 64 && this.#head * 2 > this.#rows.length) {
      this.#rows = this.#rows.slice(this.#head)
      this.#head = 0
    }
    return row
  }

  /** Takes all waiting rows out. */
  empty(): Waiting[] {
    const rows = this.#rows.slice(this.#head)
    this.#rows = []
    this.#head = 0
    return rows
  }

  ended(durationMs: number) {
    this.#movedAt = performance.now()
    this.#isMeasured = true
    this.#averageMs = this.#averageMs * 0.8 + durationMs * 0.2
  }

  /**
   * For how long to release the n-th row beyond capacity: until its call is expected, so that it is released only once.
   * While the rate is a guess, not for long: a fast receiver would wait for the rows of a slow one.
   */
  releaseMs(n: number, random: number): number {
    const expectedMs = ((this.capacity + n) / this.rate) * 1000
    return Math.min(Math.max(expectedMs, 50), this.#isMeasured ? 60_000 : 250) * (1 + random * 0.2)
  }
}
