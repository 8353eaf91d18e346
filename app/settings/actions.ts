'use server'

import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { authWithoutCookies } from '@/lib/accounts/auth'
import { authorise, authorisePerson, refuseMissing } from '@/lib/accounts/authorise'
import { switchAccount } from '@/lib/accounts/membership'
import { db } from '@/lib/db/client'
import { done, type FormResult } from '@/lib/form-result'
import { dismissNotice, type OpenNotices, openNotices } from '@/lib/notices/open-notices'
import * as z from '@/lib/zod'

/** Answers the address of the page that follows. */
export async function signOut(): Promise<{ address: string }> {
  await authorisePerson()
  await authWithoutCookies().api.signOut({ headers: await headers() })
  return { address: '/sign-in' }
}

/** From now on this session works in another account of the person. Answers the address of the page that follows. */
export async function switchTo(accountId: string): Promise<{ address: string }> {
  const { user, sessionId } = await authorisePerson()
  const switched = await switchAccount(db(), { userId: user.id, sessionId, accountId: z.uuid().parse(accountId) })
  return switched ? { address: '/settings/webhooks' } : refuseMissing()
}

export async function dismiss(noticeId: string): Promise<FormResult<OpenNotices>> {
  const { account } = await authorise('admin')
  if (!(await dismissNotice(db(), account.id, z.uuid().parse(noticeId)))) return refuseMissing()
  refresh()
  return done(await openNotices(db(), account.id))
}
