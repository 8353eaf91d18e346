import type { Metadata } from 'next'
import { ResetForm } from '@/components/people/reset-form'
import { PageHead } from '@/components/ui/page-head'
import { requireDoor } from '@/lib/accounts/authorise'
import { checkLink, setNewPassword } from './actions'

export const metadata: Metadata = { title: 'New password' }

export default function ResetPage() {
  requireDoor()
  return (
    <>
      <PageHead title="Choose a new password" description="It signs you out everywhere else." />
      <ResetForm check={checkLink} action={setNewPassword} />
    </>
  )
}
