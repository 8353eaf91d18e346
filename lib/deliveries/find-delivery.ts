import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { deliveries } from '../db/history-schema'
import { showId } from '../type-id'

/** The webhook of a delivery; undefined: the account has no such delivery, or it is a test fire. */
export async function webhookOfDelivery(
  db: Queryable,
  accountId: string,
  deliveryId: string,
): Promise<string | undefined> {
  const [delivery] = await db
    .select({ webhookId: deliveries.webhookId })
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), eq(deliveries.id, deliveryId), isNull(deliveries.test)))
  return delivery?.webhookId ?? undefined
}

/** Whether a delivery waits or its call is under way. */
export async function isQueued(db: Queryable, accountId: string, deliveryId: string): Promise<boolean> {
  const { rowCount } = await db.execute(
    sql`select from queue where account_id = ${accountId} and delivery_id = ${deliveryId}`,
  )
  return rowCount === 1
}

/** How audit entries name a delivery. */
export const deliverySubject = (deliveryId: string): string => `delivery ${showId('delivery', deliveryId)}`
