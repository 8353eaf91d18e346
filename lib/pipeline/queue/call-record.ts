import type { CallResult } from '../deliver/call-result'
import type { NextStep } from './retry'

/** One call that was made, as it is stored in `calls`. */
export type MadeCall = {
  callId: string
  accountId: string
  deliveryId: string
  /** Null: a test fire of a form that was never saved. */
  webhookId: string | null
  webhookVersion: number | null
  /** From 1, over all rounds of the schedule. */
  attempt: number
  /** Unix seconds that were signed. */
  signedAt: number | null
  signature: string | null
  keyVersion: number | null
  secretVersion: number | null
  /** It said that a person had sent the delivery again. */
  replay: boolean
  result: CallResult
}

/** What is recorded of a delivery's call: the call itself, what it does to its queue row, and what it says of its webhook. */
export type CallRecord = MadeCall & {
  webhookId: string
  lease: number
  /** Recorded calls before this round of the schedule. */
  earlierAttempts: number
  /** The webhook was failing when the row was claimed. */
  failing: boolean
  probe: boolean
  next: NextStep
}
