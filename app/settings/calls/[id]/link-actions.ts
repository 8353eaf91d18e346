'use server'

import { refresh } from 'next/cache'
import { answered, authorise } from '@/lib/accounts/authorise'
import { makeCallLink, revokeCallLink } from '@/lib/calls/call-links'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { done, type FormResult } from '@/lib/form-result'
import * as z from '@/lib/zod'

const linkSchema = z.object({ personal: z.boolean() })

/** Makes a link to the read-only page of a call. The link is shown once. */
export async function makeLink(callId: string, input: { personal: boolean }): Promise<FormResult<{ url: string }>> {
  const { account, user } = await authorise('admin')
  const link = { callId: z.uuid().parse(callId), ...linkSchema.parse(input) }
  const made = await makeCallLink(db(), { accountId: account.id, userId: user.id }, link)
  if (!made.ok) return answered(made)
  refresh()
  return done({ url: new URL(made.value.path, env().HEARBACK_URL).href })
}

export async function revokeLink(id: string): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const revoked = await revokeCallLink(db(), account.id, user.id, z.uuid().parse(id))
  refresh()
  return answered(revoked)
}
