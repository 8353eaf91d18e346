import type pg from 'pg'

// Gives back the disk of a queue that was large and is no longer. Vacuum cannot: it removes no page of an index that still
// has one row, and no page of a table before the last row.

/** Below this size, in bytes, a queue is left as it is: a busy one has some megabytes of rows that are just gone. */
const largeFrom = 8 * 2 ** 20
/** What a row needs with its index entries, in bytes, with as much again to grow into. */
const perRow = 1_000
/** More rows would take too long to copy: a third of a second, in which nothing is queued. */
const rowsAtMost = 50_000
/** With more dead rows, vacuum comes first; or a transaction holds a snapshot, and they would be copied. */
const deadAtMost = 10_000

const lockWithinMs = 50
const copyWithinMs = 5_000

/**
 * Rewrites the queue where that makes it a good deal smaller, and returns whether it did. Statements wait for the copy, but
 * none for a lock that does not come: then it is left to the next call.
 */
export async function shrinkQueue(db: pg.Pool): Promise<boolean> {
  const { rows } = await db.query<{ bytes: number; rows: number; dead: number }>(
    `select pg_total_relation_size('queue') as bytes, pg_stat_get_dead_tuples('queue'::regclass) as dead,
       case when pg_total_relation_size('queue') < $1 then 0
         else (select count(*) from (select from queue limit $2) counted) end as rows`,
    [largeFrom, rowsAtMost + 1],
  )
  const { bytes = 0, rows: live = 0, dead = 0 } = rows[0] ?? {}
  if (bytes < largeFrom + live * perRow || live > rowsAtMost || dead > deadAtMost) return false
  const session = await db.connect()
  try {
    await session.query(`set lock_timeout = ${lockWithinMs}; set statement_timeout = ${copyWithinMs}`)
    await session.query('vacuum (full) queue')
    return true
  } catch (error) {
    if (isGivenUp(error)) return false
    throw error
  } finally {
    // Destroyed, and not given back with these limits.
    session.release(true)
  }
}

/** The lock did not come, or the copy took too long. */
const isGivenUp = (error: unknown) => ['55P03', '57014'].includes((error as { code?: string }).code ?? '')
