import { expect, test } from 'vitest'
import { type Health, type HealthChange, nextHealth, probeMinutes, turnedOffAfterMs } from './health'

const well: Health = {
  failures: 0,
  failingSinceMs: null,
  pausedUntilMs: null,
  state: 'healthy',
  probes: 0,
  probeAtMs: null,
  ramp: 0,
  toldFailing: false,
  toldExhausted: false,
  toldTurningOff: false,
}
const change = (set: Partial<HealthChange> = {}): HealthChange => ({
  accountId: 'a',
  webhookId: 'w',
  succeeded: false,
  failed: set.succeeded ? 0 : 1,
  exhausted: 0,
  gone: false,
  disable: false,
  retryAfterSeconds: null,
  ...set,
})

test('ten failures in a row make a webhook probing, its next call a minute later', () => {
  let health = well
  for (let n = 1; n <= 10; n++) {
    expect(health.state).toBe('healthy')
    health = nextHealth(health, change(), n * 1000).health
  }
  expect(health).toMatchObject({ state: 'probing', failures: 10, failingSinceMs: 1000, probeAtMs: 70_000 })
  expect(probeMinutes).toEqual([1, 2, 5, 10, 15])
})

test('a failure while probing moves neither the next call nor the first failure', () => {
  const probing: Health = { ...well, state: 'probing', failures: 10, failingSinceMs: 1, probes: 2, probeAtMs: 9_000 }
  expect(nextHealth(probing, change(), 5_000).health).toEqual({ ...probing, failures: 11 })
})

test('a success starts the count anew, and brings back what waited over a ramp', () => {
  const probing: Health = { ...well, state: 'probing', failures: 12, failingSinceMs: 1, probes: 2, probeAtMs: 9_000 }
  const { health, notice } = nextHealth(probing, change({ succeeded: true }), 5_000)
  expect(health).toEqual({ ...well, state: 'ramping', ramp: 10, probeAtMs: 5_000 })
  expect(notice).toBeNull()
  const later = nextHealth({ ...health, ramp: 20, probeAtMs: 6_000 }, change({ succeeded: true }), 5_500)
  expect(later.health).toEqual({ ...health, ramp: 20, probeAtMs: 6_000 })
})

test('well again is told only to who was told that it was not', () => {
  for (const told of ['toldFailing', 'toldExhausted', 'toldTurningOff'] as const) {
    const { health, notice } = nextHealth({ ...well, failures: 3, [told]: true }, change({ succeeded: true }), 1)
    expect([notice, health]).toEqual(['well', well])
  }
})

test('the first exhausted delivery is told of once, until the webhook is well', () => {
  const first = nextHealth(well, change({ exhausted: 3 }), 1)
  expect(first.notice).toBe('exhausted')
  const second = nextHealth(first.health, change({ exhausted: 1 }), 2)
  expect(second.notice).toBeNull()
  const again = nextHealth(
    nextHealth(second.health, change({ succeeded: true }), 3).health,
    change({ exhausted: 1 }),
    4,
  )
  expect(again.notice).toBe('exhausted')
})

test('is turned off at a failed call five days after the first failure since the last 2xx, and at a 410', () => {
  const failing = { ...well, failures: 40, failingSinceMs: 1 }
  expect(nextHealth(failing, change(), turnedOffAfterMs).turnOff).toBeNull()
  expect(nextHealth(failing, change(), turnedOffAfterMs + 1).turnOff).toBe('failing')
  expect(nextHealth(failing, change({ succeeded: true }), turnedOffAfterMs + 1).turnOff).toBeNull()
  expect(nextHealth(well, change({ gone: true }), 1).turnOff).toBe('gone')
})

test('is turned off when its receiver asks for it, whatever the status of the answer', () => {
  expect(nextHealth(well, change({ disable: true }), 1).turnOff).toBe('asked')
  expect(nextHealth(well, change({ disable: true, gone: true }), 1).turnOff).toBe('asked')
  expect(nextHealth(well, change({ disable: true, succeeded: true }), 1).turnOff).toBe('asked')
})

test('an answer that ends its message changes nothing, and turns nothing off', () => {
  const failing = { ...well, failures: 9, failingSinceMs: 1 }
  const step = nextHealth(failing, change({ failed: 0 }), turnedOffAfterMs + 1)
  expect(step).toEqual({ health: failing, notice: null, turnOff: null })
})

test('the longest wait that was ordered holds', () => {
  const { health } = nextHealth(well, change({ retryAfterSeconds: 30 }), 1_000)
  expect(health.pausedUntilMs).toBe(31_000)
  expect(nextHealth(health, change({ retryAfterSeconds: 5 }), 2_000).health.pausedUntilMs).toBe(31_000)
  expect(nextHealth(health, change({ retryAfterSeconds: 60 }), 2_000).health.pausedUntilMs).toBe(62_000)
})
