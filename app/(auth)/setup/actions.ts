'use server'

import { type NewAccount, newAccountSchema } from '@/lib/accounts/account-schema'
import { authoriseVisitor } from '@/lib/accounts/authorise'
import { createFirstAccount } from '@/lib/accounts/create-account'
import { setupCodeMatches } from '@/lib/accounts/setup-code'
import { signInWithPassword } from '@/lib/accounts/sign-in'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, refused } from '@/lib/form-result'

/** Answers the address of the page that follows. */
export async function setUp(code: string, input: NewAccount): Promise<FormResult<{ address: string }>> {
  const visitor = await authoriseVisitor()
  if (typeof code !== 'string' || !setupCodeMatches(code))
    return refused('The set-up link is no longer valid. Open the one that this hub printed when it last started.')
  const parsed = newAccountSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const made = await createFirstAccount(db(), parsed.data)
  if (!made) return refused('Somebody has just set up this hub. Open its address and sign in.')
  if (!made.ok) return made
  const { email, password } = parsed.data
  const signedIn = await signInWithPassword({ email, password }, visitor)
  return done({ address: signedIn.ok ? '/settings/webhooks' : '/sign-in' })
}
