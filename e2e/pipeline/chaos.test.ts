import { expect, test } from 'vitest'
import { runStorm } from '@/e2e/fixtures/faults/storm'

// A small seed of `npm run chaos`.

test('2,000 events, 8 SIGKILLs of web processes and workers and an immediate stop of PostgreSQL: nothing is lost', async () => {
  const report = await runStorm({
    seed: 8,
    events: 2_000,
    kills: 8,
    stops: 1,
    seconds: 110,
    leaseMs: 20_000,
    againMs: 15_000,
  })
  expect(report.violations).toEqual([])
  // The command asserts 5 s, on a machine that does nothing else.
  expect(report).toMatchObject({ kills: { web: 4, worker: 4 }, stops: 1 })
  expect(report.verdict.delivered).toBeGreaterThan(2_000)
  expect(report.verdict.repeats).toBeLessThanOrEqual(report.underWay)
}, 150_000)
