import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInForm } from '@/components/accounts/sign-in-form'
import { PageHead } from '@/components/ui/page-head'
import { signedIn } from '@/lib/accounts/authorise'
import { hasNoAccount } from '@/lib/accounts/create-account'
import { db } from '@/lib/db/client'
import { signIn } from './actions'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage() {
  if (await signedIn()) redirect('/settings/webhooks')
  if (await hasNoAccount(db())) redirect('/setup')
  return (
    <>
      <PageHead title="Sign in" description="To the WebHooks of your account." />
      <SignInForm action={signIn} />
    </>
  )
}
