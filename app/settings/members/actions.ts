'use server'

import { refresh } from 'next/cache'
import { answered, authorise } from '@/lib/accounts/authorise'
import { roles } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid } from '@/lib/form-result'
import { demandTwoFactor } from '@/lib/people/demand-two-factor'
import { type InvitedHow, mailInvitation } from '@/lib/people/invitation-mail'
import { invite, withdrawInvitation } from '@/lib/people/invitations'
import { changeRole, removeMember } from '@/lib/people/members'
import { type InvitationForm, invitationSchema } from '@/lib/people/people-schema'
import * as z from '@/lib/zod'

const uuid = z.uuid()

export async function inviteMember(input: InvitationForm): Promise<FormResult<InvitedHow>> {
  const { account, user } = await authorise('owner')
  const parsed = invitationSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const invited = await invite(db(), { accountId: account.id, by: user.id }, parsed.data)
  if (!invited.ok) return invited
  refresh()
  return done(await mailInvitation(invited.value.path, parsed.data, { accountName: account.name, inviter: user.email }))
}

export async function withdraw(id: string): Promise<FormResult> {
  const { account, user } = await authorise('owner')
  return shown(await withdrawInvitation(db(), account.id, user.id, uuid.parse(id)))
}

export async function setRole(userId: string, role: string): Promise<FormResult> {
  const { account, user } = await authorise('owner')
  const change = { accountId: account.id, by: user.id, userId: uuid.parse(userId) }
  return shown(await changeRole(db(), change, z.enum(roles).parse(role)))
}

export async function takeOut(userId: string): Promise<FormResult> {
  const { account, user } = await authorise('owner')
  return shown(await removeMember(db(), { accountId: account.id, by: user.id, userId: uuid.parse(userId) }))
}

/** Answers the address of the page that follows: that of the person's next account, or the sign-in page. */
export async function leave(): Promise<FormResult<{ address: string }>> {
  const { account, user } = await authorise('viewer')
  const left = await removeMember(db(), { accountId: account.id, by: user.id, userId: user.id })
  return left.ok ? done({ address: '/' }) : left
}

export async function demand(demanded: boolean): Promise<FormResult> {
  const who = await authorise('owner')
  return shown(await demandTwoFactor(db(), who, z.boolean().parse(demanded)))
}

function shown(result: FormResult): FormResult {
  if (result.ok) refresh()
  return answered(result)
}
