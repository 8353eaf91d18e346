import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Log } from '../log'
import { callOnce, unreadableCall } from './call-once'
import { endsInTime, Lane, type Waiting } from './lane'
import { byWebhook, Lanes } from './lanes'
import { type Claimed, claim, claimLost, hasLost, readStates, type WebhookState } from './queue'
import type { CallRecord } from './record'
import { openRecorder } from './recorder'
import type { Target, Targets } from './targets'
import { openUncalled } from './uncalled'

// Step "drain": claim → deliver → record, fair among webhooks and accounts. It holds no connection during a call,
// makes no call whose lease may be over, and counts nothing: attempts are raised where a call is recorded.

const claimAtMost = 500
const claimAtLeast = 50
const bufferAtMost = 1000
const unsealRetryMs = 60_000
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

export class Drain {
  readonly counts: DrainCounts = { delivered: 0, failed: 0, cancelled: 0, exhausted: 0 }
  readonly #options: Required<DrainOptions>
  readonly #recorder
  readonly #uncalled
  readonly #lanes = new Lanes()
  /** Left out of the last claim because they held enough. */
  #skipped = new Set<Lane>()
  #claiming: Promise<void> | undefined
  #more = true
  /** A row that may kill drainers is being called: nothing else is claimed. */
  #quiet = false
  #quietAgainAt = 0
  /** Running work that has rows which are in no lane. */
  #holding = 0
  #stopping = false

  constructor(options: DrainOptions) {
    const { leaseMs = 60_000, random = Math.random } = options
    this.#options = { ...options, leaseMs, random }
    this.#recorder = openRecorder(options.db, options.log, () => this.wake())
    this.#uncalled = openUncalled(options.db, options.log, this.counts)
  }

  /** There may be due rows: look now. */
  wake() {
    this.#more = true
    this.#pump()
    this.#fill()
  }

  /** Every second: due rows that nobody announced, rows that kill drainers, webhooks switched off meanwhile. */
  async tick(): Promise<void> {
    this.wake()
    await this.recheck()
    await this.#hold(this.#drainLost())
  }

  /** Reads again what it holds rows of: drops what was switched off, takes a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
    const lanes = this.#lanes.holding(accountId)
    if (lanes.length === 0) return
    const states = await readStates(
      this.#options.db,
      lanes.map((lane) => lane.webhookId),
    )
    for (const lane of lanes) {
      const { live, deleted, config_version } = states.get(lane.webhookId) as WebhookState
      if (!live) await this.#uncalled.endUncallable(this.#lanes.take(lane).map((row) => ({ ...row, live, deleted })))
      else if (config_version > lane.target.configVersion) await this.#hold(this.#refresh(lane, config_version))
    }
  }

  /** Claims nothing more, gives back what has not started, waits for what is in flight and records it. */
  async stop(): Promise<void> {
    this.#stopping = true
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
    if (this.#claiming || this.#stopping || this.#quiet || !this.#more || room < claimAtLeast) return
    if (this.#recorder.behind) return
    this.#claiming = this.#claim(room)
      .catch((error: Error) => {
        this.#more = false
        this.#options.log.warn({ error: error.message }, 'could not claim; trying again within a second')
      })
      .finally(() => {
        this.#claiming = undefined
        this.#fill()
      })
  }

  async #claim(limit: number) {
    const { db, leaseMs } = this.#options
    const full = this.#lanes.full()
    this.#skipped = new Set(full)
    const claimedAt = performance.now()
    this.#more = false
    const skip = full.map((lane) => lane.webhookId)
    const rows = await claim(db, limit, leaseMs, skip)
    if (rows.length === limit) this.#more = true
    await this.#accept(rows, claimedAt)
  }

  /** Puts claimed rows into their lanes; ends, cancels or puts off the others. */
  async #accept(rows: Claimed[], claimedAt: number) {
    const callable = await this.#uncalled.endUncallable(rows)
    await Promise.all(
      byWebhook(callable).map(async (own) => {
        const lane = await this.#laneOf(own)
        if (!lane) return
        if (this.#stopping) return this.#uncalled.giveBack(own, 0)
        const kept = own.splice(0, Math.max(lane.capacity - lane.waiting, 0))
        this.#lanes.push(
          lane,
          kept.map((row) => ({ ...row, claimedAt })),
        )
        await this.#uncalled.giveBack(own, (n) => lane.deferMs(n, this.#options.random()))
      }),
    )
    this.#pump()
  }

  async #laneOf(rows: Claimed[]): Promise<Lane | undefined> {
    const first = rows[0] as Claimed
    const lane = this.#lanes.get(first.webhook_id)
    const version = Math.max(...rows.map((row) => row.config_version))
    if (lane && lane.target.configVersion >= version) return lane
    const target = await this.#target(rows, version)
    if (!target) return undefined
    if (lane) lane.target = target
    const made = lane ?? new Lane(first.account_id, first.webhook_id, target)
    this.#lanes.add(made)
    return made
  }

  /** The target of rows of one webhook; when it can't be had, the rows are put off or fail, and the log says why. */
  async #target(rows: Claimed[], version: number): Promise<Target | undefined> {
    const { account_id, webhook_id } = rows[0] as Claimed
    const { targets, log, random } = this.#options
    const target = await targets.get(account_id, webhook_id, version).catch((error: Error) => {
      log.warn({ webhookId: webhook_id, error: error.message }, 'could not read a webhook')
      return undefined
    })
    if (target && !('unusable' in target)) return target
    if (target) log.error({ webhookId: webhook_id, reason: target.unusable }, 'a webhook can not be called')
    if (target && !target.wait) for (const row of rows) this.#record(unreadableCall(row, target, random))
    else await this.#uncalled.giveBack(rows, target ? unsealRetryMs : 1000)
    return undefined
  }

  async #refresh(lane: Lane, version: number) {
    const rows = this.#lanes.take(lane)
    const target = rows.length > 0 && (await this.#target(rows, version))
    if (!target) return
    lane.target = target
    if (this.#stopping) return this.#uncalled.giveBack(rows, 0)
    this.#lanes.push(lane, rows)
    this.#pump()
  }

  /** Starts calls while there are slots, and the database takes their records. */
  #pump() {
    if (this.#recorder.behind) return
    const late: Waiting[] = []
    for (let next = this.#next(); next; next = this.#next()) {
      const { lane, row } = next
      if (endsInTime(row, lane.target.timeoutMs, this.#options.leaseMs)) void this.#deliver(lane, row)
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
    if (this.#skipped.has(lane) && lane.waiting * 2 <= lane.capacity) {
      this.#skipped.delete(lane)
      this.#more = true
    }
    this.#pump()
    this.#fill()
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
