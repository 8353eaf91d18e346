import { recordAudit } from '../accounts/audit'
import type { Database } from '../db/client'
import { retryDeadlock } from '../db/retry-deadlock'
import { notifyDrainers } from '../pipeline/queue/notify'
import { probeNow } from '../pipeline/queue/probe-now'
import { readWebhookState } from '../webhooks/webhook-state'
import { deliverySubject, webhookOfDelivery } from './find-delivery'

/** `none`: none waits, or its call is under way. `held`, `off`: so is the webhook. `gone`: the account has no such webhook. */
export type TriedNow = { outcome: 'done'; deliveryId: string } | { outcome: 'none' | 'held' | 'off' | 'gone' }

/**
 * Sends one waiting delivery of a webhook at once as a probe, past schedule, pause and probing; it takes a permit of the
 * rate limit. Without `deliveryId`, the oldest. The call uses up no retry: if it fails, the delivery waits as before.
 */
export async function tryNow(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
  deliveryId?: string,
): Promise<TriedNow> {
  const tried = await retryDeadlock(() =>
    db.transaction(async (tx): Promise<TriedNow> => {
      const webhook = await readWebhookState(tx, accountId, webhookId)
      if (!webhook) return { outcome: 'gone' }
      if (!webhook.enabled || webhook.heldAt) return { outcome: webhook.enabled ? 'held' : 'off' }
      const probed = await probeNow(tx, accountId, webhookId, deliveryId)
      if (!probed) return { outcome: 'none' }
      await recordAudit(tx, accountId, userId, 'delivery.tried-now', deliverySubject(probed), { webhook: webhook.name })
      return { outcome: 'done', deliveryId: probed }
    }),
  )
  if (tried.outcome === 'done') await notifyDrainers(db)
  return tried
}

/** The same for one delivery, whose webhook is looked up. */
export async function tryDeliveryNow(
  db: Database,
  accountId: string,
  userId: string | null,
  deliveryId: string,
): Promise<TriedNow> {
  const webhookId = await webhookOfDelivery(db, accountId, deliveryId)
  return webhookId ? tryNow(db, accountId, userId, webhookId, deliveryId) : { outcome: 'gone' }
}
