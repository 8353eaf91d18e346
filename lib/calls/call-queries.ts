import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import type { PageRange } from '../db/fetch-page'
import { keptHistory } from '../db/history-range'
import { rangeOf } from '../db/history-scan'
import { calls, deliveries } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { webhookVersions } from '../db/schema'
import type { TestSnapshot } from '../test-fires/test-snapshot'
import { shownUrl } from '../webhooks/shown-url'
import { callConditions } from './call-conditions'
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
  /** The deliveries that the filter names (named-deliveries.ts). */
  deliveryIds?: string[]
  /** False: URLs are cut to their host, as a viewer sees them. */
  wholeUrls: boolean
}

/**
 * The account's calls, test fires included, newest first. A condition without an index is tested on a bounded number of
 * calls; call-log.ts reports where such a search ended.
 */
export async function listCalls(
  db: Queryable,
  accountId: string,
  { limit = 20, from, backward = false, filter = { result: 'all' }, deliveryIds, wholeUrls }: Options,
): Promise<CallLine[]> {
  const { scanned, scanLimit } = callConditions(filter, accountId)
  const found = foundCalls(db, accountId, {
    filter,
    range: { from, backward },
    limit: scanned ? scanLimit : limit,
    deliveryIds,
  })
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

type Wanted = {
  filter: CallFilter
  range: Pick<PageRange<string>, 'from' | 'backward'>
  limit: number
  deliveryIds: string[] | undefined
}

/** The calls that an index finds: those of the named deliveries, or of the range by the filter's own index. */
function foundCalls(db: Queryable, accountId: string, { filter, range, limit, deliveryIds }: Wanted) {
  const { where, order } = rangeOf(calls.id, { ...filter, ...range })
  const columns = {
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
  }
  const { indexed } = callConditions(filter, accountId)
  if (!deliveryIds)
    return db
      .select(columns)
      .from(calls)
      .where(and(eq(calls.accountId, accountId), where, indexed))
      .orderBy(order)
      .limit(limit)
      .as('found')
  // The offset keeps the order outside: to avoid a sort, the planner would walk the whole log.
  const since = Math.min(...deliveryIds.map(timeOfId)) - clockSkewMs
  const own = and(
    eq(calls.accountId, accountId),
    inArray(calls.deliveryId, deliveryIds),
    keptHistory(calls.id, since),
    where,
    indexed,
  )
  return db.select(columns).from(calls).where(own).offset(0).as('found')
}

/** A call's id may be made by another process than its delivery's. */
const clockSkewMs = 60_000

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
