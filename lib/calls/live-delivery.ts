import type { Queryable } from '../db/client'
import { type DeliveryState, readDeliveryStates } from './delivery-states'
import { type Live, live } from './live-calls'

const read = live<{ accountId: string; deliveryId: string }, DeliveryState>(async (db, { accountId, deliveryId }) => {
  const states = await readDeliveryStates(db, accountId, [deliveryId])
  return states.get(deliveryId) as DeliveryState
})

/** The state of a delivery and its ETag. The answer is at most a second old. */
export const liveDelivery = (db: Queryable, accountId: string, deliveryId: string): Promise<Live<DeliveryState>> =>
  read(db, { accountId, deliveryId })
