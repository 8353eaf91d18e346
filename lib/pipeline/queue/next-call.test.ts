import { expect, test } from 'vitest'
import { type CallTimes, type NextCall, nextCall, type WaitingRow } from './next-call'

const now = 1_800_000_000_000
const minute = 60_000
const well: CallTimes = {
  nowMs: now,
  health_state: null,
  per_minute: null,
  held: false,
  heldUntilMs: null,
  probeAtMs: null,
  pausedUntilMs: null,
  permitAtMs: null,
}
const row: WaitingRow = { runAtMs: now + 5 * minute, abandonedClaims: 0, probe: false }

test.each<[string, Partial<CallTimes>, Partial<WaitingRow>, NextCall]>([
  ['at its time in the schedule', {}, {}, { kind: 'schedule', at: now + 5 * minute }],
  ['now, once that has come', {}, { runAtMs: now - 1 }, { kind: 'now' }],
  ['now, while a drainer has it claimed', {}, { runAtMs: now + 30_000, abandonedClaims: 1 }, { kind: 'under-way' }],
  [
    'at its time, where a drainer that died had released it',
    {},
    { runAtMs: now + 2 * minute, abandonedClaims: 1 },
    { kind: 'schedule', at: now + 2 * minute },
  ],
  [
    'with the next probe of a probing webhook, not when its row is looked at again',
    { health_state: 'probing', probeAtMs: now + 11 * minute },
    { runAtMs: now + 50 * minute },
    { kind: 'probe', at: now + 11 * minute },
  ],
  [
    'after the pause that its receiver asked for',
    { pausedUntilMs: now + 20 * minute },
    {},
    { kind: 'pause', at: now + 20 * minute },
  ],
  [
    'at its own time, where the pause ends before that',
    { pausedUntilMs: now + minute },
    {},
    { kind: 'schedule', at: now + 5 * minute },
  ],
  ['at its time, where a pause has ended', { pausedUntilMs: now - 1 }, {}, { kind: 'schedule', at: now + 5 * minute }],
  [
    'with the next permit of a rate limit, where that comes later',
    { per_minute: 60, permitAtMs: now + 3_000 },
    { runAtMs: now },
    { kind: 'permit', at: now + 3_000 },
  ],
  [
    'when its held webhook is released',
    { held: true },
    { runAtMs: Number.POSITIVE_INFINITY },
    { kind: 'release', at: null },
  ],
  [
    'at the set end of a hold, even of a probing webhook',
    { held: true, heldUntilMs: now + minute, health_state: 'probing' },
    {},
    { kind: 'release', at: now + minute },
  ],
  ['in its turn, while its webhook catches up', { health_state: 'ramping' }, {}, { kind: 'ramp' }],
  [
    'now, where a person asked for it, past probing and pause',
    { health_state: 'probing', probeAtMs: now + minute, pausedUntilMs: now + minute },
    { runAtMs: now - 1, probe: true },
    { kind: 'now' },
  ],
  [
    'with the next permit, where a person asked for it',
    { per_minute: 1, permitAtMs: now + 40_000 },
    { probe: true },
    { kind: 'permit', at: now + 40_000 },
  ],
])('a waiting delivery is called %s', (_, webhook, waiting, next) => {
  expect(nextCall({ ...well, ...webhook }, { ...row, ...waiting })).toEqual(next)
})
