import type pg from 'pg'
import { noteDiskFull, wasDiskFull } from '../db/disk-full'
import { daysAhead } from '../db/history-upkeep'
import { newId } from '../db/ids'
import { json } from './problem'
import type { Handler } from './route'

const daysAtLeast = 2
const keptForMs = 5_000

/**
 * Makes the handler of GET /api/health: 200 when an event could be taken now and tomorrow, else 503 with the reason. What
 * was found out counts for 5 s, so that nobody can have the database written to more often.
 */
export function openHealth(db: pg.Pool, { now = () => performance.now() } = {}): Handler {
  let known: { at: number; reason: Promise<string | undefined> } | undefined
  return async () => {
    if (!known || now() - known.at >= keptForMs) known = { at: now(), reason: findReason(db) }
    const reason = (await known.reason) ?? (wasDiskFull(now()) ? diskFull : undefined)
    return reason === undefined ? json({ status: 'ready' }) : json({ status: 'not ready', reason }, 503)
  }
}

const diskFull = 'the disk of the database is full'

/** Why no event could be taken. The errors themselves may name hosts and users: the log has them, a public answer does not. */
async function findReason(db: pg.Pool): Promise<string | undefined> {
  try {
    const days = await daysAhead(db)
    if (days < daysAtLeast) return `partitions reach ${days} days ahead; ${daysAtLeast} are needed`
    await tryWrite(db)
  } catch (error) {
    noteDiskFull(error)
    const { code } = error as { code?: string }
    if (code === '53100') return diskFull
    if (code === '25006') return 'the database is read-only'
    return /^[0-9A-Z]{5}$/.test(code ?? '') && !code?.startsWith('57')
      ? `the database takes no event (SQLSTATE ${code})`
      : 'the database does not answer'
  }
}

/** Writes an event and rolls it back. Throws what PostgreSQL says. */
async function tryWrite(db: pg.Pool): Promise<void> {
  const client = await db.connect()
  let broken = false
  try {
    await client.query('begin')
    await client.query(
      `insert into events (account_id, id, type, source_id, subject_id, data, decisions) values ($1, $2, 'health', $1, '', '', '{}')`,
      [newId(), newId()],
    )
  } finally {
    await client.query('rollback').catch(() => {
      broken = true
    })
    client.release(broken)
  }
}
