import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Queryable } from '../db/client'
import type { CallFilter } from './call-filter'
import { type CallPage, readCallLog } from './call-log'
import { type CallLine, listCalls } from './call-queries'

// Live lists. Every open page polls once a second. All pages with the same list share one query and its answer.

const maxAgeMs = 1000

type List = { accountId: string; wholeUrls: boolean; filter?: CallFilter }
export type Live<Seen> = { etag: string; seen: Seen }

/** A reader whose answers to equal questions are shared for a second. `Asked` is plain data, and names the account. */
export function live<Asked extends { accountId: string }, Seen extends object>(
  read: (db: Queryable, asked: Asked) => Promise<Seen>,
) {
  const cache = new LRUCache<string, Live<Seen>, Queryable>({
    max: 2000,
    ttl: maxAgeMs,
    ttlResolution: 0,
    fetchMethod: async (key, _, { context: db }) => {
      const seen = await read(db, JSON.parse(key))
      return { seen, etag: `"${createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 22)}"` }
    },
  })
  return (db: Queryable, asked: Asked) => cache.forceFetch(JSON.stringify(asked), { context: db })
}

const latest = live<List, CallLine[]>((db, { accountId, wholeUrls }) => listCalls(db, accountId, { wholeUrls }))
const firstPage = live<List, CallPage>((db, { accountId, wholeUrls, filter = { result: 'all' } }) =>
  readCallLog(db, accountId, { filter, wholeUrls }),
)

/** The 20 latest calls and their ETag. The answer is at most a second old. */
export const liveCalls = (db: Queryable, accountId: string, wholeUrls: boolean): Promise<Live<CallLine[]>> =>
  latest(db, { accountId, wholeUrls })

/** The first page of the call log and its ETag, at most a second old. */
export const liveCallLog = (
  db: Queryable,
  accountId: string,
  wholeUrls: boolean,
  filter: CallFilter,
): Promise<Live<CallPage>> => firstPage(db, { accountId, wholeUrls, filter })

/** The response to a poll: 304 without a body when the ETag has not changed. */
export function answerLive(request: Request, { etag, seen }: Live<object>): Response {
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return Response.json(seen, { headers })
}
