import type pg from 'pg'
import type { Claimer } from '../queue/claimed-row'
import { type AbsentDrainer, endClaimsOf, findAbsentDrainers } from '../queue/drainers'

// Finds the drainers that died, and makes due what they had claimed: without this it would wait for the end of its lease.

/** Eight times what a living drainer waits before it opens its session again after it was cut. */
export const absentForMs = 2_000

/**
 * Watches on one session and returns the look to take every second; it resolves to how many rows it made due. A drainer is
 * dead when each look of `absentForMs` found it without a session. If the database restarted meanwhile, a living drainer
 * may still be on its way back, so its leases are waited for; unless `sameMachine` (every drainer of this database runs on
 * this machine) and its process is gone.
 */
export function watchDrainers(session: Pick<pg.Client, 'query'>, { leaseMs }: Claimer, sameMachine: boolean) {
  let earlier = new Map<number, Absence>()
  return async (): Promise<number> => {
    const now = performance.now()
    const absences = new Map<number, Absence>()
    for (const drainer of await findAbsentDrainers(session)) {
      const before = earlier.get(drainer.id)
      // It may have come and gone between two looks.
      const absentSince = before?.since === drainer.since ? before.absentSince : now
      absences.set(drainer.id, { ...drainer, absentSince })
    }
    earlier = absences
    const mayLive = ({ pid, before_restart }: Absence) => before_restart && !(sameMachine && !isRunning(pid))
    const dead = [...absences.values()].filter(
      (absence) => now - absence.absentSince >= (mayLive(absence) ? leaseMs : absentForMs),
    )
    if (dead.length === 0) return 0
    return endClaimsOf(
      session,
      dead.map(({ id }) => id),
    )
  }
}

/** `absentSince`: by the monotonic clock. */
type Absence = AbsentDrainer & { absentSince: number }

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It runs, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
