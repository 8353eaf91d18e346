import type { DrainOptions } from './drain'
import { Lane, type Waiting } from './lane'
import { byWebhook, type Lanes, slowMs } from './lanes'
import { type Claimed, type PutOff, type Restraint, readStates, type WebhookState } from './queue'
import { heldBackMs } from './retry'
import { inFlightAtMost, type Target, type Unusable } from './targets'
import { takeTurns } from './turns'
import type { Uncalled } from './uncalled'

// What becomes of claimed rows: into the lane of their webhook, to be called; or back, to be due later, because the webhook
// is held back (paused, probing, over its rate) or holds enough; or to their end, because it is off or can't be called.

const unsealRetryMs = 60_000
/** A turn under a rate limit is for now: a call that starts later gives it back. */
const turnHoldsMs = 1_000
/** How long a webhook that rests is left out of claims: then one claim looks whether it still does. */
const restingMs = 5_000
/** When the backlog of a slow webhook comes back to ask again. */
const crowd: PutOff = { dueInMs: 0, fromMs: 5_000, toMs: 45_000 }

export type IntakeEvents = {
  /** A row's webhook can't be called at all: that is a failed call. */
  onUnusable: (row: Claimed, target: Unusable) => void
  /** A turn of a webhook with a rate limit comes in so many milliseconds. */
  onDueIn: (ms: number) => void
}

export class Intake {
  /** Nothing is taken any more; all goes back. */
  stopping = false
  readonly #options: Required<DrainOptions>
  readonly #lanes: Lanes
  readonly #uncalled: Uncalled
  readonly #events: IntakeEvents
  /** Webhooks that rest, and until when nothing of theirs is claimed, by this process's monotonic clock. */
  readonly #resting = new Map<string, number>()

  constructor(options: Required<DrainOptions>, lanes: Lanes, uncalled: Uncalled, events: IntakeEvents) {
    this.#options = options
    this.#lanes = lanes
    this.#uncalled = uncalled
    this.#events = events
  }

  /** `claimedAt`: when the rows were claimed, by this process's monotonic clock. */
  async accept(rows: Claimed[], claimedAt: number): Promise<void> {
    const callable = await this.#uncalled.endUncallable(rows)
    await Promise.all(byWebhook(callable).map((own) => this.#acceptOf(own, claimedAt)))
  }

  async #acceptOf(own: Claimed[], claimedAt: number) {
    const lane = await this.#laneOf(own)
    if (!lane) return
    const admitted = isHeldBack(own[0] as Claimed) ? await this.#holdBack(lane, own) : own
    if (this.stopping) return this.#uncalled.giveBack(admitted, 0)
    const kept = admitted.splice(0, Math.max(lane.capacity - lane.waiting, 0))
    this.#lanes.push(
      lane,
      kept.map((row) => Object.assign(row, { claimedAt })),
    )
    await this.#uncalled.giveBack(admitted, (n) => lane.deferMs(n, this.#options.random()))
  }

  /** Reads again what it holds rows of: drops what was switched off or held back, takes a changed URL or secret. */
  async recheck(accountId?: string): Promise<void> {
    const lanes = this.#lanes.holding(accountId)
    if (lanes.length === 0) return
    const states = await readStates(
      this.#options.db,
      lanes.map((lane) => lane.webhookId),
    )
    for (const lane of lanes) {
      const state = states.get(lane.webhookId) as WebhookState
      const { live, deleted, config_version } = state
      if (!live) await this.#uncalled.endUncallable(this.#lanes.take(lane).map((row) => ({ ...row, live, deleted })))
      else if (restOf(state) !== undefined) await this.rest(lane.webhookId, state)
      else if (config_version > lane.target.configVersion) await this.#refresh(lane, config_version)
    }
  }

  /** How many more rows of a webhook it would hold. */
  room(webhookId: string): number {
    if (this.#isResting(webhookId)) return 0
    const lane = this.#lanes.get(webhookId)
    return lane ? Math.max(lane.capacity - lane.waiting, 0) : inFlightAtMost
  }

  /** What it has no room for comes back by itself: the webhook rests, or is slow and holds as much as it should. */
  comesBack(webhookId: string): boolean {
    if (this.#isResting(webhookId)) return true
    const lane = this.#lanes.get(webhookId)
    if (!lane || lane.latencyMs < slowMs || lane.waiting < lane.capacity) return false
    this.#lanes.leaveOut(lane)
    return true
  }

  readonly #isResting = (webhookId: string): boolean => (this.#resting.get(webhookId) ?? 0) > performance.now()

  /** Webhooks that the next claim is to leave out: they rest, or hold as much as they should. */
  unwanted(): string[] {
    const now = performance.now()
    for (const [webhookId, untilMs] of this.#resting) if (untilMs < now) this.#resting.delete(webhookId)
    const full = this.#lanes.full()
    for (const lane of full) this.#lanes.leaveOut(lane)
    return [...new Set([...this.#resting.keys(), ...full.map((lane) => lane.webhookId)])]
  }

  /** Gives back what it holds of a webhook that is paused or probing, and puts the rest off; the probe itself stays. */
  async rest(webhookId: string, state: Pick<Restraint, 'lane' | 'paused_ms'>): Promise<void> {
    const lane = this.#lanes.get(webhookId)
    const delayMs = restOf(state)
    if (delayMs === undefined) this.#resting.delete(webhookId)
    if (!lane || delayMs === undefined) return
    this.#resting.set(webhookId, performance.now() + restingMs)
    // Also what would come due while it rests; not all of it, lest a long queue be put off again while it is put off.
    void this.#uncalled.putOff(lane, { dueInMs: delayMs(0) / 2, fromMs: delayMs(0), toMs: delayMs(1) })
    const rows = this.#lanes.take(lane)
    const probes = rows.filter(({ probe }) => probe)
    this.#lanes.push(lane, probes)
    const { random } = this.#options
    await this.#uncalled.giveBack(
      rows.filter(({ probe }) => !probe),
      () => delayMs(random()),
    )
  }

  /** What is due of webhooks that are full and slow stands in the way of others: it is put off. */
  async putOffCrowds(): Promise<void> {
    const slow = this.#lanes.full().filter((lane) => lane.latencyMs > slowMs)
    await Promise.all(slow.map((lane) => this.#uncalled.putOff(lane, crowd)))
  }

  /** Makes room: gives back what waits for webhooks that are slow, or find no slot. */
  async shed(): Promise<void> {
    const { random } = this.#options
    await Promise.all(
      this.#lanes.takeSlow().map(({ lane, rows }) => this.#uncalled.giveBack(rows, (n) => lane.deferMs(n, random()))),
    )
  }

  /** Gives back what may not be called now, and answers the rest. */
  async #holdBack(lane: Lane, rows: Claimed[]): Promise<Claimed[]> {
    const { db, random } = this.#options
    const first = rows[0] as Claimed
    if (first.probe) return rows
    const delayMs = restOf(first)
    if (delayMs) {
      this.#resting.set(lane.webhookId, performance.now() + restingMs)
      await this.#uncalled.giveBack(rows, () => delayMs(random()))
      return []
    }
    const free = Math.max(inFlightAtMost - lane.inFlight - lane.waiting, 0)
    const turns = await takeTurns(db, lane.accountId, lane.webhookId, Math.min(rows.length, free)).catch(() => null)
    const { granted, waitMs, everyMs } = turns ?? { granted: 0, waitMs: 1000, everyMs: 10 }
    const startBy = performance.now() + turnHoldsMs
    const admitted = rows.splice(0, granted).map((row) => Object.assign(row, { startBy }))
    // A little before their turn: who comes too early is put off once more, who comes too late leaves a turn unused.
    await this.#uncalled.giveBack(rows, (n) => waitMs + n * everyMs * (0.5 + 0.4 * random()))
    if (rows.length > 0) this.#events.onDueIn(waitMs)
    return admitted
  }

  async #laneOf(rows: Claimed[]): Promise<Lane | undefined> {
    const first = rows[0] as Claimed
    const lane = this.#lanes.get(first.webhook_id)
    const version = Math.max(...rows.map((row) => row.config_version))
    if (lane && lane.target.configVersion >= version) return lane
    const target = await this.#target(rows, version)
    if (!target) return undefined
    if (lane) await this.#renew(lane, target, this.#lanes.take(lane))
    const made = lane ?? new Lane(first.account_id, first.webhook_id, target)
    this.#lanes.add(made)
    return made
  }

  /** The target of rows of one webhook; when it can't be had, the rows are put off or fail, and the log says why. */
  async #target(rows: Claimed[], version: number): Promise<Target | undefined> {
    const { account_id, webhook_id } = rows[0] as Claimed
    const { targets, log } = this.#options
    const target = await targets.get(account_id, webhook_id, version).catch((error: Error) => {
      log.warn({ webhookId: webhook_id, error: error.message }, 'could not read a webhook')
      return undefined
    })
    if (target && !('unusable' in target)) return target
    if (target) log.error({ webhookId: webhook_id, reason: target.unusable }, 'a webhook can not be called')
    if (target && !target.wait) for (const row of rows) this.#events.onUnusable(row, target)
    else await this.#uncalled.giveBack(rows, target ? unsealRetryMs : 1000)
    return undefined
  }

  async #refresh(lane: Lane, version: number) {
    const rows = this.#lanes.take(lane)
    const target = rows.length > 0 && (await this.#target(rows, version))
    if (target) await this.#renew(lane, target, rows)
  }

  async #renew(lane: Lane, target: Target, rows: Waiting[]) {
    lane.target = target
    const kept = rows.length > 0 ? await this.#uncalled.stillHeld(rows) : rows
    if (this.stopping) return this.#uncalled.giveBack(kept, 0)
    this.#lanes.push(lane, kept)
  }
}

const isHeldBack = (row: Claimed): boolean => row.per_minute !== null || restOf(row) !== undefined

/** How long rows of a webhook rest that must not be called at all now, spread by `random`; undefined: it may be called. */
function restOf({ lane, paused_ms }: Pick<Restraint, 'lane' | 'paused_ms'>): ((random: number) => number) | undefined {
  if (lane === 'probing') return heldBackMs
  if (paused_ms === null || paused_ms <= 0) return undefined
  return (random) => paused_ms + random * Math.min(paused_ms / 10, 10_000)
}
