'use server'

import { auth } from '@/lib/accounts/auth'
import { authoriseVisitor } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { type FormResult, invalid } from '@/lib/form-result'
import { linkTokenSchema, type NewPassword, newPasswordSchema } from '@/lib/people/people-schema'
import { isResetToken, resetPassword } from '@/lib/people/reset-password'

/** Whether the link still works. */
export async function checkLink(token: string): Promise<boolean> {
  await authoriseVisitor()
  const parsed = linkTokenSchema.safeParse(token)
  return parsed.success && isResetToken(auth(), parsed.data)
}

export async function setNewPassword(token: string, input: NewPassword): Promise<FormResult> {
  await authoriseVisitor()
  const parsed = newPasswordSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return resetPassword(db(), linkTokenSchema.parse(token), parsed.data.password)
}
