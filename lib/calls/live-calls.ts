import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Queryable } from '../db/client'
import type { CallFilter } from './call-filter'
import { type CallPage, readCallLog } from './call-log'
import { type CallLine, listCalls } from './call-queries'

// The live lists: every open page asks once a second; one query a second answers all who ask for the same.

const heldMs = 1000

type Asked = { accountId: string; wholeUrls: boolean; filter?: CallFilter }
export type Live<Seen> = { etag: string; seen: Seen }

function live<Seen extends object>(read: (db: Queryable, asked: Asked) => Promise<Seen>) {
  const held = new LRUCache<string, Live<Seen>, Queryable>({
    max: 2000,
    ttl: heldMs,
    ttlResolution: 0,
    fetchMethod: async (asked, _, { context: db }) => {
      const seen = await read(db, JSON.parse(asked))
      return { seen, etag: `"${createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 22)}"` }
    },
  })
  return (db: Queryable, asked: Asked) => held.forceFetch(JSON.stringify(asked), { context: db })
}

const latest = live<CallLine[]>((db, { accountId, wholeUrls }) => listCalls(db, accountId, { wholeUrls }))
const firstPage = live<CallPage>((db, { accountId, wholeUrls, filter = { result: 'all' } }) =>
  readCallLog(db, accountId, { filter, wholeUrls }),
)

/** The 20 latest calls, at most a second old, and their ETag. Whoever may see the same shares one answer. */
export const liveCalls = (db: Queryable, accountId: string, wholeUrls: boolean): Promise<Live<CallLine[]>> =>
  latest(db, { accountId, wholeUrls })

/** The first page of the log, in the same way. */
export const liveCallLog = (
  db: Queryable,
  accountId: string,
  wholeUrls: boolean,
  filter: CallFilter,
): Promise<Live<CallPage>> => firstPage(db, { accountId, wholeUrls, filter })

/** Answers an asker: 304 without a body when nothing changed since its ETag. */
export function answerLive(request: Request, { etag, seen }: Live<object>): Response {
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return Response.json(seen, { headers })
}
