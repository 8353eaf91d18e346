// Pure: how calls change the health of their webhook (docs/delivery.md). store-health.ts stores it in `webhook_health`.

export const probingAfter = 10
/** Minutes until the 1st, 2nd, … probe of a webhook; the last one repeats. */
export const probeMinutes = [1, 2, 5, 10, 15] as const
export const turnedOffAfterMs = 5 * 86_400_000
/** Rows that the first step of a ramp makes due. Each further step, a second later, makes twice as many due. */
export const firstRamp = 10

/** It answered 410; it asked to be disabled; it failed for five days. */
export const turnOffReasons = ['gone', 'asked', 'failing'] as const
export type TurnOffReason = (typeof turnOffReasons)[number]

export type Health = {
  failures: number
  failingSinceMs: number | null
  pausedUntilMs: number | null
  state: 'healthy' | 'probing' | 'ramping'
  probes: number
  probeAtMs: number | null
  ramp: number
  toldFailing: boolean
  toldExhausted: boolean
  toldTurningOff: boolean
}

/** What a batch of recorded calls says of one webhook. One success outweighs all failures of its batch. */
export type HealthChange = {
  accountId: string
  webhookId: string
  succeeded: boolean
  failed: number
  exhausted: number
  /** It answered 410. */
  gone: boolean
  /** It asked to be disabled, in an answer of any status. */
  disable: boolean
  /** The longest wait that a Retry-After asked for, in seconds. */
  retryAfterSeconds: number | null
}

export type HealthStep = { health: Health; notice: 'exhausted' | 'well' | null; turnOff: TurnOffReason | null }

/** The health that follows a change, a notice to write, and why to turn the webhook off. Pure. */
export function nextHealth(now: Health, change: HealthChange, atMs: number): HealthStep {
  const pause = change.retryAfterSeconds === null ? null : atMs + change.retryAfterSeconds * 1000
  const health = { ...now, pausedUntilMs: later(now.pausedUntilMs, pause) }
  if (change.succeeded) {
    const told = now.toldFailing || now.toldExhausted || now.toldTurningOff
    Object.assign(health, { failures: 0, failingSinceMs: null })
    Object.assign(health, { toldFailing: false, toldExhausted: false, toldTurningOff: false })
    // Further successes do not restart a ramp that has begun.
    if (now.state === 'probing')
      Object.assign(health, { state: 'ramping', ramp: firstRamp, probes: 0, probeAtMs: atMs })
    return { health, notice: told ? 'well' : null, turnOff: change.disable ? 'asked' : null }
  }
  health.failures += change.failed
  if (change.failed > 0) health.failingSinceMs ??= atMs
  if (health.failures >= probingAfter && now.state !== 'probing')
    Object.assign(health, { state: 'probing', probes: 0, probeAtMs: atMs + probeMinutes[0] * 60_000 })
  const firstExhausted = change.exhausted > 0 && !now.toldExhausted
  health.toldExhausted ||= firstExhausted
  const failing = change.failed > 0 && atMs - (health.failingSinceMs ?? atMs) >= turnedOffAfterMs
  return {
    health,
    notice: firstExhausted ? 'exhausted' : null,
    turnOff: change.disable ? 'asked' : change.gone ? 'gone' : failing ? 'failing' : null,
  }
}

const later = (one: number | null, other: number | null) =>
  one === null ? other : other === null ? one : Math.max(one, other)
