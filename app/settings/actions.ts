'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { auth } from '@/lib/accounts/auth'
import { authorise } from '@/lib/accounts/authorise'

export async function signOut(): Promise<void> {
  await authorise('viewer')
  await auth().api.signOut({ headers: await headers() })
  redirect('/sign-in')
}
