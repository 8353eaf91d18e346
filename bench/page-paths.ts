import type pg from 'pg'
import { makeCallLink } from '@/lib/calls/call-links'
import { openDatabase } from '@/lib/db/client'
import { showId } from '@/lib/type-id'
import { appRoutes } from '@/scripts/app-routes'
import type { Sender } from './hub-database'

// The paths of every page of the app, for an account that has a call, an event with feedback, a webhook and a source. They
// follow from the files, so that a new page is measured too.

/** `left`: routes whose parameters are not known here. */
export type PagePaths = { paths: string[]; left: string[] }

export async function pagePaths(pool: pg.Pool, { accountId, userId }: Sender): Promise<PagePaths> {
  const newest = async (table: string) => {
    const { rows } = await pool.query<{ id: string }>(
      `select id from ${table} where account_id = $1 order by id desc limit 1`,
      [accountId],
    )
    return rows[0]?.id ?? ''
  }
  const callId = await newest('calls')
  const linked = await makeCallLink(openDatabase(pool), { accountId, userId }, { callId, personal: false })
  if (!linked.ok) throw new Error('the call has no link')
  const ids: Record<string, string> = {
    calls: showId('call', callId),
    events: showId('event', await newest('events')),
    feedback: showId('feedback', await newest('feedback')),
    webhooks: showId('webhook', await newest('webhooks')),
    sources: showId('source', await newest('sources')),
  }
  const paths: string[] = []
  const left: string[] = []
  for (const route of appRoutes()) {
    const path = route
      .replace(/\/([^/]+)\/\[id\]/, (whole, kind: string) => (ids[kind] ? `/${kind}/${ids[kind]}` : whole))
      .replace('/shared/[token]', linked.value.path)
    ;(path.includes('[') ? left : paths).push(path)
  }
  return { paths, left }
}
