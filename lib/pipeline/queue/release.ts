import type pg from 'pg'
import { inMs } from '../../db/sql-time'
import type { LeasedRow } from './claimed-row'
import { leasedRows } from './leased-rows'

/** Makes claimed rows due again after their `delay_ms` milliseconds. No call was made, so no attempt is counted. */
export async function release(db: pg.Pool, rows: (LeasedRow & { delay_ms: number })[]): Promise<void> {
  const text = `
    with r as materialized (select * from json_to_recordset($1) as r(account_id uuid, delivery_id uuid, lease int)),
      mine as materialized (${leasedRows})
    update queue q set abandoned_claims = greatest(q.abandoned_claims - 1, 0), drainer_id = null,
      run_at = ${inMs('$2::jsonb ->> q.delivery_id::text')}
    where q.ctid = any(array(select at from mine))`
  const delays = Object.fromEntries(rows.map((row) => [row.delivery_id, Math.round(row.delay_ms)]))
  await db.query({ name: 'release', text, values: [JSON.stringify(rows), JSON.stringify(delays)] })
}
