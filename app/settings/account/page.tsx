import type { Metadata } from 'next'
import { AccountForm } from '@/components/accounts/account-form'
import { PasswordForm } from '@/components/accounts/password-form'
import { Callout } from '@/components/ui/callout'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { changeOwnPassword, saveAccount } from './actions'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage() {
  const { account, user, role } = await authorise('viewer')
  const { name, identifier, npsEnabled, publishReviews } = account
  const readOnly = !mayAct(role, 'admin')
  return (
    <div className="flex max-w-[40rem] flex-col gap-6">
      <PageHead title="Account" description="What this account is called, and what it takes part in." />
      {readOnly && <Callout>You can read these settings. An owner or an admin can change them.</Callout>}
      <AccountForm
        key={JSON.stringify([name, identifier, npsEnabled, publishReviews])}
        settings={{ name, identifier, npsEnabled, publishReviews }}
        readOnly={readOnly}
        action={saveAccount}
      />
      <PasswordForm email={user.email} action={changeOwnPassword} />
    </div>
  )
}
