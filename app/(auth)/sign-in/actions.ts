'use server'

import { redirect } from 'next/navigation'
import { type SignIn, signInSchema } from '@/lib/accounts/account-schema'
import { authoriseVisitor } from '@/lib/accounts/authorise'
import { signInWithPassword } from '@/lib/accounts/sign-in'
import { type FormResult, invalid } from '@/lib/form-result'

export async function signIn(input: SignIn): Promise<FormResult> {
  const visitor = await authoriseVisitor()
  const parsed = signInSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const result = await signInWithPassword(parsed.data, visitor)
  if (!result.ok) return result
  redirect('/settings/webhooks')
}
