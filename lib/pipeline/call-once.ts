import { hubTime, newId } from '../db/ids'
import { DamagedSealError, UnknownSealKeyError } from '../secrets/seal'
import type { Secret } from '../secrets/secret'
import { showId } from '../type-id'
import { type CallResult, deliver, type OutgoingCall } from './deliver'
import type { DrainOptions } from './drain'
import type { Lane, Waiting } from './lane'
import type { CallRecord } from './record'
import { authorizationValue, callHeaders } from './request'
import { nextStep } from './retry'
import type { Target } from './targets'

/**
 * Makes the next call of a claimed row and says what to record, or for how long to put the row off because no call
 * could be made: a key of the operator's ring is missing, or the database did not answer. Never throws: a row whose
 * secrets are damaged fails alone.
 */
export async function callOnce(
  { targets, log, random = Math.random }: DrainOptions,
  { accountId, webhookId, target }: Lane,
  row: Waiting,
): Promise<CallRecord | { putOffMs: number }> {
  const call: Omit<CallRecord, 'result' | 'next'> = {
    callId: newId(),
    accountId,
    deliveryId: row.delivery_id,
    webhookId,
    webhookVersion: target.version,
    lease: row.lease,
    attempt: row.attempts + 1,
    signedAt: null,
    signature: null,
    keyVersion: target.usesAccountKey ? row.key_version : null,
    secretVersion: target.secretVersion,
  }
  const ended = (result: CallResult): CallRecord => ({
    ...call,
    result,
    next: nextStep(result, call.attempt, target.retries, random()),
  })
  try {
    const preSharedKey = call.keyVersion === null ? undefined : await targets.preSharedKey(accountId, call.keyVersion)
    const outgoing = sign(call, target, row, preSharedKey)
    return ended(await deliver(target.client, outgoing, target.timeoutMs))
  } catch (error) {
    return afterError(error)
  }

  function afterError(error: unknown): CallRecord | { putOffMs: number } {
    const { message } = error as Error
    log.error({ accountId, webhookId, deliveryId: row.delivery_id, error: message }, 'a call could not be made')
    if (error instanceof UnknownSealKeyError) return { putOffMs: 60_000 }
    if (error instanceof DamagedSealError) return ended(unsendable)
    return { putOffMs: 1_000 }
  }
}

/** The request of one call; what was signed is written into `call`, which is what gets recorded. */
function sign(
  call: Omit<CallRecord, 'result' | 'next'>,
  target: Target,
  row: Waiting,
  preSharedKey: Secret | undefined,
): OutgoingCall {
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

const unsendable: CallResult = {
  status: null,
  failure: 'unsendable',
  detail: 'secret-unreadable',
  durationMs: 0,
  connectMs: null,
  firstByteMs: null,
  responseHeaders: [],
  responseBody: '',
  responseBytes: 0,
  retryAfterSeconds: null,
}
