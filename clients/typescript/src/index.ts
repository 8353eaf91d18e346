// What `@hearback/client` exports. `@hearback/client/verify` has verify() alone, for receivers.

export { connect } from './connect.ts'
export type * from './generated/types.gen.js'
export { HubError, type HubOptions } from './hub.ts'
export { type ListenOptions, listen, type Relay, type RelayedCall } from './listen.ts'
export {
  type HubEvent,
  type RejectedEvent,
  type SendOptions,
  type SendResult,
  type SentEvent,
  sendEvents,
} from './send-events.ts'
export { type FormatKey, type HeaderSource, type Verification, verify } from './verify.ts'
