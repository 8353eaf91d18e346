'use server'

import { refresh } from 'next/cache'
import { type ApiKeyForm, apiKeyFormSchema, keyEnds, rotationDays } from '@/lib/accounts/api-key-schema'
import { createApiKey, revokeApiKey, rotateApiKey } from '@/lib/accounts/api-keys'
import { answered, authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, missing } from '@/lib/form-result'
import * as z from '@/lib/zod'

export async function makeKey(input: ApiKeyForm): Promise<FormResult<{ key: string }>> {
  const { account, user } = await authorise('admin')
  const parsed = apiKeyFormSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { ends, ...form } = parsed.data
  const { key } = await createApiKey(db(), account.id, user.id, { ...form, days: keyEnds[ends] })
  refresh()
  return done({ key })
}

export async function revokeKey(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const revoked = await revokeApiKey(db(), account.id, user.id, z.uuid().parse(id))
  refresh()
  return answered(revoked ? done(undefined) : missing('This key was revoked already.'))
}

/** Makes the key that takes this one's place; this one goes on for `days`. */
export async function rotateKey(id: string, days: number): Promise<FormResult<{ key: string }>> {
  const { account, user } = await authorise('admin')
  const which = { accountId: account.id, userId: user.id, id: z.uuid().parse(id) }
  const rotated = await rotateApiKey(db(), which, z.literal(rotationDays).parse(days))
  if (!rotated.ok) return answered(rotated)
  refresh()
  return done({ key: rotated.value.key })
}
