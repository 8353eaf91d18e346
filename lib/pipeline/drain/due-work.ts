import type pg from 'pg'
import { erasuresDue } from '../../erasure/run-erasures'
import { jobsDue } from '../../recovery/run-jobs'
import { healthDue } from '../health/health-upkeep'
import { abandonedDue, probesDue, rowsDue } from '../queue/claim'
import { drainersAbsent } from '../queue/drainers'

// The one statement of a drainer that has nothing to do: which of its tasks there is work for. Each task asks again for
// itself, so a wrong yes costs a statement. Nobody announces what becomes due by time.

/** For each task of a drainer, whether there may be work. */
export type DueWork = {
  rows: boolean
  /** Rows with many abandoned claims. */
  abandoned: boolean
  probes: boolean
  /** Time-based health transitions. */
  health: boolean
  /** A drainer without a session. */
  drainers: boolean
  recovery: boolean
  erasures: boolean
}

const text = `select ${rowsDue} as rows, ${abandonedDue} as abandoned, ${probesDue} as probes, ${healthDue} as health,
  ${drainersAbsent} as drainers, ${jobsDue} as recovery, ${erasuresDue} as erasures`

export async function findDueWork(session: Pick<pg.Client, 'query'>): Promise<DueWork> {
  const { rows } = await session.query<DueWork>({ name: 'due-work', text })
  return rows[0] as DueWork
}
