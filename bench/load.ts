import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from './child'
import { type Connection, openConnection } from './load-connection'
import { quantile } from './statistics'
import { openWallClock } from './wall-clock'

// The process that posts events.

/** `p50`, `p99`: milliseconds from the request to its answer. */
export type Load = { requests: number; refused: number; seconds: number; p50: number; p99: number }
export type PacedLoad = Load & {
  /** The number of the first event, and when the request of each began, in milliseconds since 1970. */
  first: number
  began: Float64Array
  /** How late the generator itself sent what a free connection waited for, in milliseconds. */
  lateP99: number
}

let port = 0
let apiKeys: string[] = []
/** The number of the next event. No number is used twice, because the hub would treat that as a duplicate. */
let next = 0

async function withConnections<T>(
  count: number,
  eventsPerRequest: number,
  use: (connections: Connection[]) => Promise<T>,
): Promise<T> {
  const opening = Array.from({ length: count }, (_, i) =>
    openConnection(port, apiKeys[i % apiKeys.length] as string, eventsPerRequest),
  )
  const connections = await Promise.all(opening)
  try {
    return await use(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

/** Counts answers, and records how long each took. */
function openTally() {
  const durations: number[] = []
  let refused = 0
  const began = performance.now()
  return {
    began,
    count(status: number, startedAt: number) {
      durations.push(performance.now() - startedAt)
      if (status !== 202) refused++
    },
    result: (): Load => ({
      requests: durations.length,
      refused,
      seconds: (performance.now() - began) / 1000,
      p50: quantile(durations, 0.5),
      p99: quantile(durations, 0.99),
    }),
  }
}

const methods = {
  aim(at: { port: number; apiKeys: string[] }) {
    port = at.port
    apiKeys = at.apiKeys
  },

  /** Every connection posts again as soon as it is answered. */
  saturate: (connections: number, eventsPerRequest: number, seconds: number): Promise<Load> =>
    withConnections(connections, eventsPerRequest, async (all) => {
      const tally = openTally()
      const work = async (connection: Connection) => {
        while (performance.now() - tally.began < seconds * 1000) {
          const startedAt = performance.now()
          const first = next
          next += eventsPerRequest
          tally.count(await connection.post(first), startedAt)
        }
      }
      await Promise.all(all.map(work))
      return tally.result()
    }),

  /** Posts this many single events, or as many as 10 s allow. */
  warmUp: (requests: number): Promise<void> =>
    withConnections(64, 1, async (all) => {
      const began = performance.now()
      const last = next + requests
      const work = async (connection: Connection) => {
        while (next < last && performance.now() - began < 10_000) await connection.post(next++)
      }
      await Promise.all(all.map(work))
    }),

  /**
   * Posts single events at a steady rate, whether or not earlier ones were answered: an open loop. A duration counts from
   * the request; when no connection was free, from when the request was due, so that a stall shows although fewer requests
   * are sent during it.
   */
  pace: (connections: number, rate: number, seconds: number): Promise<PacedLoad> =>
    withConnections(connections, 1, async (all) => {
      // First in, first out, so that accounts alternate at any rate.
      const idle = [...all]
      let sent = 0
      let wasFull = false
      let failure: Error | undefined
      const first = next
      const began = new Float64Array(Math.ceil(rate * seconds) + 1)
      const late: number[] = []
      const now = openWallClock()
      const tally = openTally()
      const offset = now() - performance.now()
      const post = async (connection: Connection, startedAt: number) => {
        tally.count(await connection.post(next++), startedAt)
        idle.push(connection)
      }
      const elapsed = () => (performance.now() - tally.began) / 1000
      while ((elapsed() < seconds || idle.length < all.length) && !failure) {
        // Nothing is sent after the end, however far behind the hub is. The measured rate shows that.
        const due = elapsed() < seconds ? Math.floor(elapsed() * rate) + 1 : sent
        while (sent < due && idle.length > 0) {
          const dueAt = tally.began + (sent / rate) * 1000
          const startedAt = wasFull ? dueAt : performance.now()
          if (!wasFull) late.push(startedAt - dueAt)
          began[sent++] = startedAt + offset
          post(idle.shift() as Connection, startedAt).catch((error: Error) => {
            failure = error
          })
        }
        wasFull = sent < due
        await sleep(1)
      }
      if (failure) throw failure
      return { ...tally.result(), first, began: began.slice(0, sent), lateP99: quantile(late, 0.99) }
    }),
}
export type LoadMethods = typeof methods

serve(methods)
