import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { users } from '../db/people-schema'
import { webhooks, webhookVersions } from '../db/schema'
import type { FormatKey } from '../formats/format'
import { openContent } from './webhook-content'
import { liveWebhook } from './webhook-state'

/** The number of the version in force, the format and the encoding; undefined when the webhook is deleted or another account's. */
export async function versionInForce(db: Queryable, accountId: string, webhookId: string) {
  const [webhook] = await db
    .select({ version: webhooks.version, format: sql<FormatKey>`${webhooks.format}`, encoding: webhooks.encoding })
    .from(webhooks)
    .where(liveWebhook(accountId, webhookId))
  return webhook
}

/** One version with its secrets opened, and who saved it when. Throws as `openContent` does. */
export async function readVersion(db: Queryable, accountId: string, webhookId: string, version: number) {
  const [row] = await db
    .select({ stored: webhookVersions, by: users.name })
    .from(webhookVersions)
    .leftJoin(users, eq(users.id, webhookVersions.createdBy))
    .where(
      and(
        eq(webhookVersions.accountId, accountId),
        eq(webhookVersions.webhookId, webhookId),
        eq(webhookVersions.version, version),
      ),
    )
  if (!row) return undefined
  const { createdAt, createdBy: _, ...stored } = row.stored
  return { content: openContent(stored), by: row.by, createdAt }
}

/** The version in force with its secrets opened, as `versionInForce` and `readVersion` return it. */
export async function readInForce(db: Queryable, accountId: string, webhookId: string) {
  const inForce = await versionInForce(db, accountId, webhookId)
  const stored = inForce && (await readVersion(db, accountId, webhookId, inForce.version))
  return stored && { ...inForce, ...stored }
}
