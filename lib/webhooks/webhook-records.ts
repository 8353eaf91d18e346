import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import { nameKey } from './name-schema'
import { isInForce } from './version-in-force'
import { wholeVersion } from './webhook-queries'

// Webhooks as the API answers them: everything that is configured, and no secret.

const record = {
  ...wholeVersion,
  externalId: webhooks.externalId,
  metadata: webhooks.metadata,
  turnedOff: webhooks.turnedOff,
  heldAt: webhooks.heldAt,
  heldUntil: webhooks.heldUntil,
  createdAt: webhooks.createdAt,
  changedAt: webhookVersions.createdAt,
  /** Ids of the sources that it listens to; null: all. */
  sourceIds: sql<string[] | null>`case when not ${webhooks.allSources} then
    array(select source_id::text from webhook_sources s where s.account_id = ${webhooks.accountId}
      and s.webhook_id = ${webhooks.id} order by source_id) end`,
}

const read = (db: Queryable, accountId: string, which: SQL | undefined) =>
  db
    .select(record)
    .from(webhooks)
    .innerJoin(webhookVersions, isInForce)
    .where(and(eq(webhooks.accountId, accountId), isNull(webhooks.deletedAt), which))
    .orderBy(asc(webhooks.number))
export type WebhookRecord = Awaited<ReturnType<typeof read>>[number]

/** One webhook; undefined: the account has none of this id, or deleted it. */
export async function readWebhookRecord(
  db: Queryable,
  accountId: string,
  webhookId: string,
): Promise<WebhookRecord | undefined> {
  const [row] = await read(db, accountId, eq(webhooks.id, webhookId))
  return row
}

/** The webhooks in the order they were registered: those after the webhook `after`, whose names contain `search`. */
export function listWebhookRecords(
  db: Queryable,
  accountId: string,
  { after, search = '', limit }: { after?: string; search?: string; limit: number },
): Promise<WebhookRecord[]> {
  const beyond =
    after && sql`${webhooks.number} > (select number from webhooks where account_id = ${accountId} and id = ${after})`
  const named = search.trim() === '' ? undefined : sql`strpos(${webhooks.nameKey}, ${nameKey(search)}) > 0`
  return read(db, accountId, and(beyond || undefined, named)).limit(limit)
}

/** A webhook as other things name it, deleted or not. */
export type NamedWebhook = Pick<WebhookRecord, 'id' | 'externalId' | 'name' | 'metadata'>

/** The webhooks of these ids as other things name them, deleted ones too, by id. */
export async function nameWebhooks(
  db: Queryable,
  accountId: string,
  webhookIds: (string | null)[],
): Promise<Map<string, NamedWebhook>> {
  const ids = [...new Set(webhookIds.filter((id) => id !== null))]
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({
      id: webhooks.id,
      externalId: webhooks.externalId,
      name: webhookVersions.name,
      metadata: webhooks.metadata,
    })
    .from(webhooks)
    .innerJoin(webhookVersions, isInForce)
    .where(and(eq(webhooks.accountId, accountId), sql`${webhooks.id} = any(${sql.param(ids)}::uuid[])`))
  return new Map(rows.map((row) => [row.id, row]))
}
