import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import { nameKey } from './name-schema'
import { sealContent, type WebhookContent } from './webhook-content'

/** Stores `content` as the version after `version`, puts it in force and returns its number. Secrets are sealed again. */
export async function writeNextVersion(
  db: Queryable,
  accountId: string,
  userId: string | null,
  webhookId: string,
  { version: before, content }: { version: number; content: WebhookContent },
): Promise<number> {
  const version = before + 1
  await db
    .insert(webhookVersions)
    .values({ ...sealContent(content, { accountId, webhookId, version }), createdBy: userId })
  await db
    .update(webhooks)
    .set({ version, nameKey: nameKey(content.name) })
    .where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId)))
  return version
}
