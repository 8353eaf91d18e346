'use server'

import { refresh } from 'next/cache'
import { answered, authorise, refuseMissing } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid } from '@/lib/form-result'
import { fireStored, type TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { endOverlap, rotateSecret } from '@/lib/webhooks/rotate-secret'
import { type RotationInput, rotationSchema } from '@/lib/webhooks/rotation-schema'
import { revealSigningSecret } from '@/lib/webhooks/signing-secret'
import { versionInForce } from '@/lib/webhooks/stored-content'
import { deleteWebhook, switchWebhook } from '@/lib/webhooks/switch-webhook'
import { gone } from '@/lib/webhooks/update-webhook'
import * as z from '@/lib/zod'

const webhookId = z.uuid()

export async function revealSecretOf(id: string, version: number): Promise<{ value: string }> {
  const { account, user } = await authorise('admin')
  const secret = await revealSigningSecret(db(), account.id, user.id, webhookId.parse(id), z.int().parse(version))
  return secret ? { value: secret.reveal() } : refuseMissing()
}

export async function rotate(id: string, input: RotationInput): Promise<FormResult<{ version: number }>> {
  const { account, user } = await authorise('admin')
  const webhook = await versionInForce(db(), account.id, webhookId.parse(id))
  if (!webhook) return answered(gone)
  const parsed = rotationSchema(webhook.format).safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const result = await rotateSecret(db(), {
    accountId: account.id,
    userId: user.id,
    webhookId: id,
    rotation: parsed.data,
  })
  if (result.ok) refresh()
  return answered(result)
}

export async function endOverlapNow(id: string): Promise<FormResult<{ ended: boolean }>> {
  const { account, user } = await authorise('admin')
  const result = await endOverlap(db(), account.id, user.id, webhookId.parse(id))
  if (result.ok) refresh()
  return answered(result)
}

export async function switchHere(id: string, enabled: boolean): Promise<FormResult<{ cancelled: number }>> {
  const { account, user } = await authorise('admin')
  const result = await switchWebhook(db(), account.id, user.id, webhookId.parse(id), z.boolean().parse(enabled))
  refresh()
  return result.outcome === 'gone' ? answered(gone) : done({ cancelled: result.cancelled })
}

/** Test-fires the WebHook and refreshes the page, which then knows whether sources may be added. */
export async function testFireHere(id: string): Promise<FormResult<TestFireAnswer>> {
  const { account } = await authorise('admin')
  const result = await fireStored(db(), account.id, webhookId.parse(id))
  refresh()
  return answered(result)
}

/** Test-fires the WebHook, signed with its newest secret alone. */
export async function testNewSecret(id: string): Promise<FormResult<TestFireAnswer>> {
  const { account } = await authorise('admin')
  const result = await fireStored(db(), account.id, webhookId.parse(id), { newSecret: true })
  refresh()
  return answered(result)
}

/** Deletes the WebHook. It does not refresh the page, which has nothing left to show and goes to the list. */
export async function removeHere(id: string): Promise<FormResult<{ cancelled: number }>> {
  const { account, user } = await authorise('admin')
  const result = await deleteWebhook(db(), account.id, user.id, webhookId.parse(id))
  return result.outcome === 'gone' ? answered(gone) : done({ cancelled: result.cancelled })
}
