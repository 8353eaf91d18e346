'use server'

import { after } from 'next/server'
import { auth } from '@/lib/accounts/auth'
import { authoriseVisitor } from '@/lib/accounts/authorise'
import { countResetRequest } from '@/lib/accounts/throttle'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, refused } from '@/lib/form-result'
import { type Forgotten, forgottenSchema } from '@/lib/people/people-schema'
import { mailResetLink } from '@/lib/people/reset-password'

/** Answers the same for every address, and before any is looked up: neither words nor time tell who has a sign-in here. */
export async function askForLink(input: Forgotten): Promise<FormResult> {
  const { address } = await authoriseVisitor()
  const parsed = forgottenSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { email } = parsed.data
  const usedUp = await countResetRequest(db(), { email, address })
  if (usedUp === 'address') return refused('There were too many requests from here. Try again in 15 minutes.')
  if (usedUp === 'none') after(() => mailResetLink(db(), auth(), email))
  return done(undefined)
}
