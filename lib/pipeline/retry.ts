// Step "retry": what follows a recorded call. Pure.

/** The schedule of PRODUCT.md §5, in seconds: the wait after the 1st, 2nd, … failed call of a round. */
export const retrySchedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const

export type NextStep =
  | { kind: 'delivered' }
  | { kind: 'retry'; delayMs: number }
  | { kind: 'exhausted'; reason: string }

/**
 * How long a delivery of a probing webhook is put off, in milliseconds: it comes back sooner, with the ramp, once the
 * webhook is well. `random` is in [0, 1).
 */
export const heldBackMs = (random: number): number => 3_600_000 * (0.8 + 0.4 * random)

/**
 * Decides what comes after attempt number `attempt` (from 1) of a round, of a webhook that allows `retries` retries.
 * `random` is in [0, 1): the wait is spread by ±20 %, so that failures of one moment do not come back as one.
 */
export function nextStep(
  call: { failure: string | null; retryAfterSeconds: number | null },
  attempt: number,
  retries: number,
  random: number,
): NextStep {
  if (call.failure === null) return { kind: 'delivered' }
  if (attempt > retries) return { kind: 'exhausted', reason: 'retries-used-up' }
  const wait = retrySchedule[Math.min(attempt, retrySchedule.length) - 1] as number
  const delayMs = wait * 1000 * (0.8 + 0.4 * random)
  return { kind: 'retry', delayMs: Math.max(delayMs, (call.retryAfterSeconds ?? 0) * 1000) }
}
