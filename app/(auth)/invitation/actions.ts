'use server'

import { type SignIn, signInSchema } from '@/lib/accounts/account-schema'
import { authoriseVisitor, readSession } from '@/lib/accounts/authorise'
import { type Entered, signInWithPassword } from '@/lib/accounts/sign-in'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid, refused } from '@/lib/form-result'
import { type OpenedInvitation, openInvitation } from '@/lib/people/invitations'
import { joinAsNewPerson, joinAsPerson } from '@/lib/people/join'
import { type Code, codeSchema, linkTokenSchema, type NewPassword, newPasswordSchema } from '@/lib/people/people-schema'
import { signInWithCode } from '@/lib/people/two-factor'

export async function readInvitation(token: string): Promise<OpenedInvitation | undefined> {
  await authoriseVisitor()
  const parsed = linkTokenSchema.safeParse(token)
  return parsed.success ? openInvitation(db(), parsed.data) : undefined
}

/** Joins with the sign-in of this browser. Answers the address of the page that follows. */
export async function join(token: string): Promise<FormResult<{ address: string }>> {
  await authoriseVisitor()
  const found = await readSession()
  if (!found) return refused('You are signed out. Open the link again and sign in.')
  const { id, email } = found.user
  const joined = await joinAsPerson(db(), linkTokenSchema.parse(token), { id, email, sessionId: found.session.id })
  return joined.ok ? done({ address: '/settings/webhooks' }) : joined
}

/** Makes a sign-in and joins. Answers the address of the page that follows. */
export async function joinWithPassword(token: string, input: NewPassword): Promise<FormResult<{ address: string }>> {
  const visitor = await authoriseVisitor()
  const parsed = newPasswordSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { password } = parsed.data
  const joined = await joinAsNewPerson(db(), linkTokenSchema.parse(token), password)
  if (!joined.ok) return joined
  const signedIn = await signInWithPassword({ email: joined.value.email, password }, visitor)
  return done({ address: signedIn.ok ? '/settings/webhooks' : '/sign-in' })
}

/** Signs in on the page of the invitation: also a person who belongs to no account yet. */
export async function signInHere(input: SignIn): Promise<FormResult<Entered>> {
  const visitor = await authoriseVisitor()
  const parsed = signInSchema.safeParse(input)
  return parsed.success ? signInWithPassword(parsed.data, visitor) : invalid(parsed.error)
}

export async function enterCodeHere(input: Code): Promise<FormResult<Entered>> {
  const visitor = await authoriseVisitor()
  const parsed = codeSchema.safeParse(input)
  return parsed.success ? signInWithCode(parsed.data.code, visitor) : invalid(parsed.error)
}
