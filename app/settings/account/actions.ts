'use server'

import { refresh } from 'next/cache'
import { type AccountSettings, accountSettingsSchema } from '@/lib/accounts/account-schema'
import { authorise } from '@/lib/accounts/authorise'
import { updateAccountSettings } from '@/lib/accounts/settings'
import { db } from '@/lib/db/client'
import { type FormResult, invalid } from '@/lib/form-result'

export async function saveAccount(input: AccountSettings): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = accountSettingsSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const result = await updateAccountSettings(db(), account.id, user.id, parsed.data)
  if (result.ok) refresh()
  return result
}
