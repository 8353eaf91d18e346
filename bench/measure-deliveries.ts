import { randomBytes } from 'node:crypto'
import type { Bench } from './bench'
import type { Child } from './child'
import { meterCpu } from './cpu'
import { repeat } from './plan'
import { type Figure, figure } from './statistics'
import type { SubjectSetting } from './subjects/subject'
import type { SubjectMethods } from './subjects/subject-process'

// Deliveries a second from a queue that was filled before, for each subject and for the raw ceiling. Rounds are short and
// interleaved, and each is compared with the ceilings before and after it, because the machine's speed changes.

const control = 'ceiling'
const product = 'hearback'
const inFlight = 100

type Round = { perSecond: number; nodeMicros: number; postgresMicros: number; others: number }

export type SubjectFigures = { [K in keyof Round]: Figure } & {
  /** Deliveries a second over the mean of the ceilings before and after. */
  ratio: Figure
  /**
   * The same ratio in CPU time: the ceiling's microseconds in Node over this subject's. One thread limits both, so it means
   * the same, and other programs on the machine disturb it less.
   */
  cpuRatio: Figure
}

export type DeliveryFigures = { inFlight: number; bodyBytes: number; subjects: Record<string, SubjectFigures> }

/** `peers`: names of files in subjects/, measured beside the product. */
export async function measureDeliveries(bench: Bench, peers: string[]): Promise<DeliveryFigures> {
  const { jobs, controlJobs } = bench.plan.deliveries
  const body = await renderedBody(bench)
  const names = [control, product, ...peers]
  const subjects = new Map<string, Child<SubjectMethods>>()
  const rounds: Record<string, Round[]> = Object.fromEntries(names.map((name) => [name, []]))
  try {
    for (const name of names) {
      const subject = await openSubject(bench, name, body)
      subjects.set(name, subject)
      await runRound(bench, subject, Math.ceil(jobs / 4))
    }
    await repeat(bench.plan.deliveries, async () => {
      for (const [name, subject] of subjects)
        rounds[name]?.push(await runRound(bench, subject, name === control ? controlJobs : jobs))
    })
    const last = await runRound(bench, subjects.get(control) as Child<SubjectMethods>, controlJobs)
    rounds[control]?.push(last)
  } finally {
    await Promise.all([...subjects.values()].map((subject) => subject.end()))
  }
  const ceiling = rounds[control] ?? []
  return {
    inFlight,
    bodyBytes: Buffer.byteLength(body),
    subjects: Object.fromEntries(names.map((name) => [name, summary(rounds[name] ?? [], ceiling)])),
  }
}

/** A body as the product renders it, so that every subject sends the same number of bytes. */
async function renderedBody(bench: Bench): Promise<string> {
  const subject = await openSubject(bench, product, '')
  await subject.call('prepare', 10)
  await subject.end()
  const { rows } = await bench.world.pool.query<{ body: string }>('select body from payloads limit 1')
  return rows[0]?.body ?? ''
}

async function openSubject(bench: Bench, name: string, body: string): Promise<Child<SubjectMethods>> {
  const { world, origins } = bench
  const env = { HEARBACK_DELIVERY_CONCURRENCY: String(inFlight) }
  const subject = await bench.startMeasured<SubjectMethods>('subjects/subject-process.ts', env)
  const ours = name === product || name === control
  const setting: SubjectSetting = {
    databaseUrl: ours
      ? (world.env.DATABASE_URL ?? '')
      : await world.createDatabase(`peer_${name.replaceAll('-', '_')}`),
    targets: origins.map((origin) => ({
      url: `${origin}/hook`,
      secret: `whsec_${randomBytes(32).toString('base64')}`,
    })),
    inFlight,
    body,
    apiKeys: world.apiKeys,
  }
  await subject.call('open', name, setting)
  return subject
}

async function runRound(
  { world, receiver, waitForIdle }: Bench,
  subject: Child<SubjectMethods>,
  jobs: number,
): Promise<Round> {
  await subject.call('prepare', jobs)
  await receiver.call('reset')
  await waitForIdle()
  const read = meterCpu(subject.pid, world.postmaster, [receiver.pid])
  const seconds = await subject.call('run')
  const cpu = read()
  await subject.call('stop')
  const { calls, repeated } = await receiver.call('count')
  if (calls !== jobs || repeated > 0) throw new Error(`${jobs} jobs made ${calls} calls, ${repeated} of them repeated`)
  return {
    perSecond: jobs / seconds,
    nodeMicros: (cpu.node / jobs) * 1e6,
    postgresMicros: (cpu.postgres / jobs) * 1e6,
    others: cpu.others,
  }
}

/** The ceiling's figure around round `i`. The ceiling's own rounds are compared with themselves. */
function ceilingAt(i: number, rounds: Round[], ceiling: Round[], key: 'perSecond' | 'nodeMicros'): number {
  const before = ceiling[i]?.[key] ?? Number.NaN
  return rounds === ceiling ? before : (before + (ceiling[i + 1]?.[key] ?? before)) / 2
}

const summary = (rounds: Round[], ceiling: Round[]): SubjectFigures => ({
  perSecond: figure(rounds.map((round) => round.perSecond)),
  ratio: figure(
    rounds.map((round, i) => round.perSecond / ceilingAt(i, rounds, ceiling, 'perSecond')),
    3,
  ),
  cpuRatio: figure(
    rounds.map((round, i) => ceilingAt(i, rounds, ceiling, 'nodeMicros') / round.nodeMicros),
    3,
  ),
  nodeMicros: figure(
    rounds.map((round) => round.nodeMicros),
    1,
  ),
  postgresMicros: figure(
    rounds.map((round) => round.postgresMicros),
    1,
  ),
  others: figure(
    rounds.map((round) => round.others),
    2,
  ),
})
