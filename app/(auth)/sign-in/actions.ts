'use server'

import { type SignIn, signInSchema } from '@/lib/accounts/account-schema'
import { authoriseVisitor } from '@/lib/accounts/authorise'
import { type Entered, refuseWithoutAccount, signInWithPassword } from '@/lib/accounts/sign-in'
import { done, type FormResult, invalid } from '@/lib/form-result'
import { type Code, codeSchema } from '@/lib/people/people-schema'
import { signInWithCode } from '@/lib/people/two-factor'

/** Answers the address of the page that follows; undefined when a code is needed as well. */
type Next = FormResult<{ address?: string }>

export async function signIn(input: SignIn): Promise<Next> {
  const visitor = await authoriseVisitor()
  const parsed = signInSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return nextOf(await signInWithPassword(parsed.data, visitor))
}

export async function enterCode(input: Code): Promise<Next> {
  const visitor = await authoriseVisitor()
  const parsed = codeSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return nextOf(await signInWithCode(parsed.data.code, visitor))
}

async function nextOf(entered: FormResult<Entered>): Promise<Next> {
  if (!entered.ok) return entered
  if (entered.value.needsCode) return done({})
  const refusal = await refuseWithoutAccount(entered.value.userId)
  return refusal.ok ? done({ address: '/settings/webhooks' }) : refusal
}
