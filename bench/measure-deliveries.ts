import type { Bench } from './bench'
import { memoryOf, meterCpu } from './cpu'
import { type OpenedSubject, openSubject, renderedBody } from './open-subject'
import { type DeliveriesPlan, repeat } from './plan'
import { type Figure, figure, figures } from './statistics'
import { mid, printTable, span } from './table'

// Deliveries a second from a queue that was filled before, for each subject and for the raw ceiling. Rounds are interleaved,
// and each is compared with the ceilings before and after it, because the machine's speed changes.

const control = 'ceiling'
const product = 'hearback'
const inFlight = 100

type Round = { perSecond: number; nodeMicros: number; databaseMicros: number; others: number; memory: number }

export type SubjectFigures = { [K in keyof Round]: Figure } & {
  settings: string
  /** Deliveries a second over the mean of the ceilings before and after. */
  ratio: Figure
  /**
   * The same ratio in CPU time: the ceiling's microseconds in Node over this subject's. One thread limits both, so it means
   * the same, and other programs on the machine disturb it less.
   */
  cpuRatio: Figure
}

export type DeliveryFigures = {
  jobs: number
  inFlight: number
  bodyBytes: number
  subjects: Record<string, SubjectFigures>
  /** The product's deliveries a second over the fastest peer's, by medians; NaN without peers. */
  overFastestPeer: number
}

/** `peers`: names of files in subjects/, measured beside the product. */
export async function measureDeliveries(bench: Bench, plan: DeliveriesPlan, peers: string[]): Promise<DeliveryFigures> {
  const { jobs, controlJobs } = plan
  const body = await renderedBody(bench)
  const names = [control, product, ...peers]
  const subjects: OpenedSubject[] = []
  const rounds: Record<string, Round[]> = Object.fromEntries(names.map((name) => [name, []]))
  try {
    for (const name of names) {
      const subject = await openSubject(bench, name, { inFlight, body })
      subjects.push(subject)
      await runRound(bench, subject, Math.min(Math.ceil(jobs / 4), 3000))
    }
    await repeat(plan, async () => {
      for (const subject of subjects)
        rounds[subject.name]?.push(await runRound(bench, subject, subject.name === control ? controlJobs : jobs))
    })
    rounds[control]?.push(await runRound(bench, subjects[0] as OpenedSubject, controlJobs))
  } finally {
    await Promise.all(subjects.map(({ process }) => process.end()))
  }
  const ceiling = rounds[control] ?? []
  const summaries = subjects.map(({ name, settings }) => [name, { settings, ...summary(rounds[name] ?? [], ceiling) }])
  const found: Record<string, SubjectFigures> = Object.fromEntries(summaries)
  const fastest = Math.max(...peers.map((name) => found[name]?.perSecond.median ?? 0))
  return {
    jobs,
    inFlight,
    bodyBytes: Buffer.byteLength(body),
    subjects: found,
    overFastestPeer: peers.length > 0 ? (found[product]?.perSecond.median ?? 0) / fastest : Number.NaN,
  }
}

async function runRound(
  { world, receiver, waitForIdle }: Bench,
  { process, stores }: OpenedSubject,
  jobs: number,
): Promise<Round> {
  await process.call('prepare', jobs)
  await receiver.call('reset')
  await waitForIdle()
  const read = meterCpu(process.pid, world.postmaster, [receiver.pid], stores)
  const seconds = await process.call('run')
  const cpu = read()
  await process.call('stop')
  const { calls, repeated } = await receiver.call('count')
  if (calls !== jobs || repeated > 0) throw new Error(`${jobs} jobs made ${calls} calls, ${repeated} of them repeated`)
  return {
    perSecond: jobs / seconds,
    nodeMicros: (cpu.node / jobs) * 1e6,
    databaseMicros: (cpu.database / jobs) * 1e6,
    others: cpu.others,
    memory: memoryOf(process.pid),
  }
}

/** The ceiling's figure around round `i`. The ceiling's own rounds are compared with themselves. */
function ceilingAt(i: number, rounds: Round[], ceiling: Round[], key: 'perSecond' | 'nodeMicros'): number {
  const before = ceiling[i]?.[key] ?? Number.NaN
  return rounds === ceiling ? before : (before + (ceiling[i + 1]?.[key] ?? before)) / 2
}

const summary = (rounds: Round[], ceiling: Round[]) => ({
  ...figures(rounds, { perSecond: 0, nodeMicros: 1, databaseMicros: 1, others: 2, memory: 0 }),
  ratio: figure(
    rounds.map((round, i) => round.perSecond / ceilingAt(i, rounds, ceiling, 'perSecond')),
    3,
  ),
  cpuRatio: figure(
    rounds.map((round, i) => ceilingAt(i, rounds, ceiling, 'nodeMicros') / round.nodeMicros),
    3,
  ),
})

export function printDeliveries({ jobs, inFlight, bodyBytes, subjects, overFastestPeer }: DeliveryFigures) {
  const rows = Object.entries(subjects)
  printTable(
    `${jobs.toLocaleString('en-GB')} deliveries from a full queue: 100 origins, ${inFlight} in flight, signed bodies of ${bodyBytes} bytes`,
    ['', 'deliveries/s', 'over the ceiling', 'by CPU', 'node µs', 'database µs', 'peak MB', 'others, cores'],
    rows.map(([name, { perSecond, ratio, cpuRatio, nodeMicros, databaseMicros, memory, others }]) => [
      name,
      span(perSecond),
      span(ratio),
      span(cpuRatio),
      mid(nodeMicros),
      mid(databaseMicros),
      mid(memory),
      mid(others),
    ]),
    [
      ...rows.map(([name, { settings }]) => `${name}: ${settings}`),
      ...(Number.isNaN(overFastestPeer) ? [] : [`hearback over the fastest peer: ${overFastestPeer.toFixed(2)}`]),
    ],
  )
}
