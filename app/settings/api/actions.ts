'use server'

import { refresh } from 'next/cache'
import { type ApiKeyForm, apiKeyFormSchema } from '@/lib/accounts/api-key-schema'
import { createApiKey, revokeApiKey } from '@/lib/accounts/api-keys'
import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, refused } from '@/lib/form-result'
import * as z from '@/lib/zod'

export async function makeKey(input: ApiKeyForm): Promise<FormResult<{ key: string }>> {
  const { account, user } = await authorise('admin')
  const parsed = apiKeyFormSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { key } = await createApiKey(db(), account.id, user.id, parsed.data)
  refresh()
  return done({ key })
}

export async function revokeKey(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = z.uuid().safeParse(id)
  const revoked = parsed.success && (await revokeApiKey(db(), account.id, user.id, parsed.data))
  refresh()
  return revoked ? done(undefined) : refused('This key was revoked already.')
}
