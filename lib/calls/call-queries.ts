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
  deliveryId: string
  /** null: a test fire of a form that was never saved. */
  webhookId: string | null
  /** When the call started, in Unix milliseconds. */
  at: number
  /** Name and URL of the webhook at the time of the call. */
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
  /** Only calls older than this id; with `backward`, only newer ones, oldest first. */
  from?: string
  backward?: boolean
  filter?: CallFilter
  /** False: URLs are cut to their host, as a viewer sees them. */
  wholeUrls: boolean
}

/**
 * The account's calls, test fires included, newest first. A condition without an index is tested on at most `scanLimit`
 * calls; call-log.ts reports where such a search ended.
 */
export async function listCalls(
  db: Queryable,
  accountId: string,
  { limit = 20, from, backward = false, filter = { result: 'all' }, wholeUrls }: Options,
): Promise<CallLine[]> {
  const { indexed, scanned } = conditions(filter)
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
    .limit(scanned ? scanLimit : limit)
    .as('found')
  // The limit keeps this an index look-up per call; as a plain join, the planner reads every version of every webhook.
  const version = db
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
    .as('version')
  const rows = await db
    .select({
      id: found.id,
      deliveryId: found.deliveryId,
      webhookId: found.webhookId,
      test: found.test,
      attempt: found.attempt,
      status: found.status,
      failure: sql<CallFailure | null>`${found.failure}`,
      detail: found.detail,
      durationMs: found.durationMs,
      name: version.name,
      url: version.url,
    })
    .from(found)
    .leftJoinLateral(version, sql`true`)
    .where(scanned?.(found))
    .orderBy((backward ? asc : desc)(found.id))
    .limit(limit)
  const tests = rows.flatMap(({ test, deliveryId }) => (test ? [deliveryId] : []))
  const snapshots = await readSnapshots(db, accountId, tests)
  return rows.map(({ name, url, detail, ...row }) => {
    const snapshot = snapshots.get(row.deliveryId)
    return {
      ...row,
      at: timeOfId(row.id),
      ruleName: snapshot?.name ?? name ?? '',
      url: shownUrl(snapshot?.url ?? url ?? '', wholeUrls),
      detail: shownDetail(row.failure, detail, wholeUrls),
    }
  })
}

type ScannedColumns = Record<'failure' | 'webhookId', PgColumn>

/**
 * A filter as two conditions: `indexed` is answered by an index, `scanned` is tested on each row read. Failures and
 * test fires have partial indexes, which cost other calls nothing. Delivered calls have none: such an index would cost
 * nearly every insert, and most calls are delivered, so that a scan finds them soon.
 */
export function conditions({ webhookId, result }: CallFilter) {
  const ofWebhook = webhookId === undefined ? undefined : eq(calls.webhookId, webhookId)
  switch (result) {
    case 'all':
      return { indexed: ofWebhook }
    case 'failed':
      return { indexed: and(ofWebhook, isNotNull(calls.failure)) }
    case 'delivered':
      return { indexed: ofWebhook, scanned: (found: ScannedColumns) => isNull(found.failure) }
    case 'test':
      return {
        indexed: sql`${calls.test}`,
        scanned: webhookId === undefined ? undefined : (found: ScannedColumns) => eq(found.webhookId, webhookId),
      }
  }
}

/** The snapshots of test fires, by delivery id. A query by id, because a join would plan for every day's partition. */
async function readSnapshots(db: Queryable, accountId: string, deliveryIds: string[]) {
  if (deliveryIds.length === 0) return new Map<string, TestSnapshot | null>()
  const rows = await db
    .select({ id: deliveries.id, test: deliveries.test })
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), inArray(deliveries.id, deliveryIds)))
  return new Map(rows.map(({ id, test }) => [id, test]))
}

/** The detail of a failure. For a redirect it is a URL, which a viewer sees cut to its host. */
export const shownDetail = (failure: CallFailure | null, detail: string | null, wholeUrls: boolean): string | null =>
  failure === 'redirect' && detail && !wholeUrls ? (URL.canParse(detail) ? shownUrl(detail, false) : null) : detail
