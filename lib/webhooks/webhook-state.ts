import { and, eq, isNull } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import { isInForce } from './version-in-force'

/** The condition for one webhook that is not deleted. */
export const liveWebhook = (accountId: string, webhookId: string) =>
  and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId), isNull(webhooks.deletedAt))

/** Name, switch, hold and the reason why the hub turned it off; undefined when the webhook is deleted or another account's. */
export async function readWebhookState(db: Queryable, accountId: string, webhookId: string) {
  const [webhook] = await db
    .select({
      enabled: webhooks.enabled,
      turnedOff: webhooks.turnedOff,
      heldAt: webhooks.heldAt,
      name: webhookVersions.name,
    })
    .from(webhooks)
    .innerJoin(webhookVersions, isInForce)
    .where(liveWebhook(accountId, webhookId))
  return webhook
}

/**
 * The same, with the webhook locked until the caller's transaction ends: against a switch, a hold and whatever else queues
 * its ended deliveries again, so that a later switch or hold finds every row queued here.
 */
export async function lockWebhookState(db: Queryable, accountId: string, webhookId: string) {
  await db.select({ id: webhooks.id }).from(webhooks).where(liveWebhook(accountId, webhookId)).for('no key update')
  return readWebhookState(db, accountId, webhookId)
}
