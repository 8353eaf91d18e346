import { inFlightAtMost, type Target, type Unusable } from '../deliver/targets'
import type { ClaimedRow, Throttle, WebhookState } from '../queue/claimed-row'
import type { Deferral } from '../queue/defer'
import { takePermits } from '../queue/rate-limit'
import { probingDelayMs } from '../queue/retry'
import { readStates } from '../queue/webhook-states'
import type { DrainOptions } from './drain-options'
import { byWebhook, type FairBuffers, slowMs } from './fair-buffers'
import type { Releases } from './releases'
import { type Waiting, WebhookBuffer } from './webhook-buffer'

// What becomes of claimed rows: into the buffer of their webhook, to be called; or back, to be due later, because the webhook
// is held back (paused, probing, over its rate) or holds enough; or to their end, because it is off or can't be called.

const unsealRetryMs = 60_000
/** A turn under a rate limit is for now: a call that starts later gives it back. */
const permitLastsMs = 1_000
/** How long a webhook that rests is left out of claims: then one claim looks whether it still does. */
const restingMs = 5_000
/** When the backlog of a slow webhook comes back to ask again. */
const surplus: Deferral = { dueInMs: 0, fromMs: 5_000, toMs: 45_000 }

export type AdmissionEvents = {
  /** A row's webhook can't be called at all: that is a failed call. */
  onUnusable: (row: ClaimedRow, target: Unusable) => void
  /** A turn of a webhook with a rate limit comes in so many milliseconds. */
  onDueIn: (ms: number) => void
}

export class Admission {
  /** Nothing is taken any more; all goes back. */
  stopping = false
  readonly #options: Required<DrainOptions>
  readonly #buffers: FairBuffers
  readonly #releases: Releases
  readonly #events: AdmissionEvents
  /** Webhooks that rest, and until when nothing of theirs is claimed, by this process's monotonic clock. */
  readonly #resting = new Map<string, number>()

  constructor(options: Required<DrainOptions>, buffers: FairBuffers, releases: Releases, events: AdmissionEvents) {
    this.#options = options
    this.#buffers = buffers
    this.#releases = releases
    this.#events = events
  }

  /** `claimedAt`: when the rows were claimed, by this process's monotonic clock. */
  async admit(rows: ClaimedRow[], claimedAt: number): Promise<void> {
    const callable = await this.#releases.endUncallable(rows)
    await Promise.all(byWebhook(callable).map((own) => this.#admitOf(own, claimedAt)))
  }

  async #admitOf(own: ClaimedRow[], claimedAt: number) {
    const buffer = await this.#bufferOf(own)
    if (!buffer) return
    const admitted = isThrottled(own[0] as ClaimedRow) ? await this.#throttle(buffer, own) : own
    if (this.stopping) return this.#releases.release(admitted, 0)
    const kept = admitted.splice(0, Math.max(buffer.capacity - buffer.waiting, 0))
    this.#buffers.push(
      buffer,
      kept.map((row) => Object.assign(row, { claimedAt })),
    )
    await this.#releases.release(admitted, (n) => buffer.deferMs(n, this.#options.random()))
  }

  /** Reads again what it holds rows of: drops what was switched off or held back, takes a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
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
      else if (restOf(state) !== undefined) await this.rest(buffer.webhookId, state)
      else if (config_version > buffer.target.configVersion) await this.#refresh(buffer, config_version)
    }
  }

  /** How many more rows of a webhook it would hold. */
  room(webhookId: string): number {
    if (this.#isResting(webhookId)) return 0
    const buffer = this.#buffers.get(webhookId)
    return buffer ? Math.max(buffer.capacity - buffer.waiting, 0) : inFlightAtMost
  }

  /** What it has no room for comes back by itself: the webhook rests, or is slow and holds as much as it should. */
  deferred(webhookId: string): boolean {
    if (this.#isResting(webhookId)) return true
    const buffer = this.#buffers.get(webhookId)
    if (!buffer || buffer.latencyMs < slowMs || buffer.waiting < buffer.capacity) return false
    this.#buffers.leaveOut(buffer)
    return true
  }

  readonly #isResting = (webhookId: string): boolean => (this.#resting.get(webhookId) ?? 0) > performance.now()

  /** Webhooks that the next claim is to leave out: they rest, or hold as much as they should. */
  unwanted(): string[] {
    const now = performance.now()
    for (const [webhookId, untilMs] of this.#resting) if (untilMs < now) this.#resting.delete(webhookId)
    const full = this.#buffers.full()
    for (const buffer of full) this.#buffers.leaveOut(buffer)
    return [...new Set([...this.#resting.keys(), ...full.map((buffer) => buffer.webhookId)])]
  }

  /** Gives back what it holds of a webhook that is paused or probing, and puts the rest off; the probe itself stays. */
  async rest(webhookId: string, state: Pick<Throttle, 'health_state' | 'paused_ms'>): Promise<void> {
    const buffer = this.#buffers.get(webhookId)
    const delayMs = restOf(state)
    if (delayMs === undefined) this.#resting.delete(webhookId)
    if (!buffer || delayMs === undefined) return
    this.#resting.set(webhookId, performance.now() + restingMs)
    // Also what would come due while it rests; not all of it, lest a long queue be put off again while it is put off.
    void this.#releases.defer(buffer, { dueInMs: delayMs(0) / 2, fromMs: delayMs(0), toMs: delayMs(1) })
    const rows = this.#buffers.take(buffer)
    const probes = rows.filter(({ probe }) => probe)
    this.#buffers.push(buffer, probes)
    const { random } = this.#options
    await this.#releases.release(
      rows.filter(({ probe }) => !probe),
      () => delayMs(random()),
    )
  }

  /** What is due of webhooks that are full and slow stands in the way of others: it is put off. */
  async deferSurplus(): Promise<void> {
    const slow = this.#buffers.full().filter((buffer) => buffer.latencyMs > slowMs)
    await Promise.all(slow.map((buffer) => this.#releases.defer(buffer, surplus)))
  }

  /** Makes room: gives back what waits for webhooks that are slow, or find no slot. */
  async shedSurplus(): Promise<void> {
    const { random } = this.#options
    await Promise.all(
      this.#buffers
        .takeSlow()
        .map(({ buffer, rows }) => this.#releases.release(rows, (n) => buffer.deferMs(n, random()))),
    )
  }

  /** Gives back what may not be called now, and answers the rest. */
  async #throttle(buffer: WebhookBuffer, rows: ClaimedRow[]): Promise<ClaimedRow[]> {
    const { db, random } = this.#options
    const first = rows[0] as ClaimedRow
    if (first.probe) return rows
    const delayMs = restOf(first)
    if (delayMs) {
      this.#resting.set(buffer.webhookId, performance.now() + restingMs)
      await this.#releases.release(rows, () => delayMs(random()))
      return []
    }
    const free = Math.max(inFlightAtMost - buffer.inFlight - buffer.waiting, 0)
    const turns = await takePermits(db, buffer.accountId, buffer.webhookId, Math.min(rows.length, free)).catch(
      () => null,
    )
    const { granted, waitMs, everyMs } = turns ?? { granted: 0, waitMs: 1000, everyMs: 10 }
    const startBy = performance.now() + permitLastsMs
    const admitted = rows.splice(0, granted).map((row) => Object.assign(row, { startBy }))
    // A little before their turn: who comes too early is put off once more, who comes too late leaves a turn unused.
    await this.#releases.release(rows, (n) => waitMs + n * everyMs * (0.5 + 0.4 * random()))
    if (rows.length > 0) this.#events.onDueIn(waitMs)
    return admitted
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

  /** The target of rows of one webhook; when it can't be had, the rows are put off or fail, and the log says why. */
  async #target(rows: ClaimedRow[], version: number): Promise<Target | undefined> {
    const { account_id, webhook_id } = rows[0] as ClaimedRow
    const { targets, log } = this.#options
    const target = await targets.get(account_id, webhook_id, version).catch((error: Error) => {
      log.warn({ webhookId: webhook_id, error: error.message }, 'could not read a webhook')
      return undefined
    })
    if (target && !('unusable' in target)) return target
    if (target) log.error({ webhookId: webhook_id, reason: target.unusable }, 'a webhook can not be called')
    if (target && !target.wait) for (const row of rows) this.#events.onUnusable(row, target)
    else await this.#releases.release(rows, target ? unsealRetryMs : 1000)
    return undefined
  }

  async #refresh(buffer: WebhookBuffer, version: number) {
    const rows = this.#buffers.take(buffer)
    const target = rows.length > 0 && (await this.#target(rows, version))
    if (target) await this.#renew(buffer, target, rows)
  }

  async #renew(buffer: WebhookBuffer, target: Target, rows: Waiting[]) {
    buffer.target = target
    const kept = rows.length > 0 ? await this.#releases.stillLeased(rows) : rows
    if (this.stopping) return this.#releases.release(kept, 0)
    this.#buffers.push(buffer, kept)
  }
}

const isThrottled = (row: ClaimedRow): boolean => row.per_minute !== null || restOf(row) !== undefined

/** How long rows of a webhook rest that must not be called at all now, spread by `random`; undefined: it may be called. */
function restOf({
  health_state,
  paused_ms,
}: Pick<Throttle, 'health_state' | 'paused_ms'>): ((random: number) => number) | undefined {
  if (health_state === 'probing') return probingDelayMs
  if (paused_ms === null || paused_ms <= 0) return undefined
  return (random) => paused_ms + random * Math.min(paused_ms / 10, 10_000)
}
