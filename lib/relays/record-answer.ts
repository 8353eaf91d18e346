import { judgeAnswer, judgeError } from '../pipeline/deliver/deliver'
import { finishCall, type PreparedCall, secretsOf } from '../pipeline/drain/make-call'
import { recordCalls, recordLate } from '../pipeline/queue/record'
import { DamagedSealError, unseal } from '../secrets/seal'
import { relayTimeoutS } from './open-relay'
import type { RelayAnswer } from './relay-schema'
import { callPlace, type Pipeline } from './take-calls'

/**
 * Records what became of a relayed call as the hub's own call: the same judgement, the same masking of echoed secrets, the
 * same statement. It says nothing of a webhook's health. `unknown`: this relay was given no such call. `over`: it was
 * recorded already, or its lease has ended.
 */
export async function recordAnswer(
  { db, targets }: Pipeline,
  { accountId, webhookId }: { accountId: string; webhookId: string },
  { call: sealed, durationMs, result: given }: RelayAnswer,
): Promise<'recorded' | 'over' | 'unknown'> {
  let call: PreparedCall
  try {
    call = JSON.parse(unseal(sealed, callPlace(accountId, webhookId)).reveal())
  } catch (error) {
    if (error instanceof DamagedSealError) return 'unknown'
    throw error
  }
  const target = await targets.get(accountId, webhookId, 0)
  if (!target || 'unusable' in target) return 'over'
  const judged =
    given.kind === 'answer'
      ? await judgeAnswer({ ...given, body: Buffer.from(given.body, 'base64') }, target.success)
      : await judgeError(given.code, relayTimeoutS * 1000)
  const result = { ...judged, durationMs, firstByteMs: given.kind === 'answer' ? given.firstByteMs : null }
  const record = finishCall(call, target.echoes.mask(result, await secretsOf(targets, target, call)), target.retries)
  const written = (await recordCalls(db, [record])) || (await recordLate(db, [record]))
  return written ? 'recorded' : 'over'
}
