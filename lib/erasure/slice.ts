import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../db/client'
import type { erasures } from '../db/erasure-schema'
import type { ErasureInput } from './erasure-schema'

/** An erasure as its steps work on it. `erases`: it is confirmed; otherwise it only counts. */
export type Erasure = Pick<typeof erasures.$inferSelect, 'state' | 'cursor'> & {
  accountId: string
  id: string
  phase: NonNullable<(typeof erasures.$inferSelect)['phase']>
  untilMs: number
  input: ErasureInput
  erases: boolean
}

/** Rows of a table from beyond `after` up to `to`. */
export type Slice = { after: string; to: string }

export const inSlice = (id: SQL, { after, to }: Slice): SQL => sql`${id} > ${after}::uuid and ${id} <= ${to}::uuid`

const first = '00000000-0000-0000-0000-000000000000'

/**
 * The next rows of a table in the order of their ids, `atMost` and all before `below`; undefined when there are none.
 * `last`: there are none beyond it.
 */
export async function nextSlice(
  tx: Transaction,
  { accountId, cursor }: Erasure,
  { table, id, atMost, below }: { table: string; id: string; atMost: number; below: string },
): Promise<(Slice & { last: boolean }) | undefined> {
  const after = cursor ?? first
  const { rows } = await tx.execute<{ to: string; n: number }>(sql`
    select ${sql.raw(id)} as "to", count(*) over ()::int as n from (
      select ${sql.raw(id)} from ${sql.raw(table)}
      where account_id = ${accountId} and ${sql.raw(id)} > ${after}::uuid and ${sql.raw(id)} < ${below}::uuid
      order by ${sql.raw(id)} limit ${atMost}) slice
    order by 1 desc limit 1`)
  const [row] = rows
  return row && { after, to: row.to, last: row.n < atMost }
}
