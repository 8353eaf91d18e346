import type { Metadata } from 'next'
import { PasswordForm } from '@/components/accounts/password-form'
import { ClosedCallout } from '@/components/people/closed-callout'
import { SessionList } from '@/components/people/session-list'
import { TwoFactorCard } from '@/components/people/two-factor-card'
import { PageHead } from '@/components/ui/page-head'
import { authorisePerson, closedTo } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { listSessions } from '@/lib/people/sessions'
import * as actions from './actions'

export const metadata: Metadata = { title: 'Your sign-in' }

export default async function ProfilePage() {
  const who = await authorisePerson()
  const sessions = await listSessions(db(), who.user.id, who.sessionId)
  return (
    <div className="flex max-w-[40rem] flex-col gap-6">
      <PageHead title="Your sign-in" description="Yours alone, and the same for every account that you belong to." />
      <ClosedCallout why={closedTo(who)} accountName={who.account.name} />
      <TwoFactorCard
        on={who.user.twoFactor}
        begin={actions.beginTwoFactor}
        turnOn={actions.turnTwoFactorOn}
        renew={actions.makeRecoveryCodes}
        turnOff={actions.turnTwoFactorOff}
      />
      <PasswordForm email={who.user.email} action={actions.changeOwnPassword} />
      <SessionList sessions={sessions} end={actions.endOwnSession} endAll={actions.signOutEverywhere} />
    </div>
  )
}
