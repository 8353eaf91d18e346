import type { Metadata } from 'next'
import { AcceptInvitation } from '@/components/people/accept-invitation'
import { readSession } from '@/lib/accounts/authorise'
import * as actions from './actions'

export const metadata: Metadata = { title: 'Invitation' }

export default async function InvitationPage() {
  const session = await readSession()
  return (
    <AcceptInvitation
      signedInAs={session?.user.email}
      open={actions.readInvitation}
      join={actions.join}
      joinWithPassword={actions.joinWithPassword}
      signIn={actions.signInHere}
      enterCode={actions.enterCodeHere}
    />
  )
}
