import type { Lane, Waiting } from './lane'
import type { Claimed } from './queue'

// All that a drainer holds: claimed rows that wait and calls in flight, by webhook. It decides which webhook calls
// next: each in turn, and no account on more than half of the slots while another has due work.

/** Of calls that take longer few are made, and more rows than those need not wait here. */
export const slowMs = 1_000
/** An account that has more than half of the slots takes no further one beyond this share of all. */
const keptForOthers = 3 / 4

export class Lanes {
  /** Rows that wait. */
  waiting = 0
  /** Calls in flight. */
  inFlight = 0
  readonly #all = new Map<string, Lane>()
  readonly #ready = new Set<Lane>()
  readonly #inFlightOf = new Map<string, number>()
  /** There may be more of theirs than they had room for. */
  readonly #leftOut = new Set<Lane>()

  get(webhookId: string): Lane | undefined {
    return this.#all.get(webhookId)
  }

  add(lane: Lane) {
    this.#all.set(lane.webhookId, lane)
  }

  /** Those with rows that wait; of one account, or of all. */
  holding(accountId?: string): Lane[] {
    return [...this.#all.values()].filter((lane) => lane.waiting > 0 && (!accountId || lane.accountId === accountId))
  }

  /** Those that hold as much as they should. */
  full(): Lane[] {
    return [...this.#all.values()].filter((lane) => lane.waiting >= lane.capacity)
  }

  /** Nothing of this one is looked for until it has room again. */
  leaveOut(lane: Lane) {
    this.#leftOut.add(lane)
  }

  /** Whether one that was left out has worked off half of what it held; said once. */
  hasRoomAgain(lane: Lane): boolean {
    return lane.waiting * 2 <= lane.capacity && this.#leftOut.delete(lane)
  }

  push(lane: Lane, rows: Waiting[]) {
    for (const row of rows) lane.push(row)
    this.waiting += rows.length
    this.#enlist(lane)
  }

  /** Takes the waiting rows of a webhook out. */
  take(lane: Lane): Waiting[] {
    const rows = lane.empty()
    this.waiting -= rows.length
    this.#ready.delete(lane)
    return rows
  }

  /** Takes out what waits for those that move slowly, all but a row each: who comes next must find room. */
  takeSlow(): { lane: Lane; rows: Waiting[] }[] {
    return this.holding()
      .filter((lane) => lane.waiting > 1 && lane.latencyMs > slowMs)
      .map((lane) => {
        const rows = lane.trim(1)
        this.waiting -= rows.length
        return { lane, rows }
      })
  }

  takeAll(): Waiting[] {
    return this.holding().flatMap((lane) => this.take(lane))
  }

  /** Takes the row out that is to be called next when `slots` calls may be in flight; undefined: none now. */
  next(slots: number): { lane: Lane; row: Waiting } | undefined {
    const lane = this.inFlight < slots ? this.#nextLane(slots) : undefined
    const row = lane?.shift()
    if (!lane || !row) return undefined
    this.waiting--
    // To the end of the line.
    this.#ready.delete(lane)
    this.#enlist(lane)
    return { lane, row }
  }

  started(lane: Lane) {
    this.#count(lane, 1)
  }

  ended(lane: Lane) {
    this.#count(lane, -1)
    if (lane.waiting === 0 && lane.inFlight === 0 && this.#all.size > 5000) this.#all.delete(lane.webhookId)
  }

  #count(lane: Lane, change: 1 | -1) {
    lane.inFlight += change
    this.inFlight += change
    const ofAccount = (this.#inFlightOf.get(lane.accountId) ?? 0) + change
    if (ofAccount > 0) this.#inFlightOf.set(lane.accountId, ofAccount)
    else this.#inFlightOf.delete(lane.accountId)
    this.#enlist(lane)
  }

  #enlist(lane: Lane) {
    if (lane.ready) this.#ready.add(lane)
    else this.#ready.delete(lane)
  }

  /** Slots that are free when another account's work comes: calls that hang may keep theirs for 30 s. */
  #nextLane(slots: number): Lane | undefined {
    let first: Lane | undefined
    for (const lane of this.#ready) {
      if ((this.#inFlightOf.get(lane.accountId) ?? 0) < slots / 2) return lane
      first ??= lane
    }
    return this.inFlight < slots * keptForOthers ? first : undefined
  }
}

export function byWebhook(rows: Claimed[]): Claimed[][] {
  const groups = new Map<string, Claimed[]>()
  for (const row of rows) {
    const group = groups.get(row.webhook_id)
    if (group) group.push(row)
    else groups.set(row.webhook_id, [row])
  }
  return [...groups.values()]
}
