import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { keptHistory } from '../db/history-range'
import { calls, deliveries } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { webhookVersions } from '../db/schema'
import { shownUrl } from '../webhooks/shown-url'
import type { CallFailure } from './failure'
import type { TestSnapshot } from './test-snapshot'

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
      deliveryId: calls.deliveryId,
      name: webhookVersions.name,
      url: webhookVersions.url,
      test: calls.test,
      attempt: calls.attempt,
      status: calls.status,
      failure: sql<CallFailure | null>`${calls.failure}`,
      detail: calls.detail,
      durationMs: calls.durationMs,
    })
    .from(calls)
    .leftJoin(webhookVersions, versionOfCall)
    .where(and(eq(calls.accountId, accountId), keptHistory(calls.id), before ? lt(calls.id, before) : undefined))
    .orderBy(desc(calls.id))
    .limit(limit)
  const tests = rows.flatMap(({ test, deliveryId }) => (test ? [deliveryId] : []))
  const snapshots = await readSnapshots(db, accountId, tests)
  return rows.map(({ deliveryId, name, url, detail, ...row }) => {
    const snapshot = snapshots.get(deliveryId)
    return {
      ...row,
      at: timeOfId(row.id),
      ruleName: snapshot?.name ?? name ?? '',
      url: shownUrl(snapshot?.url ?? url ?? '', wholeUrls),
      detail: shownDetail(row.failure, detail, wholeUrls),
    }
  })
}

/** What test fires were made with. Asked for by id: joined, every day of deliveries would be planned for each time. */
async function readSnapshots(db: Queryable, accountId: string, deliveryIds: string[]) {
  if (deliveryIds.length === 0) return new Map<string, TestSnapshot | null>()
  const rows = await db
    .select({ id: deliveries.id, test: deliveries.test })
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), inArray(deliveries.id, deliveryIds)))
  return new Map(rows.map(({ id, test }) => [id, test]))
}

/** The webhook version a call names. */
export const versionOfCall = and(
  eq(webhookVersions.accountId, calls.accountId),
  eq(webhookVersions.webhookId, calls.webhookId),
  eq(webhookVersions.version, calls.webhookVersion),
)

/** Where a redirect pointed is a URL too: a viewer is not told its path. */
export const shownDetail = (failure: CallFailure | null, detail: string | null, wholeUrls: boolean): string | null =>
  failure === 'redirect' && detail && !wholeUrls ? (URL.canParse(detail) ? shownUrl(detail, false) : null) : detail
