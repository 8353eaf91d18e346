import { redirect } from 'next/navigation'
import { signedIn } from '@/lib/accounts/authorise'
import { hasNoAccount } from '@/lib/accounts/create-account'
import { db } from '@/lib/db/client'

export default async function Home() {
  if (await signedIn()) redirect('/settings/webhooks')
  redirect((await hasNoAccount(db())) ? '/setup' : '/sign-in')
}
