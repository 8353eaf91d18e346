import type { CallFailure } from '../../calls/failure'

/** What happened in one HTTP call. Times in milliseconds. */
export type CallResult = {
  /** The HTTP status, when an answer came. */
  status: number | null
  /** null: a 2xx. */
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
}
