import type { Operation } from './operation'
import { accountOperations } from './resources/accounts'
import { callOperations } from './resources/calls'
import { deliveryOperations } from './resources/deliveries'
import { erasureOperations } from './resources/erasures'
import { eventOperations } from './resources/events'
import { hubOperations } from './resources/hub'
import { keyOperations } from './resources/keys'
import { peopleOperations } from './resources/people'
import { recoveryOperations } from './resources/recovery'
import { relayOperations } from './resources/relays'
import { sourceOperations } from './resources/sources'
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
  ...recoveryOperations,
  ...sourceOperations,
  ...keyOperations,
  ...erasureOperations,
  ...peopleOperations,
  ...accountOperations,
  ...hubOperations,
]
