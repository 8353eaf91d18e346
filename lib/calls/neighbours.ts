import type { Queryable } from '../db/client'
import type { CallFilter } from './call-filter'
import { listCalls } from './call-queries'

/** The ids of the calls beside one in its list; undefined at an end of it. */
export type Neighbours = { newer: string | undefined; older: string | undefined }

/** The calls beside one in the list with this filter. */
export async function readNeighbours(
  db: Queryable,
  accountId: string,
  callId: string,
  filter: CallFilter,
): Promise<Neighbours> {
  const beside = async (backward: boolean) =>
    (await listCalls(db, accountId, { limit: 1, from: callId, backward, filter, wholeUrls: false }))[0]?.id
  const [newer, older] = await Promise.all([beside(true), beside(false)])
  return { newer, older }
}
