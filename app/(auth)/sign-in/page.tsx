import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInSteps } from '@/components/accounts/sign-in-steps'
import { signedIn } from '@/lib/accounts/authorise'
import { hasNoAccount } from '@/lib/accounts/create-account'
import { db } from '@/lib/db/client'
import { enterCode, signIn } from './actions'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage() {
  if (await signedIn()) redirect('/settings/webhooks')
  if (await hasNoAccount(db())) redirect('/setup')
  return <SignInSteps signIn={signIn} enterCode={enterCode} />
}
