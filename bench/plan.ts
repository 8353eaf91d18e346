// How much is measured. The rounds of a part continue until its share of the time is used; at least `rounds` are made.

export type Rounds = { rounds: number; roundsAtMost: number; seconds: number }
export type DeliveriesPlan = Rounds & { jobs: number; controlJobs: number }

export type Plan = {
  /** The most seconds, in all, of waiting until other programs use little of the machine. */
  patience: number
  /** This many requests are sent before a measurement over HTTP, so that its code is compiled. */
  warmUpRequests: number
  deliveries: DeliveriesPlan
  drain: DeliveriesPlan
  latency: Rounds & { rates: number[]; each: number; warmUp: number }
  throughput: Rounds & { each: number }
  /** `sizes`: how many events a request has. */
  ingest: Rounds & { sizes: number[]; each: number; warmUp: number }
  fanOut: Rounds & { deliveries: number; rate: number; each: number }
  fairness: Rounds & { jobs: number; rate: number; each: number }
  pages: { rounds: number; rate: number }
  /** `sizes`: the numbers of stored calls. */
  history: Rounds & { sizes: number[]; jobs: number }
  log: { rounds: number }
  idle: { seconds: number }
  bytes: { events: number }
  lighthouse: { runs: number }
  /** `calls`: stored calls of days past their retention. */
  retention: { minutes: number; calls: number; rate: number }
}

const rates = [200, 1000, 5000]
const sizes = [1, 100, 1000]

export const fullPlan: Plan = {
  patience: 100,
  warmUpRequests: 20_000,
  deliveries: { rounds: 3, roundsAtMost: 15, seconds: 130, jobs: 12_000, controlJobs: 20_000 },
  drain: { rounds: 3, roundsAtMost: 3, seconds: 0, jobs: 100_000, controlJobs: 100_000 },
  latency: { rounds: 3, roundsAtMost: 3, seconds: 110, rates, each: 8, warmUp: 1 },
  throughput: { rounds: 3, roundsAtMost: 3, seconds: 110, each: 5 },
  ingest: { rounds: 3, roundsAtMost: 5, seconds: 70, sizes, each: 4, warmUp: 1 },
  fanOut: { rounds: 3, roundsAtMost: 5, seconds: 60, deliveries: 20_000, rate: 200, each: 8 },
  fairness: { rounds: 3, roundsAtMost: 5, seconds: 150, jobs: 20_000, rate: 500, each: 8 },
  pages: { rounds: 30, rate: 300 },
  history: { rounds: 3, roundsAtMost: 5, seconds: 120, sizes: [0, 1_000_000, 10_000_000], jobs: 20_000 },
  log: { rounds: 100 },
  idle: { seconds: 60 },
  bytes: { events: 20_000 },
  lighthouse: { runs: 3 },
  retention: { minutes: 60, calls: 1_000_000, rate: 200 },
}

export const quickPlan: Plan = {
  patience: 8,
  warmUpRequests: 6_000,
  deliveries: { rounds: 1, roundsAtMost: 4, seconds: 30, jobs: 8_000, controlJobs: 12_000 },
  drain: { rounds: 1, roundsAtMost: 1, seconds: 0, jobs: 30_000, controlJobs: 30_000 },
  latency: { rounds: 1, roundsAtMost: 2, seconds: 30, rates, each: 4, warmUp: 0.5 },
  throughput: { rounds: 1, roundsAtMost: 2, seconds: 20, each: 3 },
  ingest: { rounds: 1, roundsAtMost: 2, seconds: 20, sizes, each: 2.5, warmUp: 0.5 },
  fanOut: { rounds: 1, roundsAtMost: 2, seconds: 20, deliveries: 5_000, rate: 200, each: 4 },
  fairness: { rounds: 1, roundsAtMost: 1, seconds: 40, jobs: 8_000, rate: 500, each: 6 },
  pages: { rounds: 8, rate: 200 },
  history: { rounds: 1, roundsAtMost: 2, seconds: 30, sizes: [0, 20_000, 100_000], jobs: 5_000 },
  log: { rounds: 20 },
  idle: { seconds: 15 },
  bytes: { events: 5_000 },
  lighthouse: { runs: 1 },
  retention: { minutes: 3, calls: 20_000, rate: 100 },
}

/** That of gate.ts, which takes about a minute. */
export const gatePlan: Plan = {
  ...quickPlan,
  patience: 0,
  warmUpRequests: 1500,
  deliveries: { rounds: 1, roundsAtMost: 1, seconds: 0, jobs: 4_000, controlJobs: 6_000 },
  latency: { rounds: 1, roundsAtMost: 1, seconds: 0, rates: [200], each: 2, warmUp: 0.3 },
  ingest: { rounds: 1, roundsAtMost: 1, seconds: 0, sizes: [1, 100], each: 1.5, warmUp: 0.3 },
}

/** Runs `round` as often as this part of the plan says. */
export async function repeat(part: Rounds, round: () => Promise<void>): Promise<void> {
  const began = performance.now()
  for (let done = 0; done < part.roundsAtMost; done++) {
    const used = (performance.now() - began) / 1000
    const another = used * (1 + 1 / Math.max(done, 1))
    if (done >= part.rounds && another > part.seconds) return
    await round()
  }
}
