import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { scanLimit } from '../db/history-scan'
import { calls } from '../db/history-schema'
import type { CallFilter } from './call-filter'

type ScannedColumns = Record<'failure' | 'webhookId' | 'status' | 'test' | 'deliveryId', PgColumn>

export type CallConditions = {
  /** Answered by an index. */
  indexed: SQL | undefined
  /** Tested on each row that was read. Undefined: there is nothing to test. */
  scanned: ((found: ScannedColumns) => SQL | undefined) | undefined
  /** How many rows a page reads where `scanned` is set. */
  scanLimit: number
}

/** The type of a call's event costs two look-ups a call. */
const scanLimitOfType = 500

/**
 * A filter as conditions. Failures and test fires have partial indexes, which cost other calls nothing. Nothing else has
 * one: it would cost every insert, and a scan finds what most calls have soon.
 */
export function callConditions(filter: CallFilter, accountId: string): CallConditions {
  const { webhookId, result, status, failure, test, type } = filter
  const ofWebhook = webhookId === undefined ? undefined : eq(calls.webhookId, webhookId)
  // Every answer of 400 or more is a failure, whatever the webhook takes for a success.
  const failing = result === 'failed' || failure !== undefined || (status !== undefined && status >= 400)
  const ofTests = test === true
  const indexed = ofTests ? sql`${calls.test}` : and(ofWebhook, failing ? isNotNull(calls.failure) : undefined)
  const tests: ((found: ScannedColumns) => SQL | undefined)[] = []
  if (ofTests && webhookId !== undefined) tests.push((found) => eq(found.webhookId, webhookId))
  if (ofTests && failing) tests.push((found) => isNotNull(found.failure))
  if (result === 'delivered') tests.push((found) => isNull(found.failure))
  if (failure !== undefined) tests.push((found) => eq(found.failure, failure))
  if (status !== undefined) tests.push((found) => eq(found.status, status))
  if (test === false) tests.push((found) => sql`not ${found.test}`)
  // The last, because it costs most.
  if (type !== undefined) tests.push((found) => sql`${typeOf(accountId, found.deliveryId)} = ${type}`)
  const scanned = tests.length === 0 ? undefined : (found: ScannedColumns) => and(...tests.map((each) => each(found)))
  return { indexed, scanned, scanLimit: type === undefined ? scanLimit : scanLimitOfType }
}

/**
 * SQL: the type of the event of a delivery; null for a test fire. One look-up inside the other, because as a join the planner
 * reads small partitions whole for each call.
 */
export const typeOf = (accountId: string, deliveryId: PgColumn): SQL => sql`(
  select (select e.type from events e where e.account_id = ${accountId} and e.id = d.event_id)
  from deliveries d where d.account_id = ${accountId} and d.id = ${deliveryId})`
