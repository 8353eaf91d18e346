// How much is measured. The rounds of a part continue until its share of the time is used; at least `rounds` are made.

export type Plan = {
  /** The run ends after this long, even if parts are missing. */
  seconds: number
  /** The most seconds, in all, of waiting until other programs use little of the machine. */
  patience: number
  /** This many requests are sent before a measurement over HTTP, so that its code is compiled. */
  warmUpRequests: number
  deliveries: { rounds: number; roundsAtMost: number; seconds: number; jobs: number; controlJobs: number }
  latency: { rounds: number; roundsAtMost: number; seconds: number; rates: number[]; each: number; warmUp: number }
  ingest: { rounds: number; roundsAtMost: number; seconds: number; each: number; warmUp: number }
  fairness: { rounds: number; roundsAtMost: number; seconds: number; jobs: number; rate: number; each: number }
}

const rates = [200, 1000, 5000]

export const fullPlan: Plan = {
  seconds: 480,
  patience: 100,
  warmUpRequests: 20_000,
  deliveries: { rounds: 3, roundsAtMost: 15, seconds: 130, jobs: 12_000, controlJobs: 20_000 },
  latency: { rounds: 3, roundsAtMost: 3, seconds: 110, rates, each: 8, warmUp: 1 },
  ingest: { rounds: 3, roundsAtMost: 5, seconds: 70, each: 4, warmUp: 1 },
  fairness: { rounds: 3, roundsAtMost: 5, seconds: 150, jobs: 20_000, rate: 500, each: 8 },
}

export const quickPlan: Plan = {
  seconds: 150,
  patience: 8,
  warmUpRequests: 6_000,
  deliveries: { rounds: 1, roundsAtMost: 4, seconds: 30, jobs: 8_000, controlJobs: 12_000 },
  latency: { rounds: 1, roundsAtMost: 2, seconds: 30, rates, each: 4, warmUp: 0.5 },
  ingest: { rounds: 1, roundsAtMost: 2, seconds: 20, each: 2.5, warmUp: 0.5 },
  fairness: { rounds: 1, roundsAtMost: 1, seconds: 40, jobs: 8_000, rate: 500, each: 6 },
}

/** Runs `round` as often as this part of the plan says. */
export async function repeat(
  part: { rounds: number; roundsAtMost: number; seconds: number },
  round: () => Promise<void>,
): Promise<void> {
  const began = performance.now()
  for (let done = 0; done < part.roundsAtMost; done++) {
    const used = (performance.now() - began) / 1000
    const another = used * (1 + 1 / Math.max(done, 1))
    if (done >= part.rounds && another > part.seconds) return
    await round()
  }
}
