import type { Bench } from './bench'
import { measureBytes, printBytes } from './measure-bytes'
import { measureDeliveries, printDeliveries } from './measure-deliveries'
import { measureFairness, printFairness } from './measure-fairness'
import { measureFanOut, printFanOut } from './measure-fan-out'
import { measureHistory, printHistory } from './measure-history'
import { measureIdle, printIdle } from './measure-idle'
import { bareInsert, measureIngest, printIngest } from './measure-ingest'
import { measureLatency, printLatency } from './measure-latency'
import { measureLighthouse, printLighthouse } from './measure-lighthouse'
import { measureLog, printLog } from './measure-log'
import { measurePages, printPages } from './measure-pages'
import { measurePauses, printPauses } from './measure-pauses'
import { measureRetention, printRetention } from './measure-retention'
import { measureStart, printStart } from './measure-start'
import { measureThroughput, printThroughput } from './measure-throughput'

// What can be measured, in the order in which a run measures it.

export type Part = {
  name: string
  /** It ends after this many seconds, even if figures are missing: in a full run, and in a quick one. */
  limit: number
  quickLimit: number
  /** Whether a run measures it without being asked. */
  byDefault: 'always' | 'full' | 'never'
  /** Measures, and returns the figures and the function that prints them. `peers`: names of files in subjects/. */
  run(bench: Bench, peers: string[]): Promise<{ figures: unknown; print(): void }>
}

const part = <T>(
  setting: Omit<Part, 'run'>,
  measure: (bench: Bench, peers: string[]) => Promise<T>,
  print: (figures: T) => void,
): Part => ({
  ...setting,
  async run(bench, peers) {
    const figures = await measure(bench, peers)
    return { figures, print: () => print(figures) }
  },
})

export const parts: Part[] = [
  part(
    { name: 'deliveries', limit: 900, quickLimit: 120, byDefault: 'always' },
    (bench, peers) => measureDeliveries(bench, bench.plan.deliveries, peers),
    printDeliveries,
  ),
  part(
    { name: 'latency', limit: 1500, quickLimit: 240, byDefault: 'always' },
    (bench, peers) => measureLatency(bench, [bareInsert, ...peers]),
    printLatency,
  ),
  part(
    { name: 'throughput', limit: 900, quickLimit: 180, byDefault: 'full' },
    (bench, peers) => measureThroughput(bench, [bareInsert, ...peers]),
    printThroughput,
  ),
  part(
    { name: 'ingest', limit: 600, quickLimit: 120, byDefault: 'always' },
    (bench, peers) => measureIngest(bench, [bareInsert, ...peers]),
    printIngest,
  ),
  part(
    { name: 'drain', limit: 3000, quickLimit: 240, byDefault: 'full' },
    (bench, peers) => measureDeliveries(bench, bench.plan.drain, peers),
    printDeliveries,
  ),
  part(
    { name: 'fan-out', limit: 1500, quickLimit: 240, byDefault: 'full' },
    (bench, peers) => measureFanOut(bench, [bareInsert, ...peers]),
    printFanOut,
  ),
  part({ name: 'fairness', limit: 600, quickLimit: 150, byDefault: 'full' }, measureFairness, printFairness),
  part({ name: 'pauses', limit: 240, quickLimit: 150, byDefault: 'full' }, measurePauses, printPauses),
  part({ name: 'start', limit: 180, quickLimit: 150, byDefault: 'full' }, measureStart, printStart),
  part({ name: 'bytes', limit: 300, quickLimit: 120, byDefault: 'full' }, measureBytes, printBytes),
  part({ name: 'idle', limit: 600, quickLimit: 300, byDefault: 'full' }, measureIdle, printIdle),
  // The first of these three makes the longest history.
  part({ name: 'history', limit: 3600, quickLimit: 300, byDefault: 'full' }, measureHistory, printHistory),
  part({ name: 'log', limit: 3600, quickLimit: 240, byDefault: 'full' }, measureLog, printLog),
  part({ name: 'pages', limit: 3600, quickLimit: 300, byDefault: 'full' }, measurePages, printPages),
  part({ name: 'lighthouse', limit: 3600, quickLimit: 1800, byDefault: 'never' }, measureLighthouse, printLighthouse),
  part({ name: 'retention', limit: 3 * 3600, quickLimit: 900, byDefault: 'never' }, measureRetention, printRetention),
]
