'use server'

import { refresh, revalidatePath } from 'next/cache'
import { answered, authorise, refuseMissing } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, refused } from '@/lib/form-result'
import { countQueued } from '@/lib/pipeline/queue/end'
import { countRecoverable } from '@/lib/recovery/failed-deliveries'
import { recoverGivenUp } from '@/lib/recovery/recovery-jobs'
import { fireStored, type TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { endFirstSteps } from '@/lib/webhooks/first-steps'
import { removePreSharedKey, revealPreSharedKey, setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { deleteWebhook, type SwitchResult, switchWebhook } from '@/lib/webhooks/switch-webhook'
import { readTurnedOff, type TurnedOff } from '@/lib/webhooks/turned-off'
import { gone } from '@/lib/webhooks/update-webhook'
import { type WaitingKey, waitingWithKey } from '@/lib/webhooks/waiting-keys'
import { type PreSharedKeyForm, preSharedKeySchema } from '@/lib/webhooks/webhook-schema'
import { readWebhookState } from '@/lib/webhooks/webhook-state'
import * as z from '@/lib/zod'

const webhookId = z.uuid()

export async function saveKey(input: PreSharedKeyForm): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = preSharedKeySchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  await setPreSharedKey(db(), account.id, user.id, parsed.data.key)
  revalidatePath('/settings/webhooks')
  return done(undefined)
}

export async function removeKey(): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  await removePreSharedKey(db(), account.id, user.id)
  revalidatePath('/settings/webhooks')
  return done(undefined)
}

export async function revealKey(): Promise<{ value: string } | { error: string }> {
  const { account, user } = await authorise('admin')
  const key = await revealPreSharedKey(db(), account.id, user.id)
  return key ? { value: key.reveal() } : { error: 'The key was removed in the meantime. Reload the page.' }
}

/** The first steps were finished or hidden. */
export async function endSteps(): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  await endFirstSteps(db(), account.id, user.id)
  refresh()
  return done(undefined)
}

/** The waiting calls that carry the key in force. */
export async function readWaitingKey(): Promise<WaitingKey> {
  const { account } = await authorise('admin')
  return waitingWithKey(db(), account.id, 'present')
}

export async function countQueuedOf(id: string): Promise<number> {
  const { account } = await authorise('admin')
  await requireWebhook(account.id, webhookId.parse(id))
  return countQueued(db(), account.id, id)
}

export async function switchOn(id: string, enabled: boolean): Promise<FormResult<{ cancelled: number }>> {
  const { account, user } = await authorise('admin')
  return afterChange(await switchWebhook(db(), account.id, user.id, webhookId.parse(id), z.boolean().parse(enabled)))
}

export async function readTurnedOffOf(id: string): Promise<TurnedOff | undefined> {
  const { account } = await authorise('admin')
  await requireWebhook(account.id, webhookId.parse(id))
  return readTurnedOff(db(), account.id, id)
}

/** Starts the recovery of what was given up on since then. Answers how many deliveries that are. */
export async function recover(id: string, since: number): Promise<FormResult<{ recovered: number }>> {
  const { account, user } = await authorise('admin')
  const parsed = { id: webhookId.parse(id), since: z.int().min(0).parse(since) }
  const recovered = await countRecoverable(db(), account.id, parsed.id, parsed.since)
  const started = await recoverGivenUp(db(), account.id, user.id, parsed.id, parsed.since, recovered)
  refresh()
  if (started === 'gone') return answered(gone)
  if (started === 'off') return refused('The WebHook is off. Turn it on, then recover what failed.')
  return done({ recovered })
}

export async function removeWebhook(id: string): Promise<FormResult<{ cancelled: number }>> {
  const { account, user } = await authorise('admin')
  return afterChange(await deleteWebhook(db(), account.id, user.id, webhookId.parse(id)))
}

export async function testFireStored(id: string): Promise<FormResult<TestFireAnswer>> {
  const { account } = await authorise('admin')
  return answered(await fireStored(db(), account.id, webhookId.parse(id)))
}

async function requireWebhook(accountId: string, id: string): Promise<void> {
  if (!(await readWebhookState(db(), accountId, id))) refuseMissing()
}

function afterChange(result: SwitchResult): FormResult<{ cancelled: number }> {
  revalidatePath('/settings/webhooks')
  return result.outcome === 'gone' ? answered(gone) : done({ cancelled: result.cancelled })
}
