import type { CallResult } from '../deliver/call-result'
import type { NextStep } from './retry'

/** What is recorded of one call: the call itself, what it does to its queue row, and what it says of its webhook. */
export type CallRecord = {
  callId: string
  accountId: string
  deliveryId: string
  webhookId: string
  webhookVersion: number
  lease: number
  /** From 1, over all rounds of the schedule. */
  attempt: number
  /** Recorded calls before this round of the schedule. */
  earlierAttempts: number
  /** Unix seconds that were signed. */
  signedAt: number | null
  signature: string | null
  keyVersion: number | null
  secretVersion: number | null
  /** The webhook was failing when the row was claimed. */
  failing: boolean
  probe: boolean
  result: CallResult
  next: NextStep
}
