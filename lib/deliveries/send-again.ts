import { recordAudit } from '../accounts/audit'
import type { Database } from '../db/client'
import { retryDeadlock } from '../db/retry-deadlock'
import { notifyDrainers } from '../pipeline/queue/notify'
import { queueAgain } from '../pipeline/queue/queue-again'
import { lockWebhookState } from '../webhooks/webhook-state'
import { deliverySubject, isQueued, webhookOfDelivery } from './find-delivery'

/**
 * `off`: its webhook is switched off. `gone`: it is no delivery of the account, its webhook is deleted or its body is no
 * longer kept. `waiting`: it has not ended. `held`: it waits for the release of its webhook.
 */
export type SentAgain = { outcome: 'done' | 'held' | 'off' | 'waiting' | 'gone' }

/** Sends one ended delivery of an enabled webhook again, however it ended (queue-again.ts). */
export async function sendAgain(
  db: Database,
  accountId: string,
  userId: string | null,
  deliveryId: string,
): Promise<SentAgain> {
  const webhookId = await webhookOfDelivery(db, accountId, deliveryId)
  if (!webhookId) return { outcome: 'gone' }
  const sent = await retryDeadlock(() =>
    db.transaction(async (tx): Promise<SentAgain> => {
      const webhook = await lockWebhookState(tx, accountId, webhookId)
      if (!webhook?.enabled) return { outcome: webhook ? 'off' : 'gone' }
      const [queued] = await queueAgain(tx, accountId, webhookId, [deliveryId], 'any')
      if (!queued) return { outcome: (await isQueued(tx, accountId, deliveryId)) ? 'waiting' : 'gone' }
      await recordAudit(tx, accountId, userId, 'delivery.sent-again', deliverySubject(deliveryId), {
        webhook: webhook.name,
      })
      return { outcome: webhook.heldAt ? 'held' : 'done' }
    }),
  )
  if (sent.outcome === 'done') await notifyDrainers(db)
  return sent
}
