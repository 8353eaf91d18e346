import type { Bench } from './bench'
import { meterCpu } from './cpu'
import { hubWithHistory } from './histories'
import { type OpenedSubject, openSubject } from './open-subject'
import { repeat } from './plan'
import { type Figure, figure, figures, quantile } from './statistics'
import { mid, printTable, show, span } from './table'

// Whether a long history slows the queue: the same queue is worked off on databases with different numbers of stored calls,
// in turn. A claim is timed as the drain sees it, from the statement to its rows.

const inFlight = 100

type Round = {
  perSecond: number
  claimP50: number
  claimP95: number
  nodeMicros: number
  databaseMicros: number
  others: number
}

export type HistoryFigures = { calls: number } & { [K in keyof Round]: Figure } & {
  /** Deliveries a second over those of the shortest history in the same round, and the same for the claim's p50. */
  perSecondRatio: Figure
  claimRatio: Figure
}

export async function measureHistory(bench: Bench): Promise<HistoryFigures[]> {
  const { sizes, jobs } = bench.plan.history
  const subjects: OpenedSubject[] = []
  const rounds = sizes.map((): Round[] => [])
  for (const calls of sizes) await hubWithHistory(bench, calls)
  try {
    for (const calls of sizes) {
      const hub = await hubWithHistory(bench, calls)
      subjects.push(await openSubject(bench, 'hearback', { inFlight, body: '', hub }))
    }
    for (const subject of subjects) await runRound(bench, subject, Math.min(jobs, 3000))
    await repeat(bench.plan.history, async () => {
      for (const [i, subject] of subjects.entries()) rounds[i]?.push(await runRound(bench, subject, jobs))
    })
  } finally {
    await Promise.all(subjects.map(({ process }) => process.end()))
  }
  const shortest = rounds[0] ?? []
  const over = (all: Round[], key: keyof Round) =>
    figure(
      all.map((round, i) => round[key] / (shortest[i]?.[key] ?? Number.NaN)),
      3,
    )
  return sizes.map((calls, i) => {
    const all = rounds[i] ?? []
    return {
      calls,
      ...figures(all, { perSecond: 0, claimP50: 2, claimP95: 2, nodeMicros: 1, databaseMicros: 1, others: 2 }),
      perSecondRatio: over(all, 'perSecond'),
      claimRatio: over(all, 'claimP50'),
    }
  })
}

async function runRound({ world, receiver, waitForIdle }: Bench, { process }: OpenedSubject, jobs: number) {
  await process.call('prepare', jobs)
  await receiver.call('reset')
  await waitForIdle()
  await process.call('takeStatementTimes', 'claim')
  const read = meterCpu(process.pid, world.postmaster, [receiver.pid])
  const seconds = await process.call('run')
  const cpu = read()
  const claims = await process.call('takeStatementTimes', undefined)
  await process.call('stop')
  if (claims.length === 0) throw new Error('no claim was seen')
  const { calls } = await receiver.call('count')
  if (calls !== jobs) throw new Error(`${jobs} jobs made ${calls} calls`)
  return {
    perSecond: jobs / seconds,
    claimP50: quantile(claims, 0.5),
    claimP95: quantile(claims, 0.95),
    nodeMicros: (cpu.node / jobs) * 1e6,
    databaseMicros: (cpu.database / jobs) * 1e6,
    others: cpu.others,
  }
}

export function printHistory(rows: HistoryFigures[]) {
  printTable(
    'Deliveries from a full queue beside a history of stored calls',
    [
      'calls',
      'deliveries/s',
      'ratio',
      'claim p50 ms',
      'ratio',
      'claim p95 ms',
      'node µs',
      'database µs',
      'others, cores',
    ],
    rows.map((row) => [
      show(row.calls),
      span(row.perSecond),
      span(row.perSecondRatio),
      span(row.claimP50),
      span(row.claimRatio),
      span(row.claimP95),
      mid(row.nodeMicros),
      mid(row.databaseMicros),
      mid(row.others),
    ]),
  )
}
