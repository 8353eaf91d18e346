import { type Live, live } from '../calls/live-calls'
import type { Queryable } from '../db/client'
import { type LastFailure, readLastFailure } from './last-failure'
import { readShownState, type ShownState } from './shown-state'

/** What the page of a webhook opens with. `failed`: its last failed call, while it fails or was turned off. */
export type WebhookNow = { state: ShownState; failed: LastFailure | null }

type Asked = { accountId: string; webhookId: string; wholeUrls: boolean }

const read = live<Asked, { now: WebhookNow | null }>(async (db, { accountId, webhookId, wholeUrls }) => {
  const state = await readShownState(db, accountId, webhookId)
  if (!state) return { now: null }
  const failing = state.failures > 0 || state.kind === 'turned-off'
  const failed = failing ? await readLastFailure(db, accountId, webhookId, wholeUrls) : undefined
  return { now: { state, failed: failed ?? null } }
})

/** The state of a webhook and its ETag, at most a second old; undefined: the account has no such webhook. */
export async function liveState(
  db: Queryable,
  accountId: string,
  webhookId: string,
  wholeUrls: boolean,
): Promise<Live<WebhookNow> | undefined> {
  const { etag, seen } = await read(db, { accountId, webhookId, wholeUrls })
  return seen.now ? { etag, seen: seen.now } : undefined
}
