import type pg from 'pg'
import { showId } from '@/lib/type-id'
import { appRoutes } from '@/scripts/app-routes'
import type { Sender } from './hub-database'

// The paths of every page of the app, for an account that has a call, an event, a webhook and a source. They follow from the
// files, so that a new page is measured too.

/** `left`: routes whose parameters are not known here. */
export type PagePaths = { paths: string[]; left: string[] }

export async function pagePaths(pool: pg.Pool, { accountId }: Sender): Promise<PagePaths> {
  const newest = async (table: string) => {
    const { rows } = await pool.query<{ id: string }>(
      `select id from ${table} where account_id = $1 order by id desc limit 1`,
      [accountId],
    )
    return rows[0]?.id ?? ''
  }
  const ids: Record<string, string> = {
    calls: showId('call', await newest('calls')),
    events: showId('event', await newest('events')),
    webhooks: showId('webhook', await newest('webhooks')),
    sources: showId('source', await newest('sources')),
  }
  const paths: string[] = []
  const left: string[] = []
  for (const route of appRoutes()) {
    const path = route.replace(/\/([^/]+)\/\[id\]/, (whole, kind: string) =>
      ids[kind] ? `/${kind}/${ids[kind]}` : whole,
    )
    ;(path.includes('[') ? left : paths).push(path)
  }
  return { paths, left }
}
