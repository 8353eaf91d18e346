import { hubTime, newId } from '../db/ids'
import { DamagedSealError, UnknownSealKeyError } from '../secrets/seal'
import type { Secret } from '../secrets/secret'
import { showId } from '../type-id'
import { type CallResult, deliver, type OutgoingCall } from './deliver'
import type { DrainOptions } from './drain'
import { endsInTime, type Lane, type Waiting } from './lane'
import type { Claimed } from './queue'
import type { CallRecord } from './record'
import { authorizationValue, callHeaders } from './request'
import { nextStep } from './retry'
import type { Target, Unusable } from './targets'

type Begun = Omit<CallRecord, 'result' | 'next'>

/**
 * Makes the next call of a claimed row and says what to record, or for how long to put the row off because no call
 * could be made: a key of the operator's ring is missing, the database did not answer, or the lease is nearly over.
 * Never throws: a row that can't be sent fails alone.
 */
export async function callOnce(
  { targets, log, leaseMs, random }: Required<DrainOptions>,
  { accountId, webhookId, target }: Lane,
  row: Waiting,
): Promise<CallRecord | { putOffMs: number }> {
  const call = begin(row, target)
  const ended = (result: CallResult): CallRecord => end(call, result, target.retries, random)
  const report = (error: unknown) => {
    const { message } = error as Error
    log.error({ accountId, webhookId, deliveryId: row.delivery_id, error: message }, 'a call could not be made')
  }
  let preSharedKey: Secret | undefined
  try {
    if (call.keyVersion !== null) preSharedKey = await targets.preSharedKey(accountId, call.keyVersion)
  } catch (error) {
    report(error)
    if (error instanceof DamagedSealError) return ended(unsendable('secret-unreadable'))
    return { putOffMs: error instanceof UnknownSealKeyError ? 60_000 : 1_000 }
  }
  // Reading the key may have taken any time, and so may whoever stopped this process meanwhile.
  if (!endsInTime(row, target.timeoutMs, leaseMs)) return { putOffMs: 0 }
  try {
    return ended(await deliver(target.client, sign(call, target, row, preSharedKey), target.timeoutMs))
  } catch (error) {
    report(error)
    return ended(unsendable(null))
  }
}

/** The failed call of a row whose webhook can't be read: it counts as an attempt, so that its tries are bounded. */
export const unreadableCall = (
  row: Claimed,
  { version, retries, unusable }: Unusable,
  random: () => number,
): CallRecord => end(begin(row, { version }), unsendable(unusable), retries, random)

const begin = (
  row: Claimed,
  target: { version: number; usesAccountKey?: boolean; secretVersion?: number | null },
): Begun => ({
  callId: newId(),
  accountId: row.account_id,
  deliveryId: row.delivery_id,
  webhookId: row.webhook_id,
  webhookVersion: target.version,
  lease: row.lease,
  attempt: row.attempts + 1,
  signedAt: null,
  signature: null,
  keyVersion: target.usesAccountKey ? row.key_version : null,
  secretVersion: target.secretVersion ?? null,
})

const end = (call: Begun, result: CallResult, retries: number, random: () => number): CallRecord => ({
  ...call,
  result,
  next: nextStep(result, call.attempt, retries, random()),
})

/** The request of one call; what was signed is written into `call`, which is what gets recorded. */
function sign(call: Begun, target: Target, row: Waiting, preSharedKey: Secret | undefined): OutgoingCall {
  const deliveryId = showId('delivery', row.delivery_id)
  const timestamp = Math.floor(hubTime() / 1000)
  const body = row.body as string
  const signature = target.format.sign({ deliveryId, timestamp, body, secrets: target.secrets })
  call.signedAt = timestamp
  call.signature = signature
  const headers = callHeaders({
    format: target.format,
    deliveryId,
    attempt: call.attempt,
    feedbackVersion: row.feedback_version,
    timestamp,
    signature,
    authorization: authorizationValue({ basic: target.basic, preSharedKey }),
    custom: target.customHeaders,
  })
  return { path: target.path, headers, body }
}

const unsendable = (detail: string | null): CallResult => ({
  status: null,
  failure: 'unsendable',
  detail,
  durationMs: 0,
  connectMs: null,
  firstByteMs: null,
  responseHeaders: [],
  responseBody: '',
  responseBytes: 0,
  retryAfterSeconds: null,
})
