import type { Throttle } from './claimed-row'
import { usualLeaseMs } from './leased-rows'
import { permitDueAt } from './rate-limit'
import { restOf } from './rest'
import { probeDueAt } from './webhook-states'

// When a waiting delivery is really called. Its run_at alone does not say: it is the end of a lease while the row is claimed,
// and a webhook that rests has its rows deferred to a time at which they are looked at again, not called.

/** What a waiting delivery waits for, and until when, in Unix milliseconds. */
export type NextCall =
  /** Its time in the schedule. */
  | { kind: 'schedule'; at: number }
  /** The next probe of its webhook, and what it finds. */
  | { kind: 'probe'; at: number }
  /** The end of the pause that its receiver asked for. */
  | { kind: 'pause'; at: number }
  /** A permit of the rate limit. */
  | { kind: 'permit'; at: number }
  /** The release of its webhook; null: a person releases it. */
  | { kind: 'release'; at: number | null }
  /** Its turn, while its webhook catches up. */
  | { kind: 'ramp' }
  /** Nothing: it is called at once, or its call is under way. */
  | { kind: 'now' | 'under-way' }

/** What the schedule of a webhook's calls depends on. Times are Unix milliseconds by the database's clock. */
export type CallTimes = Pick<Throttle, 'health_state' | 'per_minute'> & {
  nowMs: number
  held: boolean
  heldUntilMs: number | null
  probeAtMs: number | null
  pausedUntilMs: number | null
  permitAtMs: number | null
}

const ms = (moment: string) => `(extract(epoch from ${moment}) * 1000)::float8`

/** SQL: the columns of CallTimes, for a query over `webhooks w` and `healthOfWebhook`. */
export const callTimes = `h.state as health_state, h.per_minute, ${ms('hub_now()')} as "nowMs", w.held_at is not null as held,
  ${ms('w.held_until')} as "heldUntilMs", ${ms(probeDueAt)} as "probeAtMs", ${ms('h.paused_until')} as "pausedUntilMs",
  ${ms(permitDueAt)} as "permitAtMs"`

/** A queue row as far as its next call depends on it. `runAtMs`: Infinity while it is held. */
export type WaitingRow = { runAtMs: number; abandonedClaims: number; probe: boolean }

/** Whether a drainer has the row claimed: its call is under way, or about to begin. */
export const isClaimed = ({ runAtMs, abandonedClaims }: WaitingRow, nowMs: number): boolean =>
  abandonedClaims > 0 && runAtMs > nowMs && runAtMs <= nowMs + usualLeaseMs

/** What a waiting delivery waits for, by the rules of the drain. Pure. */
export function nextCall(webhook: CallTimes, row: WaitingRow): NextCall {
  const { nowMs, health_state, pausedUntilMs, per_minute } = webhook
  if (isClaimed(row, nowMs)) return { kind: 'under-way' }
  const permitMs = per_minute === null ? 0 : (webhook.permitAtMs ?? 0)
  const rest = restOf({ ...webhook, paused_ms: pausedUntilMs === null ? null : pausedUntilMs - nowMs })
  if (rest === 'held') return { kind: 'release', at: webhook.heldUntilMs }
  if (row.probe) return permitMs > nowMs ? { kind: 'permit', at: permitMs } : { kind: 'now' }
  if (rest === 'probing') return { kind: 'probe', at: webhook.probeAtMs ?? nowMs }
  if (rest === 'paused' && (pausedUntilMs ?? 0) >= Math.min(row.runAtMs, Number.MAX_SAFE_INTEGER))
    return { kind: 'pause', at: pausedUntilMs ?? nowMs }
  if (health_state === 'ramping' && row.runAtMs > nowMs) return { kind: 'ramp' }
  if (permitMs > Math.max(row.runAtMs, nowMs)) return { kind: 'permit', at: permitMs }
  return row.runAtMs > nowMs ? { kind: 'schedule', at: row.runAtMs } : { kind: 'now' }
}
