import type { CallFailure } from '../../calls/failure'
import type { Opened } from './opening'

/** What happened in one HTTP call. Times in milliseconds. */
export type CallResult = {
  /** The HTTP status, when an answer came. */
  status: number | null
  /** null: a success. */
  failure: CallFailure | null
  detail: string | null
  durationMs: number
  connectMs: number | null
  firstByteMs: number | null
  /** name, value, name, value, … */
  responseHeaders: string[]
  responseBody: string
  /** Bytes of body read; more than `responseBody` holds means that it was cut. */
  responseBytes: number
  retryAfterSeconds: number | null
  /** The kept connection turned out to be closed, and the request was sent again on a new one. */
  reconnected?: boolean
  /** What is known of the connection, with the times of opening it where the call did. Absent: none was begun. */
  opened?: Opened
  /** What the answer's header `webhook-delivery` asks for. */
  asked?: ReceiverRequest
}

/** `abort-message`: this delivery ends. `disable`: the webhook is turned off, as at a 410. */
export type ReceiverRequest = 'abort-message' | 'disable'
