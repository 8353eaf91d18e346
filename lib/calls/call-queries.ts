import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from '../db/client'
import { rangeOf, scanLimit } from '../db/history-scan'
import { calls, deliveries } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { webhookVersions } from '../db/schema'
import type { TestSnapshot } from '../test-fires/test-snapshot'
import { shownUrl } from '../webhooks/shown-url'
import type { CallFilter } from './call-filter'
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

type Options = {
  limit?: number
  /** Only calls older than this one; with `backward` the ones just newer, nearest first. */
  from?: string
  backward?: boolean
  filter?: CallFilter
  /** False: only hosts, as a viewer sees them. */
  wholeUrls: boolean
}

/**
 * The account's calls, test fires among them, newest first. Each filter follows an index; what an index does not tell
 * apart is looked for among `scanLimit` calls and no more (call-log.ts says how far that went).
 */
export async function listCalls(
  db: Queryable,
  accountId: string,
  { limit = 20, from, backward = false, filter = { result: 'all' }, wholeUrls }: Options,
): Promise<CallLine[]> {
  const { indexed, looked } = conditions(filter)
  const { where, order } = rangeOf(calls.id, { from, backward })
  const found = db
    .select({
      id: calls.id,
      deliveryId: calls.deliveryId,
      webhookId: calls.webhookId,
      webhookVersion: calls.webhookVersion,
      test: calls.test,
      attempt: calls.attempt,
      status: calls.status,
      failure: calls.failure,
      detail: calls.detail,
      durationMs: calls.durationMs,
    })
    .from(calls)
    .where(and(eq(calls.accountId, accountId), where, indexed))
    .orderBy(order)
    .limit(looked ? scanLimit : limit)
    .as('found')
  // Limited to one, so that it stays a look-up for each line: joined, all versions of all webhooks would be read.
  const then = db
    .select({ name: webhookVersions.name, url: webhookVersions.url })
    .from(webhookVersions)
    .where(
      and(
        eq(webhookVersions.accountId, accountId),
        eq(webhookVersions.webhookId, found.webhookId),
        eq(webhookVersions.version, found.webhookVersion),
      ),
    )
    .limit(1)
    .as('then')
  const rows = await db
    .select({
      id: found.id,
      deliveryId: found.deliveryId,
      test: found.test,
      attempt: found.attempt,
      status: found.status,
      failure: sql<CallFailure | null>`${found.failure}`,
      detail: found.detail,
      durationMs: found.durationMs,
      name: then.name,
      url: then.url,
    })
    .from(found)
    .leftJoinLateral(then, sql`true`)
    .where(looked?.(found))
    .orderBy((backward ? asc : desc)(found.id))
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

type LookedAt = Record<'failure' | 'webhookId', PgColumn>

/**
 * What of a filter an index answers, and what has to be looked at. Failures and test fires have indexes of their own,
 * which cost the other calls nothing. One of deliveries would cost every call, and deliveries are easily found.
 */
export function conditions({ webhookId, result }: CallFilter) {
  const ofWebhook = webhookId === undefined ? undefined : eq(calls.webhookId, webhookId)
  switch (result) {
    case 'all':
      return { indexed: ofWebhook }
    case 'failed':
      return { indexed: and(ofWebhook, isNotNull(calls.failure)) }
    case 'delivered':
      return { indexed: ofWebhook, looked: (found: LookedAt) => isNull(found.failure) }
    case 'test':
      return {
        indexed: sql`${calls.test}`,
        looked: webhookId === undefined ? undefined : (found: LookedAt) => eq(found.webhookId, webhookId),
      }
  }
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

/** Where a redirect pointed is a URL too: a viewer is not told its path. */
export const shownDetail = (failure: CallFailure | null, detail: string | null, wholeUrls: boolean): string | null =>
  failure === 'redirect' && detail && !wholeUrls ? (URL.canParse(detail) ? shownUrl(detail, false) : null) : detail
