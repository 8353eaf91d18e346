import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase } from '../../db/client'
import { type Debounce, openDebounce } from '../../debounce'
import { applyCalls } from '../health/apply-calls'
import { upkeepHealth } from '../health/health-upkeep'
import type { CallRecord } from '../queue/call-record'
import { claim, claimProbes } from '../queue/claim'
import type { ClaimedRow } from '../queue/claimed-row'
import { usualLeaseMs } from '../queue/leased-rows'
import type { LocalDrain } from '../queue/local-drain'
import { Admission } from './admission'
import { ClaimWindow } from './claim-window'
import { DrainMode, type Mode } from './drain-mode'
import type { DrainCounts, DrainOptions } from './drain-options'
import type { DueWork } from './due-work'
import { Isolation } from './isolation'
import { type CallOptions, callOnce, unreadableCall } from './make-call'
import { openRecorder } from './recorder'
import type { Waiting, WebhookBuffer } from './webhook-buffer'

// Step "drain": claim → deliver → record, fair among webhooks and accounts. It holds no connection during a call, starts
// no call that may outlast its lease, and counts nothing: attempts are raised where a call is recorded. Its mode
// (drain-mode.ts) says which of these it does now.

const claimAtMost = 500
const claimAtLeast = 50
const bufferAtMost = 1000
/** Preclaims use at most half of the buffer. */
const preclaimAtMost = 500
/** Preclaimed rows whose transaction took longer are released: a claim then reads the state of their webhook. */
const preclaimWithinMs = 500
const wakeAtMostEveryMs = 20

/** Why nothing may be claimed: the mode, or calls that wait too long to be recorded. */
export type ClaimRefusal = Exclude<Mode, 'running'> | 'records-behind'

export class Drain implements LocalDrain {
  readonly counts: DrainCounts = { delivered: 0, failed: 0, cancelled: 0, exhausted: 0 }
  readonly #options: Required<DrainOptions> & { database: Database }
  /** Made once: a copy for each call costs. */
  readonly #callOptions: CallOptions
  readonly #mode = new DrainMode(() => this.wake())
  readonly #window = new ClaimWindow()
  readonly #isolation: Isolation
  readonly #recorder
  readonly #admission: Admission
  /** Wakes the drain when released rows or the next permit of a rate limit are due: the poll comes up to a second later. */
  readonly #rowsDue: Debounce
  #claiming: Promise<void> | undefined
  /** The last claim found as many rows as it asked for, or there is news of due rows. */
  #moreDue = true
  /** Async operations that hold rows which are not buffered yet. */
  #admitting = 0
  #configChangedAt = Number.NEGATIVE_INFINITY
  /** When the session was opened again. What was claimed before may have been claimed by others since. */
  #holdsSince = Number.NEGATIVE_INFINITY

  constructor(options: DrainOptions) {
    const { leaseMs = usualLeaseMs, random = Math.random } = options
    this.#options = { ...options, database: openDatabase(options.db), leaseMs, random }
    this.#callOptions = { ...this.#options, holds: this.#holds }
    this.#rowsDue = openDebounce(() => this.wake())
    this.#recorder = openRecorder(options.db, options.log, {
      onCaughtUp: () => this.wake(),
      onRecorded: (calls) => this.#applyCalls(calls),
    })
    this.#admission = new Admission(this.#options, this.counts, {
      mayBuffer: (claimedAt) => !this.#mode.is('stopping') && this.#holds(claimedAt),
      onUnusable: (row, target) => this.#record(unreadableCall(row, target, random)),
      onRowsDueIn: (ms) => this.#rowsDue.within(Math.max(ms, wakeAtMostEveryMs)),
    })
    this.#isolation = new Isolation(options.db, this, {
      begin: () => this.#beginIsolation(),
      mayGoOn: () => this.#mode.is('isolating'),
      call: (row, claimedAt) => this.#admit([row], claimedAt).then(() => this.#allRecorded()),
      end: () => this.#mode.endIsolation() && this.wake(),
    })
  }

  get leaseMs(): number {
    return this.#options.leaseMs
  }

  get drainerId(): number {
    return this.#options.drainerId
  }

  /** Whether rows may be claimed or preclaimed now, or why not. */
  mayClaim(): 'yes' | ClaimRefusal {
    if (this.#mode.now !== 'running') return this.#mode.now
    return this.#recorder.behind ? 'records-behind' : 'yes'
  }

  room(webhookId: string): number {
    if (this.mayClaim() !== 'yes' || this.#admission.waiting >= preclaimAtMost) return 0
    return this.#admission.room(webhookId)
  }

  deferred = (webhookId: string): boolean => this.#admission.deferred(webhookId)

  admit(rows: ClaimedRow[], claimedAt: number): void {
    const known = performance.now() - claimedAt < preclaimWithinMs && this.#configChangedAt < claimedAt
    const done =
      known && this.#mode.is('running')
        ? this.#admit(rows, claimedAt)
        : this.#admission.release(rows).then(() => this.wake())
    void this.#whileAdmitting(done).catch((error: Error) => {
      this.#options.log.warn(
        { error: error.message },
        'preclaimed rows were not admitted; they are due when their lease ends',
      )
    })
  }

  /** The session opened. Where it was closed before, others may have taken this drainer for dead: it releases its rows. */
  async sessionOpened(): Promise<void> {
    if (this.#mode.sessionOpened()) return this.wake()
    this.#holdsSince = performance.now()
    await this.#whileAdmitting(this.#admission.releaseAll())
  }

  sessionClosed(): void {
    this.#mode.sessionClosed()
  }

  /** There may be rows that have been due for long: look at all. */
  wakeForAll(): void {
    this.#window.widen()
    this.wake()
  }

  /** Rows may have come due just now: claim them. */
  wake(): void {
    this.#moreDue = true
    this.#startCalls()
    this.#claimMore()
  }

  /** Every second: due rows that nobody announced, changed webhooks, abandoned rows, the health of webhooks. */
  async tick(due: Pick<DueWork, 'rows' | 'abandoned' | 'probes' | 'health'>): Promise<void> {
    try {
      if (this.#mode.is('away')) await this.#askDatabase()
      if (due.rows) this.wakeForAll()
      else this.#startCalls()
      await this.recheck()
      if (due.abandoned && this.#mode.is('running')) await this.#whileAdmitting(this.#isolation.run(this.#busy))
      if (this.#mode.is('running')) await this.#whileAdmitting(this.#upkeep(due))
    } catch (error) {
      this.#mode.databaseFailed()
      throw error
    }
  }

  /** Reads the webhooks of buffered rows again: ends what was switched off, takes over a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
    if (accountId) this.#configChangedAt = performance.now()
    await this.#whileAdmitting(this.#admission.recheck(accountId))
    this.#startCalls()
  }

  /** Claims nothing more, releases what has not started, waits for the calls in flight and records them. */
  async stop(): Promise<void> {
    this.#mode.stop()
    this.#rowsDue.cancel()
    await this.#claiming
    await this.#admission.releaseAll()
    while (this.#admission.inFlight > 0 || this.#admitting > 0 || !this.#admission.idle) await sleep(5)
    await this.#recorder.allRecorded()
  }

  get #busy(): boolean {
    return this.#admission.waiting + this.#admission.inFlight > 0
  }

  /** Whether rows claimed then (by the monotonic clock) are still this drainer's, as far as it can know. */
  readonly #holds = (claimedAt: number): boolean => !this.#mode.is('away') && claimedAt >= this.#holdsSince

  /** Asks without claiming: a claim could be the first statement that is answered. */
  async #askDatabase() {
    await this.#options.db.query('select')
    this.#mode.databaseAnswered()
  }

  async #whileAdmitting(work: Promise<void>): Promise<void> {
    this.#admitting++
    try {
      await work
    } finally {
      this.#admitting--
    }
  }

  #claimMore() {
    if (this.#claiming || !this.#moreDue || this.mayClaim() !== 'yes') return
    const room = Math.min(claimAtMost, bufferAtMost - this.#admission.waiting)
    if (room < claimAtLeast) return void this.#admission.releaseSurplus()
    this.#claiming = this.#claim(room)
      .catch((error: Error) => {
        this.#mode.databaseFailed()
        this.#options.log.warn({ error: error.message }, 'could not claim; trying again when the database answers')
      })
      .finally(() => {
        this.#claiming = undefined
        this.#claimMore()
      })
  }

  async #claim(limit: number) {
    const claimedAt = performance.now()
    this.#moreDue = false
    const skip = this.#admission.leftOut()
    const rows = await claim(this.#options.db, limit, this, skip, this.#window.open(claimedAt))
    if (rows.length === limit) this.#moreDue = true
    else if (skip.length === 0) this.#window.sawAll(claimedAt)
    await this.#admit(rows, claimedAt)
  }

  async #admit(rows: ClaimedRow[], claimedAt: number) {
    await this.#admission.admit(rows, claimedAt)
    this.#startCalls()
  }

  /** Starts calls while there are slots and the database takes their records. */
  #startCalls() {
    if (this.#mode.is('starting', 'away') || this.#recorder.behind) return
    this.#admission.startCalls((buffer, row) => void this.#deliver(buffer, row))
  }

  async #deliver(buffer: WebhookBuffer, row: Waiting) {
    const call = await callOnce(this.#callOptions, buffer, row)
    if ('releaseMs' in call) {
      void this.#admission.release([row], call.releaseMs)
      this.#admission.ended(buffer)
    } else {
      this.#record(call)
      this.#admission.ended(buffer, call.result.durationMs)
    }
    if (this.#admission.hasRoomAgain(buffer)) this.#moreDue = true
    this.#startCalls()
    this.#claimMore()
  }

  #record(call: CallRecord) {
    this.counts[call.result.failure === null ? 'delivered' : 'failed']++
    if (call.next.kind === 'exhausted') this.counts.exhausted++
    this.#recorder.push(call)
  }

  async #applyCalls(calls: CallRecord[]): Promise<void> {
    for (const { webhookId, state } of await applyCalls(this.#options.database, calls))
      await this.#admission.throttle(webhookId, state)
  }

  /** Time-based health transitions, and the probes that are due. */
  async #upkeep({ health, probes }: Pick<DueWork, 'health' | 'probes'>) {
    const { db, database, leaseMs } = this.#options
    await this.#admission.deferSurplus()
    if (health) await upkeepHealth(database, leaseMs)
    if (!probes) return
    const claimedAt = performance.now()
    await this.#admit(await claimProbes(db, this), claimedAt)
  }

  async #beginIsolation(): Promise<boolean> {
    if (!this.#mode.isolate()) return false
    await this.#claiming
    await this.#admission.releaseAll()
    await this.#allRecorded()
    return true
  }

  async #allRecorded() {
    while (this.#admission.inFlight > 0) await sleep(5)
    await this.#recorder.allRecorded()
  }
}
