import { and, gte, lt, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { env } from '../env'
import { floorId, hubTime } from './ids'

const dayMs = 86_400_000

/**
 * Bounds a query on a history table to the days that are kept, so that it plans over no more partitions than those.
 * `sinceMs`: when what is looked for can't be older, such as the calls of a delivery.
 */
export function keptHistory(id: PgColumn, sinceMs = 0): SQL {
  const now = hubTime()
  const oldest = Math.max(now - (env().HEARBACK_RETENTION_DAYS + 2) * dayMs, sinceMs)
  // Another process's clock may be a little ahead of this one's.
  return and(gte(id, floorId(oldest)), lt(id, floorId(now + dayMs))) as SQL
}
