'use server'

import { refresh } from 'next/cache'
import { type ChangePassword, changePasswordSchema } from '@/lib/accounts/account-schema'
import { authorisePerson, authoriseVisitor, refuseMissing } from '@/lib/accounts/authorise'
import { changePassword } from '@/lib/accounts/sign-in'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid } from '@/lib/form-result'
import { type Code, codeSchema, type PresentPassword, presentPasswordSchema } from '@/lib/people/people-schema'
import { endSession, endSessions } from '@/lib/people/sessions'
import {
  confirmTwoFactor,
  endTwoFactor,
  renewRecoveryCodes,
  startTwoFactor,
  type TwoFactorSetup,
} from '@/lib/people/two-factor'
import * as z from '@/lib/zod'

export async function changeOwnPassword(input: ChangePassword): Promise<FormResult> {
  const who = await authorisePerson()
  const parsed = changePasswordSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return refreshed(await changePassword(parsed.data, who, await authoriseVisitor()))
}

export async function endOwnSession(id: string): Promise<FormResult> {
  const { user } = await authorisePerson()
  const ended = await endSession(db(), user.id, z.uuid().parse(id))
  return ended ? refreshed(done(undefined)) : refuseMissing()
}

/** Ends this session, too. Answers the address of the page that follows. */
export async function signOutEverywhere(): Promise<FormResult<{ address: string }>> {
  const { user } = await authorisePerson()
  await endSessions(db(), user.id)
  return done({ address: '/sign-in' })
}

export async function beginTwoFactor(input: PresentPassword): Promise<FormResult<TwoFactorSetup>> {
  const who = await authorisePerson()
  const parsed = presentPasswordSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return startTwoFactor(parsed.data.password, who, await authoriseVisitor())
}

export async function turnTwoFactorOn(input: Code): Promise<FormResult> {
  const who = await authorisePerson()
  const parsed = codeSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return refreshed(await confirmTwoFactor(parsed.data.code, who, await authoriseVisitor()))
}

export async function makeRecoveryCodes(input: PresentPassword): Promise<FormResult<string[]>> {
  const who = await authorisePerson()
  const parsed = presentPasswordSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return renewRecoveryCodes(parsed.data.password, who, await authoriseVisitor())
}

export async function turnTwoFactorOff(input: PresentPassword): Promise<FormResult> {
  const who = await authorisePerson()
  const parsed = presentPasswordSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return refreshed(await endTwoFactor(parsed.data.password, who, await authoriseVisitor()))
}

function refreshed<T>(result: FormResult<T>): FormResult<T> {
  if (result.ok) refresh()
  return result
}
