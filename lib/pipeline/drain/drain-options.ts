import type pg from 'pg'
import type { Log } from '../../log'
import type { Targets } from '../deliver/targets'

export type DrainOptions = {
  /** A pool opened with `pipeline: true`. */
  db: pg.Pool
  targets: Targets
  /** Calls in flight at once. */
  concurrency: number
  /** This drainer's number: its row in `drainers`, and the advisory lock of its session. */
  drainerId: number
  /** How long a claim lasts, in milliseconds. */
  leaseMs?: number
  log: Log
  /** Random numbers in [0, 1). */
  random?: () => number
}

/** What a drain has done since it started. */
export type DrainCounts = { delivered: number; failed: number; cancelled: number; exhausted: number }
