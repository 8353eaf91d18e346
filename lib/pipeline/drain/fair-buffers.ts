import type { ClaimedRow } from '../queue/claimed-row'
import type { Waiting, WebhookBuffer } from './webhook-buffer'

// All that a drainer holds: claimed rows that wait and calls in flight, by webhook. It decides which webhook calls
// next: each in turn, and no account on more than half of the slots while another has due work.

/** A webhook whose calls take longer is slow: few of its rows are buffered. */
export const slowMs = 1_000
/** An account that has more than half of the slots takes no further one beyond this share of all. */
const keptForOthers = 3 / 4

export class FairBuffers {
  /** Rows that wait. */
  waiting = 0
  /** Calls in flight. */
  inFlight = 0
  readonly #all = new Map<string, WebhookBuffer>()
  readonly #ready = new Set<WebhookBuffer>()
  readonly #inFlightOf = new Map<string, number>()
  /** Those that claims leave out because they are full. More of their rows may be due. */
  readonly #leftOut = new Set<WebhookBuffer>()

  get(webhookId: string): WebhookBuffer | undefined {
    return this.#all.get(webhookId)
  }

  add(buffer: WebhookBuffer) {
    this.#all.set(buffer.webhookId, buffer)
  }

  /** Those with rows that wait; of one account, or of all. */
  holding(accountId?: string): WebhookBuffer[] {
    return [...this.#all.values()].filter(
      (buffer) => buffer.waiting > 0 && (!accountId || buffer.accountId === accountId),
    )
  }

  /** Those that hold as much as they should. */
  full(): WebhookBuffer[] {
    return [...this.#all.values()].filter((buffer) => buffer.waiting >= buffer.capacity)
  }

  /** Notes that claims leave this one out until it has room again. */
  leaveOut(buffer: WebhookBuffer) {
    this.#leftOut.add(buffer)
  }

  /** Whether one that was left out has worked off half of what it held. True only once. */
  hasRoomAgain(buffer: WebhookBuffer): boolean {
    return buffer.waiting * 2 <= buffer.capacity && this.#leftOut.delete(buffer)
  }

  push(buffer: WebhookBuffer, rows: Waiting[]) {
    for (const row of rows) buffer.push(row)
    this.waiting += rows.length
    this.#enlist(buffer)
  }

  /** Takes the waiting rows of a webhook out. */
  take(buffer: WebhookBuffer): Waiting[] {
    const rows = buffer.empty()
    this.waiting -= rows.length
    this.#ready.delete(buffer)
    return rows
  }

  /** Takes the waiting rows of slow webhooks out, all but one each, to make room for others. */
  takeSlow(): { buffer: WebhookBuffer; rows: Waiting[] }[] {
    return this.holding()
      .filter((buffer) => buffer.waiting > 1 && buffer.latencyMs > slowMs)
      .map((buffer) => {
        const rows = buffer.trim(1)
        this.waiting -= rows.length
        return { buffer, rows }
      })
  }

  takeAll(): Waiting[] {
    return this.holding().flatMap((buffer) => this.take(buffer))
  }

  /** Takes out the row to call next when `slots` calls may be in flight; undefined: none now. */
  next(slots: number): { buffer: WebhookBuffer; row: Waiting } | undefined {
    const buffer = this.inFlight < slots ? this.#nextBuffer(slots) : undefined
    const row = buffer?.shift()
    if (!buffer || !row) return undefined
    this.waiting--
    // To the end of the line.
    this.#ready.delete(buffer)
    this.#enlist(buffer)
    return { buffer, row }
  }

  started(buffer: WebhookBuffer) {
    this.#count(buffer, 1)
  }

  ended(buffer: WebhookBuffer) {
    this.#count(buffer, -1)
    if (buffer.waiting === 0 && buffer.inFlight === 0 && this.#all.size > 5000) this.#all.delete(buffer.webhookId)
  }

  #count(buffer: WebhookBuffer, change: 1 | -1) {
    buffer.inFlight += change
    this.inFlight += change
    const ofAccount = (this.#inFlightOf.get(buffer.accountId) ?? 0) + change
    if (ofAccount > 0) this.#inFlightOf.set(buffer.accountId, ofAccount)
    else this.#inFlightOf.delete(buffer.accountId)
    this.#enlist(buffer)
  }

  #enlist(buffer: WebhookBuffer) {
    if (buffer.ready) this.#ready.add(buffer)
    else this.#ready.delete(buffer)
  }

  /** Keeps some slots free for the work of other accounts: calls that hang may keep theirs for 30 s. */
  #nextBuffer(slots: number): WebhookBuffer | undefined {
    let first: WebhookBuffer | undefined
    for (const buffer of this.#ready) {
      if ((this.#inFlightOf.get(buffer.accountId) ?? 0) < slots / 2) return buffer
      first ??= buffer
    }
    return this.inFlight < slots * keptForOthers ? first : undefined
  }
}

export function byWebhook(rows: ClaimedRow[]): ClaimedRow[][] {
  const groups = new Map<string, ClaimedRow[]>()
  for (const row of rows) {
    const group = groups.get(row.webhook_id)
    if (group) group.push(row)
    else groups.set(row.webhook_id, [row])
  }
  return [...groups.values()]
}
