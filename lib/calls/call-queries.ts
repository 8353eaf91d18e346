import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { keptHistory } from '../db/history-range'
import { calls, deliveries } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { webhookVersions } from '../db/schema'
import { shownUrl } from '../webhooks/shown-url'
import type { CallFailure } from './failure'

/** One line of a list of calls. */
export type CallLine = {
  id: string
  /** When it began, in milliseconds. */
  at: number
  /** Name and URL as they were at the call. */
  ruleName: string
  url: string
  test: boolean
  attempt: number
  status: number | null
  failure: CallFailure | null
  detail: string | null
  durationMs: number
}

type Page = {
  limit?: number
  /** Only calls older than this one. */
  before?: string
  /** False: only hosts, as a viewer sees them. */
  wholeUrls: boolean
}

/** The account's latest calls, test fires among them, newest first. */
export async function listCalls(
  db: Queryable,
  accountId: string,
  { limit = 20, before, wholeUrls }: Page,
): Promise<CallLine[]> {
  const rows = await db
    .select({
      id: calls.id,
      name: webhookVersions.name,
      url: webhookVersions.url,
      snapshot: deliveries.test,
      test: calls.test,
      attempt: calls.attempt,
      status: calls.status,
      failure: sql<CallFailure | null>`${calls.failure}`,
      detail: calls.detail,
      durationMs: calls.durationMs,
    })
    .from(calls)
    .leftJoin(webhookVersions, versionOfCall)
    .leftJoin(deliveries, and(snapshotOfCall, keptHistory(deliveries.id)))
    .where(and(eq(calls.accountId, accountId), keptHistory(calls.id), before ? lt(calls.id, before) : undefined))
    .orderBy(desc(calls.id))
    .limit(limit)
  return rows.map(({ snapshot, name, url, detail, ...row }) => ({
    ...row,
    at: timeOfId(row.id),
    ruleName: snapshot?.name ?? name ?? '',
    url: shownUrl(snapshot?.url ?? url ?? '', wholeUrls),
    detail: shownDetail(row.failure, detail, wholeUrls),
  }))
}

/** The webhook version a call names. */
export const versionOfCall = and(
  eq(webhookVersions.accountId, calls.accountId),
  eq(webhookVersions.webhookId, calls.webhookId),
  eq(webhookVersions.version, calls.webhookVersion),
)

/** What a test fire was made with stands at its delivery. */
const snapshotOfCall = and(calls.test, eq(deliveries.accountId, calls.accountId), eq(deliveries.id, calls.deliveryId))

/** Where a redirect pointed is a URL too: a viewer is not told its path. */
export const shownDetail = (failure: CallFailure | null, detail: string | null, wholeUrls: boolean): string | null =>
  failure === 'redirect' && detail && !wholeUrls ? (URL.canParse(detail) ? shownUrl(detail, false) : null) : detail
