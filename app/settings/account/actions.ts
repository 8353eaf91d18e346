'use server'

import { refresh } from 'next/cache'
import {
  type AccountSettings,
  accountSettingsSchema,
  type ChangePassword,
  changePasswordSchema,
} from '@/lib/accounts/account-schema'
import { authorise, authoriseVisitor } from '@/lib/accounts/authorise'
import { updateAccountSettings } from '@/lib/accounts/settings'
import { changePassword } from '@/lib/accounts/sign-in'
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

export async function changeOwnPassword(input: ChangePassword): Promise<FormResult> {
  const authorised = await authorise('viewer')
  const parsed = changePasswordSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return changePassword(parsed.data, authorised, await authoriseVisitor())
}
