import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { type Database, openDatabase } from '../db/client'
import type { Log } from '../log'
import { callOnce, unreadableCall } from './call-once'
import type { HandOver } from './hand-over'
import { Intake } from './intake'
import { inTime, type Lane, type Waiting } from './lane'
import { Lanes } from './lanes'
import { type Claimed, claim, claimLost, claimProbes, hasLost } from './queue'
import type { CallRecord } from './record'
import { openRecorder } from './recorder'
import { settleCalls } from './settle-calls'
import type { Targets } from './targets'
import { tendLanes } from './tend-lanes'
import { openUncalled } from './uncalled'

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
const calmMs = 2_000
/** Rows that may kill drainers are called for so long at a time; while there is other work, for a fifth of the time. */
const lostForMs = 1_000

export type DrainOptions = {
  /** A pool opened with `pipeline: true`. */
  db: pg.Pool
  targets: Targets
  /** Calls in flight at once. */
  concurrency: number
  leaseMs?: number
  log: Log
  random?: () => number
}

export type DrainCounts = { delivered: number; failed: number; cancelled: number; exhausted: number }

export class Drain implements HandOver {
  readonly counts: DrainCounts = { delivered: 0, failed: 0, cancelled: 0, exhausted: 0 }
  readonly #options: Required<DrainOptions> & { database: Database }
  readonly #recorder
  readonly #uncalled
  readonly #lanes = new Lanes()
  readonly #intake: Intake
  #claiming: Promise<void> | undefined
  #more = true
  /** A row that may kill drainers is being called: nothing else is claimed. */
  #quiet = false
  #quietAgainAt = 0
  /** Running work that has rows which are in no lane. */
  #holding = 0
  #stopping = false
  #timer: NodeJS.Timeout | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  /** The database did not answer the last time it was asked. */
  #away = false
  #calmUntil = 0
  /** When it last heard that an account's configuration had changed. */
  #changedAt = Number.NEGATIVE_INFINITY

  constructor(options: DrainOptions) {
    const { leaseMs = 60_000, random = Math.random } = options
    this.#options = { ...options, database: openDatabase(options.db), leaseMs, random }
    this.#recorder = openRecorder(options.db, options.log, {
      onCaughtUp: () => this.wake(),
      onRecorded: (calls) => this.#settle(calls),
    })
    this.#uncalled = openUncalled(options.db, options.log, this.counts)
    this.#intake = new Intake(this.#options, this.#lanes, this.#uncalled, {
      onUnusable: (row, target) => this.#record(unreadableCall(row, target, random)),
      onDueIn: (ms) => this.#wakeIn(ms),
    })
  }

  get leaseMs(): number {
    return this.#options.leaseMs
  }

  room(webhookId: string): number {
    const { waiting } = this.#lanes
    if (this.#stopping || this.#quiet || this.#recorder.behind || this.#calm || waiting >= takeAtMost) return 0
    return this.#intake.room(webhookId)
  }

  comesBack = (webhookId: string): boolean => this.#intake.comesBack(webhookId)

  take(rows: Claimed[], claimedAt: number): void {
    const known = performance.now() - claimedAt < takenWithinMs && this.#changedAt < claimedAt
    const taken =
      known && !this.#quiet ? this.#accept(rows, claimedAt) : this.#uncalled.giveBack(rows, 0).then(() => this.wake())
    void this.#hold(taken).catch((error: Error) => {
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
      if (this.#calm) return
      await this.#hold(this.#drainLost())
      if (!this.#stopping) await this.#hold(this.#tend())
    } catch (error) {
      this.#away = true
      throw error
    }
  }

  /**
   * The database is away, or was a moment ago. Leases may have run out meanwhile whose calls are made and wait to be
   * recorded, by whichever drainer made them: it goes first.
   */
  get #calm(): boolean {
    return this.#away || performance.now() < this.#calmUntil
  }

  /** Asks without claiming: a claim might be the first that is answered. */
  async #findBack() {
    await this.#options.db.query('select')
    this.#away = false
    this.#calmUntil = performance.now() + calmMs
  }

  /** Lanes that time has something to do for, and the calls that find out whether a webhook is well again. */
  async #tend() {
    const { db, database, leaseMs } = this.#options
    await this.#intake.putOffCrowds()
    await tendLanes(database, leaseMs)
    const claimedAt = performance.now()
    await this.#accept(await claimProbes(db, leaseMs), claimedAt)
  }

  /** Reads again what it holds rows of: drops what was switched off, takes a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
    if (accountId) this.#changedAt = performance.now()
    await this.#hold(this.#intake.recheck(accountId))
    this.#pump()
  }

  /** Claims nothing more, gives back what has not started, waits for what is in flight and records it. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    this.#intake.stopping = true
    await this.#claiming
    await this.#uncalled.giveBack(this.#lanes.takeAll(), 0)
    while (this.#lanes.inFlight > 0 || this.#holding > 0 || !this.#uncalled.idle) await sleep(5)
    await this.#recorder.settled()
  }

  async #hold(work: Promise<void>): Promise<void> {
    this.#holding++
    try {
      await work
    } finally {
      this.#holding--
    }
  }

  #fill() {
    const room = Math.min(claimAtMost, bufferAtMost - this.#lanes.waiting)
    if (this.#claiming || this.#stopping || this.#quiet || !this.#more || this.#recorder.behind || this.#calm) return
    if (room < claimAtLeast) return void this.#intake.shed()
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
    const rows = await claim(db, limit, leaseMs, this.#intake.unwanted())
    if (rows.length === limit) this.#more = true
    await this.#accept(rows, claimedAt)
  }

  async #accept(rows: Claimed[], claimedAt: number) {
    await this.#intake.accept(rows, claimedAt)
    this.#pump()
  }

  /** Starts calls while there are slots, and the database takes their records. */
  #pump() {
    if (this.#recorder.behind) return
    const late: Waiting[] = []
    for (let next = this.#next(); next; next = this.#next()) {
      const { lane, row } = next
      if (inTime(row, lane.target.timeoutMs, this.#options.leaseMs)) void this.#deliver(lane, row)
      else late.push(row)
    }
    if (late.length > 0) void this.#uncalled.giveBack(late, 0)
  }

  readonly #next = () => this.#lanes.next(this.#options.concurrency)

  async #deliver(lane: Lane, row: Waiting) {
    this.#lanes.started(lane)
    const call = await callOnce(this.#options, lane, row)
    this.#lanes.ended(lane)
    if ('putOffMs' in call) void this.#uncalled.giveBack([row], call.putOffMs)
    else {
      lane.ended(call.result.durationMs)
      this.#record(call)
    }
    if (this.#lanes.hasRoomAgain(lane)) this.#more = true
    this.#pump()
    this.#fill()
  }

  async #settle(calls: CallRecord[]): Promise<void> {
    const settled = await settleCalls(this.#options.database, calls)
    for (const { webhookId, state } of settled) await this.#intake.rest(webhookId, state)
  }

  #record(call: CallRecord) {
    this.counts[call.result.failure === null ? 'delivered' : 'failed']++
    if (call.next.kind === 'exhausted') this.counts.exhausted++
    this.#recorder.push(call)
  }

  /** A row that was lost with three drainers may be what killed them: it runs with nothing beside it. */
  async #drainLost() {
    const began = performance.now()
    const busy = this.#lanes.waiting + this.#lanes.inFlight > 0
    if (this.#stopping || (busy && began < this.#quietAgainAt)) return
    if (!(await hasLost(this.#options.db))) return
    this.#quiet = true
    try {
      await this.#claiming
      await this.#uncalled.giveBack(this.#lanes.takeAll(), 0)
      while (performance.now() < began + lostForMs && (await this.#callLost()));
    } finally {
      this.#quiet = false
      this.#quietAgainAt = performance.now() + 4 * (performance.now() - began)
      this.wake()
    }
  }

  /** Calls one lost row when all else has ended; false when there is none. */
  async #callLost(): Promise<boolean> {
    await this.#allRecorded()
    const claimedAt = performance.now()
    const row = this.#stopping ? undefined : await claimLost(this.#options.db, this.#options.leaseMs)
    if (!row) return false
    await this.#accept([row], claimedAt)
    await this.#allRecorded()
    return true
  }

  async #allRecorded() {
    while (this.#lanes.inFlight > 0) await sleep(5)
    await this.#recorder.settled()
  }
}
