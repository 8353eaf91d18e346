import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Queryable } from '../db/client'
import { type CallLine, listCalls } from './call-queries'

// The live list: every open page asks once a second; one query a second and account answers them all.

export type LiveCalls = { etag: string; calls: CallLine[] }

const heldMs = 1000
const held = new LRUCache<string, LiveCalls, Queryable>({
  max: 2000,
  ttl: heldMs,
  ttlResolution: 0,
  fetchMethod: async (key, _, { context: db }) => {
    const [accountId, urls] = key.split(' ') as [string, string]
    const calls = await listCalls(db, accountId, { wholeUrls: urls === 'whole' })
    return { calls, etag: `"${createHash('sha256').update(JSON.stringify(calls)).digest('base64url').slice(0, 22)}"` }
  },
})

/** The 20 latest calls, at most a second old, and their ETag. Whoever may see the same shares one answer. */
export async function liveCalls(db: Queryable, accountId: string, wholeUrls: boolean): Promise<LiveCalls> {
  return held.forceFetch(`${accountId} ${wholeUrls ? 'whole' : 'hosts'}`, { context: db })
}
