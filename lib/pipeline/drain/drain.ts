import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase } from '../../db/client'
import { applyCalls } from '../health/apply-calls'
import { upkeepHealth } from '../health/health-upkeep'
import type { CallRecord } from '../queue/call-record'
import { claim, claimAbandoned, claimProbes, hasAbandoned } from '../queue/claim'
import type { ClaimedRow } from '../queue/claimed-row'
import type { LocalDrain } from '../queue/local-drain'
import { Admission } from './admission'
import type { DrainCounts, DrainOptions } from './drain-options'
import { FairBuffers } from './fair-buffers'
import { callOnce, unreadableCall } from './make-call'
import { openRecorder } from './recorder'
import { openReleases } from './releases'
import { inTime, type Waiting, type WebhookBuffer } from './webhook-buffer'

// Step "drain": claim → deliver → record, fair among webhooks and accounts. It holds no connection during a call,
// makes no call whose lease may be over, and counts nothing: attempts are raised where a call is recorded.

const claimAtMost = 500
const claimAtLeast = 50
const bufferAtMost = 1000
const wakeAtMostEveryMs = 20
/** Handing over leaves room for what is claimed. */
const takeAtMost = 500
/** What was read longer ago of the webhook of a row is read again, with a claim. */
const takenWithinMs = 500
/** So long after the database is back; longer than a recorder waits before it tries again. */
const recoverMs = 2_000
/** Rows that may kill drainers are called for so long at a time; while there is other work, for a fifth of the time. */
const isolateForMs = 1_000

export class Drain implements LocalDrain {
  readonly counts: DrainCounts = { delivered: 0, failed: 0, cancelled: 0, exhausted: 0 }
  readonly #options: Required<DrainOptions> & { database: Database }
  readonly #recorder
  readonly #releases
  readonly #buffers = new FairBuffers()
  readonly #admission: Admission
  #claiming: Promise<void> | undefined
  #more = true
  /** A row that may kill drainers is being called: nothing else is claimed. */
  #isolating = false
  #isolateAgainAt = 0
  /** Running work that has rows which are in no buffer. */
  #tracked = 0
  #stopping = false
  #timer: NodeJS.Timeout | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  /** The database did not answer the last time it was asked. */
  #away = false
  #recoverUntil = 0
  /** When it last heard that an account's configuration had changed. */
  #changedAt = Number.NEGATIVE_INFINITY

  constructor(options: DrainOptions) {
    const { leaseMs = 60_000, random = Math.random } = options
    this.#options = { ...options, database: openDatabase(options.db), leaseMs, random }
    this.#recorder = openRecorder(options.db, options.log, {
      onCaughtUp: () => this.wake(),
      onRecorded: (calls) => this.#settle(calls),
    })
    this.#releases = openReleases(options.db, options.log, this.counts)
    this.#admission = new Admission(this.#options, this.#buffers, this.#releases, {
      onUnusable: (row, target) => this.#record(unreadableCall(row, target, random)),
      onDueIn: (ms) => this.#wakeIn(ms),
    })
  }

  get leaseMs(): number {
    return this.#options.leaseMs
  }

  room(webhookId: string): number {
    const { waiting } = this.#buffers
    if (this.#stopping || this.#isolating || this.#recorder.behind || this.#recovering || waiting >= takeAtMost)
      return 0
    return this.#admission.room(webhookId)
  }

  deferred = (webhookId: string): boolean => this.#admission.deferred(webhookId)

  admit(rows: ClaimedRow[], claimedAt: number): void {
    const known = performance.now() - claimedAt < takenWithinMs && this.#changedAt < claimedAt
    const taken =
      known && !this.#isolating ? this.#admit(rows, claimedAt) : this.#releases.release(rows, 0).then(() => this.wake())
    void this.#track(taken).catch((error: Error) => {
      this.#options.log.warn(
        { error: error.message },
        'deliveries were not taken over; they are due when their lease ends',
      )
    })
  }

  /** There may be due rows: look now. */
  wake() {
    this.#more = true
    this.#pump()
    this.#fill()
  }

  /** The polls alone would leave turns unused that come between them. */
  #wakeIn(ms: number) {
    const at = performance.now() + Math.max(ms, wakeAtMostEveryMs)
    if (this.#stopping || at >= this.#wakeAt) return
    clearTimeout(this.#timer)
    this.#wakeAt = at
    this.#timer = setTimeout(() => {
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.wake()
    }, at - performance.now())
  }

  /** Every second: due rows that nobody announced, rows that kill drainers, webhooks switched off meanwhile. */
  async tick(): Promise<void> {
    try {
      if (this.#away) await this.#findBack()
      this.wake()
      await this.recheck()
      if (this.#recovering) return
      await this.#track(this.#drainAbandoned())
      if (!this.#stopping) await this.#track(this.#tend())
    } catch (error) {
      this.#away = true
      throw error
    }
  }

  /**
   * The database is away, or was a moment ago. Leases may have run out meanwhile whose calls are made and wait to be
   * recorded, by whichever drainer made them: it goes first.
   */
  get #recovering(): boolean {
    return this.#away || performance.now() < this.#recoverUntil
  }

  /** Asks without claiming: a claim might be the first that is answered. */
  async #findBack() {
    await this.#options.db.query('select')
    this.#away = false
    this.#recoverUntil = performance.now() + recoverMs
  }

  /** FairBuffers that time has something to do for, and the calls that find out whether a webhook is well again. */
  async #tend() {
    const { db, database, leaseMs } = this.#options
    await this.#admission.deferSurplus()
    await upkeepHealth(database, leaseMs)
    const claimedAt = performance.now()
    await this.#admit(await claimProbes(db, leaseMs), claimedAt)
  }

  /** Reads again what it holds rows of: drops what was switched off, takes a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
    if (accountId) this.#changedAt = performance.now()
    await this.#track(this.#admission.recheck(accountId))
    this.#pump()
  }

  /** Claims nothing more, gives back what has not started, waits for what is in flight and records it. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    this.#admission.stopping = true
    await this.#claiming
    await this.#releases.release(this.#buffers.takeAll(), 0)
    while (this.#buffers.inFlight > 0 || this.#tracked > 0 || !this.#releases.idle) await sleep(5)
    await this.#recorder.settled()
  }

  async #track(work: Promise<void>): Promise<void> {
    this.#tracked++
    try {
      await work
    } finally {
      this.#tracked--
    }
  }

  #fill() {
    const room = Math.min(claimAtMost, bufferAtMost - this.#buffers.waiting)
    if (this.#claiming || this.#stopping || this.#isolating || !this.#more || this.#recorder.behind || this.#recovering)
      return
    if (room < claimAtLeast) return void this.#admission.shedSurplus()
    this.#claiming = this.#claim(room)
      .catch((error: Error) => {
        this.#more = false
        this.#away = true
        this.#options.log.warn({ error: error.message }, 'could not claim; trying again when the database answers')
      })
      .finally(() => {
        this.#claiming = undefined
        this.#fill()
      })
  }

  async #claim(limit: number) {
    const { db, leaseMs } = this.#options
    const claimedAt = performance.now()
    this.#more = false
    const rows = await claim(db, limit, leaseMs, this.#admission.unwanted())
    if (rows.length === limit) this.#more = true
    await this.#admit(rows, claimedAt)
  }

  async #admit(rows: ClaimedRow[], claimedAt: number) {
    await this.#admission.admit(rows, claimedAt)
    this.#pump()
  }

  /** Starts calls while there are slots, and the database takes their records. */
  #pump() {
    if (this.#recorder.behind) return
    const late: Waiting[] = []
    for (let next = this.#next(); next; next = this.#next()) {
      const { buffer, row } = next
      if (inTime(row, buffer.target.timeoutMs, this.#options.leaseMs)) void this.#deliver(buffer, row)
      else late.push(row)
    }
    if (late.length > 0) void this.#releases.release(late, 0)
  }

  readonly #next = () => this.#buffers.next(this.#options.concurrency)

  async #deliver(buffer: WebhookBuffer, row: Waiting) {
    this.#buffers.started(buffer)
    const call = await callOnce(this.#options, buffer, row)
    this.#buffers.ended(buffer)
    if ('deferMs' in call) void this.#releases.release([row], call.deferMs)
    else {
      buffer.ended(call.result.durationMs)
      this.#record(call)
    }
    if (this.#buffers.hasRoomAgain(buffer)) this.#more = true
    this.#pump()
    this.#fill()
  }

  async #settle(calls: CallRecord[]): Promise<void> {
    const settled = await applyCalls(this.#options.database, calls)
    for (const { webhookId, state } of settled) await this.#admission.rest(webhookId, state)
  }

  #record(call: CallRecord) {
    this.counts[call.result.failure === null ? 'delivered' : 'failed']++
    if (call.next.kind === 'exhausted') this.counts.exhausted++
    this.#recorder.push(call)
  }

  /** A row that was lost with three drainers may be what killed them: it runs with nothing beside it. */
  async #drainAbandoned() {
    const began = performance.now()
    const busy = this.#buffers.waiting + this.#buffers.inFlight > 0
    if (this.#stopping || (busy && began < this.#isolateAgainAt)) return
    if (!(await hasAbandoned(this.#options.db))) return
    this.#isolating = true
    try {
      await this.#claiming
      await this.#releases.release(this.#buffers.takeAll(), 0)
      while (performance.now() < began + isolateForMs && (await this.#callAbandoned()));
    } finally {
      this.#isolating = false
      this.#isolateAgainAt = performance.now() + 4 * (performance.now() - began)
      this.wake()
    }
  }

  /** Calls one lost row when all else has ended; false when there is none. */
  async #callAbandoned(): Promise<boolean> {
    await this.#allRecorded()
    const claimedAt = performance.now()
    const row = this.#stopping ? undefined : await claimAbandoned(this.#options.db, this.#options.leaseMs)
    if (!row) return false
    await this.#admit([row], claimedAt)
    await this.#allRecorded()
    return true
  }

  async #allRecorded() {
    while (this.#buffers.inFlight > 0) await sleep(5)
    await this.#recorder.settled()
  }
}
