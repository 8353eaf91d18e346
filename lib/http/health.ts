import type pg from 'pg'
import { daysAhead } from '../db/history-upkeep'
import { json } from './problem'
import type { Handler } from './route'

const daysAtLeast = 2

/** Makes the handler of GET /api/health: 200 when events can be taken today and tomorrow, else 503 with the reason. */
export const openHealth =
  (db: pg.Pool): Handler =>
  async () => {
    try {
      const days = await daysAhead(db)
      if (days >= daysAtLeast) return json({ status: 'ready' })
      return json(
        { status: 'not ready', reason: `partitions reach ${days} days ahead; ${daysAtLeast} are needed` },
        503,
      )
    } catch {
      // The error itself may name hosts and users: the log has it, a public answer does not.
      return json({ status: 'not ready', reason: 'the database does not answer' }, 503)
    }
  }
