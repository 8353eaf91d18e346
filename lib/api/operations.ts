import type { Operation } from './operation'
import { callOperations } from './resources/calls'
import { deliveryOperations } from './resources/deliveries'
import { eventOperations } from './resources/events'
import { relayOperations } from './resources/relays'
import { webhookActions } from './resources/webhook-actions'
import { webhookOperations } from './resources/webhooks'

/** Every operation of the API, in the order in which the reference lists them. */
export const operations: readonly Operation[] = [
  ...webhookOperations,
  ...webhookActions,
  ...callOperations,
  ...deliveryOperations,
  ...eventOperations,
  ...relayOperations,
]
