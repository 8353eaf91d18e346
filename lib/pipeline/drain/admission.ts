import type { Target, Unusable } from '../deliver/targets'
import { inFlightAtMost } from '../deliver/targets'
import type { ClaimedRow, Throttle, WebhookState } from '../queue/claimed-row'
import type { Deferral } from '../queue/defer'
import { readStates } from '../queue/webhook-states'
import type { DrainCounts, DrainOptions } from './drain-options'
import { byWebhook, FairBuffers, slowMs } from './fair-buffers'
import { openReleases, type Releases } from './releases'
import { openThrottledRows } from './throttled-rows'
import { PausedWebhooks, pauseOf } from './throttling'
import { mayStart, type Waiting, WebhookBuffer } from './webhook-buffer'

// What becomes of claimed rows. They are buffered with their webhook until they are called; or released, to be due later,
// because their webhook is throttled or its buffer is full; or ended, because it is off, deleted or can't be called.

const unsealRetryMs = 60_000
/** When the due rows of a slow webhook with a full buffer are due again. */
const surplus: Deferral = { dueInMs: 0, fromMs: 5_000, toMs: 45_000 }

export type AdmissionEvents = {
  /** Whether rows claimed then (by the monotonic clock) may still be buffered. */
  mayBuffer: (claimedAt: number) => boolean
  /** A row's webhook can't be called at all: that is a failed call. */
  onUnusable: (row: ClaimedRow, target: Unusable) => void
  /** Rows that were released are due in this many milliseconds: the first of them, or the first that gets a permit. */
  onRowsDueIn: (ms: number) => void
}

export class Admission {
  readonly #options: Required<DrainOptions>
  readonly #events: AdmissionEvents
  readonly #buffers = new FairBuffers()
  readonly #releases: Releases
  readonly #paused = new PausedWebhooks()
  readonly #throttled: ReturnType<typeof openThrottledRows>

  /** `counts` is kept up to date. */
  constructor(options: Required<DrainOptions>, counts: DrainCounts, events: AdmissionEvents) {
    this.#options = options
    this.#events = events
    this.#releases = openReleases(options.db, options.log, counts)
    this.#throttled = openThrottledRows(options, this.#releases, this.#paused, events.onRowsDueIn)
  }

  /** Rows buffered. */
  get waiting(): number {
    return this.#buffers.waiting
  }

  /** Calls in flight. */
  get inFlight(): number {
    return this.#buffers.inFlight
  }

  /** Nothing is being released or ended now. */
  get idle(): boolean {
    return this.#releases.idle
  }

  /** Admits claimed rows. `claimedAt`: when they were claimed, by the monotonic clock. */
  async admit(rows: ClaimedRow[], claimedAt: number): Promise<void> {
    const callable = await this.#releases.endUncallable(rows)
    await Promise.all(byWebhook(callable).map((own) => this.#admitOf(own, claimedAt)))
  }

  async #admitOf(own: ClaimedRow[], claimedAt: number) {
    const buffer = await this.#bufferOf(own)
    if (!buffer) return
    const { probes, others: admitted } = await this.#throttled.admit(buffer, own)
    if (!this.#events.mayBuffer(claimedAt)) return this.release([...probes, ...admitted])
    // A probe is called at once, however much is buffered.
    const kept = [...probes, ...admitted.splice(0, this.#roomOf(buffer))]
    this.#buffers.push(
      buffer,
      kept.map((row) => Object.assign(row, { claimedAt })),
    )
    if (admitted.length === 0) return
    await this.#releases.release(admitted, (n) => buffer.releaseMs(n, this.#options.random()))
    this.#events.onRowsDueIn(buffer.releaseMs(0, 1))
  }

  /** Calls `start` for each row that may be called now. The caller calls `ended` for each. */
  startCalls(start: (buffer: WebhookBuffer, row: Waiting) => void): void {
    const { concurrency, leaseMs } = this.#options
    const late: Waiting[] = []
    for (;;) {
      const next = this.#buffers.next(concurrency)
      if (!next) break
      const { buffer, row } = next
      if (mayStart(row, buffer.target.timeoutMs, leaseMs)) {
        this.#buffers.started(buffer)
        start(buffer, row)
      } else late.push(row)
    }
    if (late.length > 0) void this.release(late)
  }

  /** A call that `startCalls` started is over; without `durationMs` none was made. */
  ended(buffer: WebhookBuffer, durationMs?: number): void {
    this.#buffers.ended(buffer)
    if (durationMs !== undefined) buffer.ended(durationMs)
  }

  /** Whether a webhook that was left out of claims has room again. True only once. */
  hasRoomAgain = (buffer: WebhookBuffer): boolean => this.#buffers.hasRoomAgain(buffer)

  /** Makes rows due again after `delayMs`, without a call. */
  release = (rows: ClaimedRow[], delayMs = 0): Promise<void> => this.#releases.release(rows, delayMs)

  releaseAll = (): Promise<void> => this.release(this.#buffers.takeAll())

  /** Reads the webhooks of buffered rows again: ends or releases what must not be called, takes over a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
    if (accountId) this.#paused.forget(accountId)
    const buffers = this.#buffers.holding(accountId)
    if (buffers.length === 0) return
    const states = await readStates(
      this.#options.db,
      buffers.map((buffer) => buffer.webhookId),
    )
    for (const buffer of buffers) {
      const state = states.get(buffer.webhookId) as WebhookState
      const { live, deleted, config_version } = state
      if (!live)
        await this.#releases.endUncallable(this.#buffers.take(buffer).map((row) => ({ ...row, live, deleted })))
      else if (pauseOf(state)) await this.throttle(buffer.webhookId, state)
      else if (config_version > buffer.target.configVersion) await this.#refresh(buffer, config_version)
    }
  }

  /** How many more rows of a webhook it would buffer. */
  room(webhookId: string): number {
    if (this.#paused.has(webhookId)) return 0
    const buffer = this.#buffers.get(webhookId)
    return buffer ? this.#roomOf(buffer) : inFlightAtMost
  }

  readonly #roomOf = (buffer: WebhookBuffer): number => Math.max(buffer.capacity - buffer.waiting, 0)

  /** Whether rows of a webhook that there is no room for come due later by themselves. */
  deferred(webhookId: string): boolean {
    if (this.#paused.has(webhookId)) return true
    const buffer = this.#buffers.get(webhookId)
    if (!buffer || buffer.latencyMs < slowMs || this.#roomOf(buffer) > 0) return false
    this.#buffers.leaveOut(buffer)
    return true
  }

  /** The webhooks that the next claim leaves out: paused, probing, or with a full buffer. */
  leftOut(): string[] {
    const full = this.#buffers.full()
    for (const buffer of full) this.#buffers.leaveOut(buffer)
    return [...new Set([...this.#paused.all(), ...full.map((buffer) => buffer.webhookId)])]
  }

  /**
   * Where a webhook is held, paused or probing: releases its buffered rows and defers its due ones. Probes stay buffered,
   * unless it is held.
   */
  async throttle(webhookId: string, state: Pick<Throttle, 'health_state' | 'paused_ms'>): Promise<void> {
    const buffer = this.#buffers.get(webhookId)
    const delayMs = pauseOf(state)
    if (!delayMs) this.#paused.delete(webhookId)
    if (!buffer || !delayMs) return
    this.#paused.add(buffer)
    const held = delayMs(0) === Number.POSITIVE_INFINITY
    // Also what comes due in the first half of the pause. Not all of it: a long queue would be deferred while it is deferred.
    // What is due for a held webhook was held with it.
    if (!held) void this.#releases.defer(buffer, { dueInMs: delayMs(0) / 2, fromMs: delayMs(0), toMs: delayMs(1) })
    const rows = this.#buffers.take(buffer)
    const kept = held ? [] : rows.filter(({ probe }) => probe)
    this.#buffers.push(buffer, kept)
    await this.#releases.release(
      rows.filter((row) => !kept.includes(row)),
      () => delayMs(this.#options.random()),
    )
  }

  /** Defers the due rows of slow webhooks with a full buffer: they would come first in every claim. */
  async deferSurplus(): Promise<void> {
    const slow = this.#buffers.full().filter((buffer) => buffer.latencyMs > slowMs)
    await Promise.all(slow.map((buffer) => this.#releases.defer(buffer, surplus)))
  }

  /** Releases what is buffered for slow webhooks, to make room for others. */
  async releaseSurplus(): Promise<void> {
    const { random } = this.#options
    await Promise.all(
      this.#buffers
        .takeSlow()
        .map(({ buffer, rows }) => this.#releases.release(rows, (n) => buffer.releaseMs(n, random()))),
    )
  }

  async #bufferOf(rows: ClaimedRow[]): Promise<WebhookBuffer | undefined> {
    const first = rows[0] as ClaimedRow
    const buffer = this.#buffers.get(first.webhook_id)
    const version = Math.max(...rows.map((row) => row.config_version))
    if (buffer && buffer.target.configVersion >= version) return buffer
    const target = await this.#target(rows, version)
    if (!target) return undefined
    if (buffer) await this.#renew(buffer, target, this.#buffers.take(buffer))
    const made = buffer ?? new WebhookBuffer(first.account_id, first.webhook_id, target)
    this.#buffers.add(made)
    return made
  }

  /** The target of rows of one webhook. Where there is none, the rows are released or fail, and the log says why. */
  async #target(rows: ClaimedRow[], version: number): Promise<Target | undefined> {
    const { account_id, webhook_id } = rows[0] as ClaimedRow
    const { targets, log } = this.#options
    const target = await targets.get(account_id, webhook_id, version).catch((error: Error) => {
      log.warn({ webhookId: webhook_id, error: error.message }, 'could not read a webhook')
      return undefined
    })
    if (target && !('unusable' in target)) return target
    if (target) log.error({ webhookId: webhook_id, reason: target.unusable }, 'a webhook cannot be called')
    if (target && !target.wait) for (const row of rows) this.#events.onUnusable(row, target)
    else await this.release(rows, target ? unsealRetryMs : 1000)
    return undefined
  }

  async #refresh(buffer: WebhookBuffer, version: number) {
    const rows = this.#buffers.take(buffer)
    const target = rows.length > 0 && (await this.#target(rows, version))
    if (target) await this.#renew(buffer, target, rows)
  }

  async #renew(buffer: WebhookBuffer, target: Target, rows: Waiting[]) {
    buffer.target = target
    const leased = rows.length > 0 ? await this.#releases.stillLeased(rows) : rows
    const kept = leased.filter(({ claimedAt }) => this.#events.mayBuffer(claimedAt))
    this.#buffers.push(buffer, kept)
    await this.release(leased.filter((row) => !kept.includes(row)))
  }
}
