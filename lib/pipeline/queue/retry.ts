import type { CallResult } from '../deliver/call-result'

// Step "retry": what follows a recorded call. Pure.

/** The wait after the 1st, 2nd, … failed call of a round, in seconds (docs/delivery.md › Retries). */
export const retrySchedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const

export type NextStep =
  | { kind: 'delivered' }
  | { kind: 'retry'; delayMs: number }
  | { kind: 'exhausted' | 'cancelled'; reason: string }

/** The answer was no success and said `webhook-delivery: abort-message`: the receiver never wants this message. */
export const receiverAsked: NextStep = { kind: 'cancelled', reason: 'receiver-asked' }

/**
 * How long a delivery of a probing webhook is deferred, in milliseconds. The ramp makes it due sooner once the webhook has
 * recovered. `random` is in [0, 1).
 */
export const probingDelayMs = (random: number): number => 3_600_000 * (0.8 + 0.4 * random)

/**
 * What follows a probe that failed: it used up no attempt of the round, in which `attempt` calls were made before it (0: it
 * was not called yet). `random` is in [0, 1).
 */
export function afterFailedProbe(
  call: { failure: string | null; retryAfterSeconds: number | null },
  attempt: number,
  probing: boolean,
  random: number,
): NextStep {
  // Its webhook's recovery makes it due sooner.
  if (probing) return { kind: 'retry', delayMs: probingDelayMs(random) }
  return nextStep(call, Math.max(attempt, 1), Number.POSITIVE_INFINITY, random)
}

/**
 * Decides what follows attempt `attempt` (from 1) of a round, for a webhook that allows `retries` retries. `random` is in
 * [0, 1) and spreads the wait by ±20 %, so that calls which failed together are not retried together.
 */
export function nextStep(
  call: { failure: string | null } & Pick<CallResult, 'retryAfterSeconds' | 'asked'>,
  attempt: number,
  retries: number,
  random: number,
): NextStep {
  if (call.failure === null) return { kind: 'delivered' }
  if (call.asked === 'abort-message') return receiverAsked
  if (attempt > retries) return { kind: 'exhausted', reason: 'retries-used-up' }
  const wait = retrySchedule[Math.min(attempt, retrySchedule.length) - 1] as number
  const delayMs = wait * 1000 * (0.8 + 0.4 * random)
  return { kind: 'retry', delayMs: Math.max(delayMs, (call.retryAfterSeconds ?? 0) * 1000) }
}
