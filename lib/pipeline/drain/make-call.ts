import { hubTime, newId, timeOfId } from '../../db/ids'
import type { Log } from '../../log'
import { DamagedSealError, UnknownSealKeyError } from '../../secrets/seal'
import type { Secret } from '../../secrets/secret'
import { showId } from '../../type-id'
import { secretsAt } from '../../webhooks/secrets-in-force'
import type { CallResult } from '../deliver/call-result'
import { deliver, type OutgoingCall } from '../deliver/deliver'
import { maskEcho } from '../deliver/mask-echo'
import { authorizationValue, callHeaders } from '../deliver/request'
import type { Target, Unusable } from '../deliver/targets'
import type { CallRecord } from '../queue/call-record'
import type { ClaimedRow } from '../queue/claimed-row'
import { nextStep, probingDelayMs } from '../queue/retry'
import type { DrainOptions } from './drain-options'
import { endsInTime, type Waiting, type WebhookBuffer } from './webhook-buffer'

/** Grows into the record of its call: copying what is made ten thousand times a second costs more than it is worth. */
type Begun = Omit<CallRecord, 'result' | 'next'> & Partial<CallRecord>

/**
 * Makes the next call of a claimed row and says what to record, or for how long to put the row off because no call
 * could be made: a key of the operator's ring is missing, the database did not answer, or the lease is nearly over.
 * Never throws: a row that can't be sent fails alone.
 */
export async function callOnce(
  { targets, log, leaseMs, random }: Required<DrainOptions>,
  { accountId, target }: WebhookBuffer,
  row: Waiting,
): Promise<CallRecord | { deferMs: number }> {
  const call = begin(row, target)
  let preSharedKey: Secret | undefined
  try {
    if (call.keyVersion !== null)
      preSharedKey =
        targets.knownPreSharedKey(accountId, call.keyVersion) ??
        (await targets.preSharedKey(accountId, call.keyVersion))
  } catch (error) {
    report(log, row, error)
    if (error instanceof DamagedSealError) return end(call, unsendable('secret-unreadable'), target.retries, random)
    return { deferMs: error instanceof UnknownSealKeyError ? 60_000 : 1_000 }
  }
  // Reading the key may have taken any time, and so may whoever stopped this process meanwhile.
  if (!endsInTime(row, target.timeoutMs, leaseMs)) return { deferMs: 0 }
  try {
    const answer = await deliver(target.client, sign(call, target, row, preSharedKey), target.timeoutMs)
    const result = maskEcho(answer, {
      basic: target.basic,
      preSharedKey,
      signing: target.secrets.map(({ secret }) => secret),
      custom: target.customHeaders,
    })
    return end(call, result, target.retries, random)
  } catch (error) {
    report(log, row, error)
    return end(call, unsendable(null), target.retries, random)
  }
}

function report(log: Log, row: Waiting, error: unknown) {
  const { account_id: accountId, webhook_id: webhookId, delivery_id: deliveryId } = row
  log.error({ accountId, webhookId, deliveryId, error: (error as Error).message }, 'a call could not be made')
}

/** The failed call of a row whose webhook can't be read: it counts as an attempt, so that its tries are bounded. */
export const unreadableCall = (
  row: ClaimedRow,
  { version, retries, unusable }: Unusable,
  random: () => number,
): CallRecord => recordOf(row, { version, retries }, unsendable(unusable), random)

/** What is recorded of a call of `row` that ended so. */
export const recordOf = (
  row: ClaimedRow,
  target: { version: number; retries: number },
  result: CallResult,
  random: () => number,
): CallRecord => end(begin(row, target), result, target.retries, random)

const begin = (row: ClaimedRow, target: { version: number; usesAccountKey?: boolean }): Begun => ({
  earlierAttempts: row.earlier_attempts,
  failing: row.failing,
  probe: row.probe ?? false,
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
  secretVersion: null,
})

function end(call: Begun, result: CallResult, retries: number, random: () => number): CallRecord {
  call.result = result
  // A probe that fails leaves its delivery where it was: waiting, until the webhook is well.
  call.next =
    call.probe && result.failure !== null
      ? { kind: 'retry', delayMs: probingDelayMs(random()) }
      : nextStep(result, call.attempt - call.earlierAttempts, retries, random())
  return call as CallRecord
}

/** The request of one call; what was signed is written into `call`, which is what gets recorded. */
function sign(call: Begun, target: Target, row: Waiting, preSharedKey: Secret | undefined): OutgoingCall {
  const deliveryId = showId('delivery', row.delivery_id)
  const now = hubTime()
  const timestamp = Math.floor(now / 1000)
  const body = row.body as string
  const secrets = secretsAt(target.secrets, now)
  const signature = target.format.sign({ deliveryId, timestamp, body, secrets: secrets.map(({ secret }) => secret) })
  call.signedAt = timestamp
  call.signature = signature
  call.secretVersion = secrets[0]?.version ?? null
  const headers = callHeaders({
    format: target.format,
    encoding: target.encoding,
    deliveryId,
    attempt: call.attempt,
    feedbackVersion: row.feedback_version,
    timestamp,
    triggeredAtMs: timeOfId(row.delivery_id),
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
