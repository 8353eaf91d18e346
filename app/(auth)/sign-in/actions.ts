'use server'

import { type SignIn, signInSchema } from '@/lib/accounts/account-schema'
import { authoriseVisitor } from '@/lib/accounts/authorise'
import { signInWithPassword } from '@/lib/accounts/sign-in'
import { done, type FormResult, invalid } from '@/lib/form-result'

/** Answers the address of the page that follows. */
export async function signIn(input: SignIn): Promise<FormResult<{ address: string }>> {
  const visitor = await authoriseVisitor()
  const parsed = signInSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const result = await signInWithPassword(parsed.data, visitor)
  return result.ok ? done({ address: '/settings/webhooks' }) : result
}
