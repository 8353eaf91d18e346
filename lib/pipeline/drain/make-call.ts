import { hubTime, newId } from '../../db/ids'
import type { Log } from '../../log'
import { DamagedSealError, UnknownSealKeyError } from '../../secrets/seal'
import type { Secret } from '../../secrets/secret'
import { secretsAt } from '../../webhooks/secrets-in-force'
import type { CallResult } from '../deliver/call-result'
import { deliver, type OutgoingCall } from '../deliver/deliver'
import { buildCall, type CallSecrets, type SignedCall } from '../deliver/request'
import type { Target, Targets, Unusable } from '../deliver/targets'
import type { CallRecord } from '../queue/call-record'
import type { ClaimedRow } from '../queue/claimed-row'
import { afterFailedProbe, nextStep } from '../queue/retry'
import type { DrainOptions } from './drain-options'
import { endsInTime, type Waiting, type WebhookBuffer } from './webhook-buffer'

/** Becomes the record of its call in place: a copy for each of ten thousand calls a second costs too much. */
type Begun = Omit<CallRecord, 'result' | 'next'> & Partial<CallRecord>

export type CallOptions = Required<DrainOptions> & { holds: (claimedAt: number) => boolean }

/**
 * Makes the next call of a claimed row and returns its record; or, where no call could be made, after how many
 * milliseconds to make the row due again: a key of the operator's ring is missing, the database did not answer, or the
 * lease is nearly over. Never throws: a row that can't be sent fails alone. `holds`: whether rows claimed then are still
 * this drainer's.
 */
export async function callOnce(
  { targets, log, leaseMs, random, holds }: CallOptions,
  { accountId, target }: WebhookBuffer,
  row: Waiting,
): Promise<CallRecord | { releaseMs: number }> {
  const call = begin(row, target)
  const probing = row.health_state === 'probing'
  let preSharedKey: Secret | undefined
  try {
    if (call.keyVersion !== null)
      preSharedKey =
        targets.knownPreSharedKey(accountId, call.keyVersion) ??
        (await targets.preSharedKey(accountId, call.keyVersion))
  } catch (error) {
    report(log, row, error)
    if (error instanceof DamagedSealError)
      return end(call, probing, unsendable('secret-unreadable'), target.retries, random)
    return { releaseMs: error instanceof UnknownSealKeyError ? 60_000 : 1_000 }
  }
  // Reading the key may have taken any time, and the process may have been stopped meanwhile.
  if (!endsInTime(row, target.timeoutMs, leaseMs) || !holds(row.claimedAt)) return { releaseMs: 0 }
  try {
    const { request, secrets } = sign(call, target, row, preSharedKey)
    const result = await deliver(target.client, request, target.timeoutMs, target.success)
    return end(call, probing, target.echoes.mask(result, secrets), target.retries, random)
  } catch (error) {
    report(log, row, error)
    return end(call, probing, unsendable(null), target.retries, random)
  }
}

/** A call that is signed and not made: what is recorded of it before its result. It survives JSON. */
export type PreparedCall = Begun

/** Signs the call of a claimed row that somebody else makes. Throws as `unseal` does. */
export async function prepareCall(
  targets: Targets,
  target: Target,
  row: ClaimedRow,
): Promise<{ call: PreparedCall; request: OutgoingCall }> {
  const call = begin(row, target)
  const { request } = sign(call, target, row, await keyOf(targets, call))
  return { call, request }
}

/** The record of a prepared call with this result, which is masked already. */
export const finishCall = (call: PreparedCall, result: CallResult, retries: number): CallRecord =>
  end(call, false, result, retries, Math.random)

/** What a receiver of a prepared call may echo and nobody may read. */
export const secretsOf = async (targets: Targets, target: Target, call: PreparedCall): Promise<CallSecrets> => ({
  basic: target.basic,
  preSharedKey: await keyOf(targets, call),
  signing: secretsAt(target.secrets, hubTime()).map(({ secret }) => secret),
  custom: target.customHeaders,
})

const keyOf = async (targets: Targets, { accountId, keyVersion }: PreparedCall): Promise<Secret | undefined> =>
  keyVersion === null ? undefined : targets.preSharedKey(accountId, keyVersion)

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

/** The record of a call of `row` with this result. */
export const recordOf = (
  row: ClaimedRow,
  target: { version: number; retries: number },
  result: CallResult,
  random: () => number,
): CallRecord => end(begin(row, target), row.health_state === 'probing', result, target.retries, random)

const begin = (row: ClaimedRow, target: { version: number; usesAccountKey?: boolean }): Begun => ({
  earlierAttempts: row.earlier_attempts,
  failing: row.failing,
  probe: row.probe,
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
  replay: row.replay,
})

function end(call: Begun, probing: boolean, result: CallResult, retries: number, random: () => number): CallRecord {
  const attempt = call.attempt - call.earlierAttempts
  call.result = result
  call.next =
    call.probe && result.failure !== null && result.asked !== 'abort-message'
      ? afterFailedProbe(result, attempt - 1, probing, random())
      : nextStep(result, attempt, retries, random())
  return call as CallRecord
}

/** The signed request of one call. What was signed is written into `call`, which is what gets recorded. */
function sign(call: Begun, target: Target, row: ClaimedRow, preSharedKey: Secret | undefined): SignedCall {
  const nowMs = hubTime()
  const secrets = secretsAt(target.secrets, nowMs)
  const signed = buildCall({
    format: target.format,
    encoding: target.encoding,
    path: target.path,
    body: row.body as string,
    deliveryId: call.deliveryId,
    attempt: call.attempt,
    feedbackVersion: row.feedback_version,
    credentials: { basic: target.basic, preSharedKey },
    custom: target.customHeaders,
    secrets: secrets.map(({ secret }) => secret),
    nowMs,
    replay: call.replay,
  })
  call.signedAt = signed.signedAt
  call.signature = signed.signature
  call.secretVersion = secrets[0]?.version ?? null
  return signed
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
