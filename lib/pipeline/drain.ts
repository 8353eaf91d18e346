import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Log } from '../log'
import { callOnce } from './call-once'
import { Lane, type Waiting } from './lane'
import { type Claimed, claim, claimLost, endClaimed, giveBack, type Held, lostAtMost } from './queue'
import { openRecorder } from './recorder'
import type { Target, Targets } from './targets'

// Step "drain": claim → deliver → record, fair among webhooks and accounts. It holds no connection during a call,
// makes no call whose lease may be over, and counts nothing: attempts are raised where a call is recorded.

const claimAtMost = 500
const claimAtLeast = 50
const bufferAtMost = 1000
/** A call starts only when it can end this long before its lease does. */
const leaseMarginMs = 5_000
const unsealRetryMs = 60_000

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
  readonly #lanes = new Map<string, Lane>()
  readonly #ready = new Set<Lane>()
  readonly #inFlightOf = new Map<string, number>()
  /** Left out of the last claim because they held enough. */
  #skipped = new Set<Lane>()
  #inFlight = 0
  #buffered = 0
  #claiming: Promise<void> | undefined
  #more = true
  #quiet = false
  #stopping = false

  constructor(options: DrainOptions) {
    const { leaseMs = 60_000, random = Math.random } = options
    this.#options = { ...options, leaseMs, random }
    this.#recorder = openRecorder(options.db, options.log)
  }

  /** There may be due rows: look now. */
  wake() {
    this.#more = true
    this.#fill()
  }

  /** Every second: due rows that nobody announced, rows that kill drainers, webhooks switched off meanwhile. */
  async tick(): Promise<void> {
    this.wake()
    await this.recheck()
    await this.#drainLost()
  }

  /** Reads again what it holds rows of: drops what was switched off, takes a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
    const lanes = [...this.#lanes.values()].filter((l) => l.waiting > 0 && (!accountId || l.accountId === accountId))
    if (lanes.length === 0) return
    const text = `select w.id, w.enabled and w.deleted_at is null as live, a.config_version
      from webhooks w join accounts a on a.id = w.account_id where w.id = any($1::uuid[])`
    const values = [lanes.map((lane) => lane.webhookId)]
    const { rows } = await this.#options.db.query<{ id: string; live: boolean; config_version: number }>({
      name: 'recheck',
      text,
      values,
    })
    const now = new Map(rows.map((row) => [row.id, row]))
    for (const lane of lanes) {
      const state = now.get(lane.webhookId)
      if (!state?.live) await this.#end(this.#take(lane), 'cancelled', 'switched-off')
      else if (state.config_version > lane.target.configVersion) await this.#refresh(lane, state.config_version)
    }
  }

  /** Claims nothing more, gives back what has not started, waits for what is in flight and records it. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#claiming
    for (const lane of this.#lanes.values()) await this.#giveBack(this.#take(lane), 0)
    while (this.#inFlight > 0) await sleep(10)
    await this.#recorder.settled()
  }

  #fill() {
    const room = Math.min(claimAtMost, bufferAtMost - this.#buffered)
    if (this.#claiming || this.#stopping || this.#quiet || !this.#more || room < claimAtLeast) return
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
    const full = [...this.#lanes.values()].filter((lane) => lane.waiting >= lane.capacity)
    this.#skipped = new Set(full)
    const claimedAt = performance.now()
    this.#more = false
    const rows = await claim(
      this.#options.db,
      limit,
      this.#options.leaseMs,
      full.map((lane) => lane.webhookId),
    )
    if (rows.length === limit) this.#more = true
    await this.#accept(rows, claimedAt)
  }

  /** Puts claimed rows into their lanes; ends, cancels or puts off the others. */
  async #accept(rows: Claimed[], claimedAt: number) {
    const callable = rows.filter((row) => row.live && row.body !== null && row.lost <= lostAtMost)
    if (callable.length < rows.length) await this.#endUncallable(rows)
    await Promise.all(
      byWebhook(callable).map(async (own) => {
        const lane = await this.#laneOf(own)
        if (!lane) return
        const kept = own.splice(0, Math.max(lane.capacity - lane.waiting, 0))
        for (const row of kept) lane.push({ ...row, claimedAt })
        this.#buffered += kept.length
        this.#enlist(lane)
        if (own.length > 0) await this.#defer(lane, own)
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
    this.#lanes.set(first.webhook_id, made)
    return made
  }

  /** The target of rows of one webhook; when it can't be had, the rows are put off, and the log says why. */
  async #target(rows: Claimed[], version: number): Promise<Target | undefined> {
    const { account_id, webhook_id } = rows[0] as Claimed
    const target = await this.#options.targets.get(account_id, webhook_id, version).catch((error: Error) => {
      this.#options.log.warn({ webhookId: webhook_id, error: error.message }, 'could not read a webhook')
      return undefined
    })
    if (target && !('unusable' in target)) return target
    if (target) this.#options.log.error({ webhookId: webhook_id, reason: target.unusable }, 'deliveries are held')
    await this.#giveBack(rows, target ? unsealRetryMs : 1000)
    return undefined
  }

  async #refresh(lane: Lane, version: number) {
    const rows = this.#take(lane)
    const target = await this.#target(rows, version)
    if (!target) return
    lane.target = target
    for (const row of rows) lane.push(row)
    this.#buffered += rows.length
    this.#enlist(lane)
    this.#pump()
  }

  #enlist(lane: Lane) {
    if (lane.ready) this.#ready.add(lane)
    else this.#ready.delete(lane)
  }

  /** Starts calls while there are slots: one of each webhook in turn, no account above half while others wait. */
  #pump() {
    while (this.#inFlight < this.#options.concurrency) {
      const lane = this.#next()
      const row = lane?.shift()
      if (!lane || !row) return
      this.#buffered--
      this.#ready.delete(lane)
      if (performance.now() - row.claimedAt + lane.target.timeoutMs + leaseMarginMs > this.#options.leaseMs) {
        void this.#giveBack([row], 0)
        this.#enlist(lane)
        continue
      }
      lane.inFlight++
      this.#inFlight++
      this.#inFlightOf.set(lane.accountId, (this.#inFlightOf.get(lane.accountId) ?? 0) + 1)
      this.#enlist(lane)
      void this.#deliver(lane, row)
    }
  }

  #next(): Lane | undefined {
    const half = this.#options.concurrency / 2
    let first: Lane | undefined
    for (const lane of this.#ready) {
      if ((this.#inFlightOf.get(lane.accountId) ?? 0) < half) return lane
      first ??= lane
    }
    return first
  }

  async #deliver(lane: Lane, row: Waiting) {
    const call = await callOnce(this.#options, lane, row)
    lane.inFlight--
    this.#inFlight--
    this.#inFlightOf.set(lane.accountId, (this.#inFlightOf.get(lane.accountId) ?? 1) - 1)
    if ('putOffMs' in call) await this.#giveBack([row], call.putOffMs)
    else {
      lane.ended(call.result.durationMs)
      this.counts[call.result.failure === null ? 'delivered' : 'failed']++
      if (call.next.kind === 'exhausted') this.counts.exhausted++
      this.#recorder.push(call)
    }
    this.#enlist(lane)
    if (this.#skipped.has(lane) && lane.waiting * 2 <= lane.capacity) {
      this.#skipped.delete(lane)
      this.#more = true
    }
    if (lane.waiting === 0 && lane.inFlight === 0 && this.#lanes.size > 5000) this.#lanes.delete(lane.webhookId)
    this.#pump()
    this.#fill()
  }

  #take(lane: Lane): Waiting[] {
    const rows = lane.empty()
    this.#buffered -= rows.length
    this.#ready.delete(lane)
    return rows
  }

  #defer(lane: Lane, rows: Claimed[]) {
    const back = rows.map((row, n) => ({ ...held(row), delay_ms: lane.deferMs(n, this.#options.random()) }))
    return this.#write(giveBack(this.#options.db, back))
  }

  async #giveBack(rows: Claimed[], delayMs: number) {
    const back = rows.map((row) => ({ ...held(row), delay_ms: delayMs }))
    if (back.length > 0) await this.#write(giveBack(this.#options.db, back))
  }

  async #endUncallable(rows: Claimed[]) {
    const off = rows.filter((row) => !row.live)
    const expired = rows.filter((row) => row.live && row.body === null)
    const lost = rows.filter((row) => row.live && row.body !== null && row.lost > lostAtMost)
    await this.#end(off, 'cancelled', 'switched-off')
    await this.#end(expired, 'exhausted', 'expired')
    await this.#end(lost, 'exhausted', 'drainer-lost')
  }

  async #end(rows: Claimed[], kind: 'cancelled' | 'exhausted', reason: string) {
    this.counts[kind] += rows.length
    const ended = rows.map((row) => ({ ...held(row), kind, reason }))
    if (ended.length > 0) await this.#write(endClaimed(this.#options.db, ended))
  }

  /** What is not written now is claimed again when its lease ends. */
  #write(statement: Promise<void>) {
    return statement.catch((error: Error) => this.#options.log.warn({ error: error.message }, 'rows keep their lease'))
  }

  /** A row that was lost with three drainers may be what killed them: it runs with nothing beside it. */
  async #drainLost() {
    if (this.#quiet || this.#stopping) return
    const text = 'select 1 from queue where lost >= 3 and run_at <= hub_now() limit 1'
    if ((await this.#options.db.query({ name: 'any-lost', text })).rowCount === 0) return
    this.#quiet = true
    try {
      for (;;) {
        while (this.#claiming || this.#inFlight > 0 || this.#buffered > 0) await sleep(5)
        await this.#recorder.settled()
        const row = this.#stopping ? undefined : await claimLost(this.#options.db, this.#options.leaseMs)
        if (!row) return
        await this.#accept([row], performance.now())
      }
    } finally {
      this.#quiet = false
      this.wake()
    }
  }
}

const held = ({ account_id, delivery_id, lease }: Claimed): Held => ({ account_id, delivery_id, lease })

function byWebhook(rows: Claimed[]): Claimed[][] {
  const groups = new Map<string, Claimed[]>()
  for (const row of rows) {
    const group = groups.get(row.webhook_id)
    if (group) group.push(row)
    else groups.set(row.webhook_id, [row])
  }
  return [...groups.values()]
}
