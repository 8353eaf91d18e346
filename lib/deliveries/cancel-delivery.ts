import { recordAudit } from '../accounts/audit'
import type { Database } from '../db/client'
import { retryDeadlock } from '../db/retry-deadlock'
import { cancelOne } from '../pipeline/queue/end'
import { readWebhookState } from '../webhooks/webhook-state'
import { deliverySubject, isQueued, webhookOfDelivery } from './find-delivery'

/** `under-way`: its call is being made. `ended`: it waits no more. `gone`: the account has no such delivery. */
export type Cancelled = { outcome: 'done' | 'under-way' | 'ended' | 'gone' }

/** Ends one waiting delivery as cancelled, for the reason that a person asked for it. It can be sent again. */
export async function cancelDelivery(
  db: Database,
  accountId: string,
  userId: string | null,
  deliveryId: string,
): Promise<Cancelled> {
  const webhookId = await webhookOfDelivery(db, accountId, deliveryId)
  if (!webhookId) return { outcome: 'gone' }
  return retryDeadlock(() =>
    db.transaction(async (tx): Promise<Cancelled> => {
      if (!(await cancelOne(tx, accountId, webhookId, deliveryId)))
        return { outcome: (await isQueued(tx, accountId, deliveryId)) ? 'under-way' : 'ended' }
      const webhook = await readWebhookState(tx, accountId, webhookId)
      await recordAudit(tx, accountId, userId, 'delivery.cancelled', deliverySubject(deliveryId), {
        webhook: webhook?.name,
      })
      return { outcome: 'done' }
    }),
  )
}
