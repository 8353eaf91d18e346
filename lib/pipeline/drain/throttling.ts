import { inFlightAtMost } from '../deliver/targets'
import type { Throttle } from '../queue/claimed-row'
import { restOf } from '../queue/rest'
import { probingDelayMs } from '../queue/retry'

/** A rate-limit permit expires after this; a call that starts later must request a new one. */
export const permitLastsMs = 1_000
/** A webhook that is held, paused or probing is left out of claims this long; then one claim reads its state again. */
const leftOutMs = 5_000

type Paused = Pick<Throttle, 'health_state' | 'paused_ms'> & Partial<Pick<Throttle, 'held'>>

/**
 * For how many milliseconds rows of a webhook that is held, paused or probing are deferred, spread by `random` in [0, 1);
 * undefined: it is none of these. Infinity: until somebody releases the webhook.
 */
export function pauseOf(webhook: Paused): ((random: number) => number) | undefined {
  const pausedMs = webhook.paused_ms ?? 0
  switch (restOf(webhook)) {
    case 'held':
      return () => Number.POSITIVE_INFINITY
    case 'probing':
      return probingDelayMs
    case 'paused':
      return (random) => pausedMs + random * Math.min(pausedMs / 10, 10_000)
  }
}

export const isThrottled = (webhook: Pick<Throttle, 'per_minute'> & Paused): boolean =>
  webhook.per_minute !== null || pauseOf(webhook) !== undefined

/** Webhooks that were held, paused or probing when their state was last read. */
export class PausedWebhooks {
  /** Until when each is left out of claims, by the monotonic clock. */
  readonly #until = new Map<string, { accountId: string; ms: number }>()

  add({ accountId, webhookId }: { accountId: string; webhookId: string }) {
    this.#until.set(webhookId, { accountId, ms: performance.now() + leftOutMs })
  }

  delete(webhookId: string) {
    this.#until.delete(webhookId)
  }

  /** The account was changed: somebody may have released one of its webhooks. */
  forget(accountId: string) {
    for (const [webhookId, until] of this.#until) if (until.accountId === accountId) this.#until.delete(webhookId)
  }

  has(webhookId: string): boolean {
    return (this.#until.get(webhookId)?.ms ?? 0) > performance.now()
  }

  /** Those that claims leave out. */
  all(): string[] {
    for (const webhookId of this.#until.keys()) if (!this.has(webhookId)) this.#until.delete(webhookId)
    return [...this.#until.keys()]
  }
}

/** How many permits to take for `rows` rows of a webhook: no more than can start at once, so that none is hoarded. */
export const permitsFor = (rows: number, { inFlight, waiting }: { inFlight: number; waiting: number }): number =>
  Math.min(rows, Math.max(inFlightAtMost - inFlight - waiting, 0))
