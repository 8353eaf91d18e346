import { fork } from 'node:child_process'
import type pg from 'pg'
import { ConfigurationError } from '../env'
import { keepChild } from './kept-child'

// HEARBACK_WORKERS: drainers of their own process beside the hub's, for machines with more than two cores. Each runs the
// compiled server.ts in the role "worker".

/** A worker that stops ends its calls first, as at SIGTERM. The hub itself has 35 s. */
const patienceMs = 33_000

/** The argument of a worker that lives as long as its channel to the hub. */
export const ofHub = '--of-hub'

/** Sessions of a process: two pools of ten and the session of its drain. */
const sessionsOfDrainer = 21
/** The pages have a pool of ten. */
const sessionsOfPages = 10

/** How many sessions of the database a hub with this many drainers opens at most. */
export const sessionsOf = (workers: number): number => sessionsOfPages + workers * sessionsOfDrainer

/** Throws ConfigurationError when the database does not allow the sessions that `workers` drainers need. */
export async function checkSessions(pool: pg.Pool, workers: number): Promise<void> {
  const { rows } = await pool.query<{ allowed: number }>(`
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true), '0')::int as allowed`)
  const allowed = rows[0]?.allowed ?? 0
  const wanted = sessionsOf(workers)
  if (wanted <= allowed) return
  throw new ConfigurationError(
    `HEARBACK_WORKERS=${workers} needs ${wanted} connections, and the database allows ${allowed}: raise max_connections, or set HEARBACK_WORKERS to ${Math.max(Math.floor((allowed - sessionsOfPages) / sessionsOfDrainer), 1)} or less`,
  )
}

type Options = {
  /** The compiled server.ts. */
  file: string
  /** How many drainers in all; this process is one of them. */
  workers: number
  /** Called each time one has ended by itself. */
  onEnd(words: string): void
}

/** Starts the other drainers. A process that ends by itself is started again. `stop` lets them end their calls. */
export function startWorkers({ file, workers, onEnd }: Options): { stop(): Promise<void> } {
  const env = { ...process.env, HEARBACK_ROLE: 'worker', HEARBACK_WORKERS: '1' }
  const children = Array.from({ length: workers - 1 }, () =>
    keepChild({
      create: () =>
        fork(file, [ofHub], { env, execArgv: process.execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
      patienceMs,
      onEnd: (reason, pauseMs) => onEnd(`A worker ended (${reason}) and is started again in ${pauseMs} ms`),
    }),
  )
  for (const child of children) child.start()
  return {
    async stop() {
      await Promise.all(children.map((child) => child.stop()))
    },
  }
}
