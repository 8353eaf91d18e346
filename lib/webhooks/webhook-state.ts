import { and, eq, isNull } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import { isInForce } from './version-in-force'

/** A webhook by its key, unless it is deleted. */
export const liveWebhook = (accountId: string, webhookId: string) =>
  and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId), isNull(webhooks.deletedAt))

/** The name of a webhook, whether it is on, and why we turned it off; undefined when it is deleted or another account's. */
export async function readWebhookState(db: Queryable, accountId: string, webhookId: string) {
  const [webhook] = await db
    .select({ enabled: webhooks.enabled, turnedOff: webhooks.turnedOff, name: webhookVersions.name })
    .from(webhooks)
    .innerJoin(webhookVersions, isInForce)
    .where(liveWebhook(accountId, webhookId))
  return webhook
}
