import type { Metadata } from 'next'
import { AccountForm } from '@/components/accounts/account-form'
import { EraseCustomer } from '@/components/erasure/erase-customer'
import { Callout } from '@/components/ui/callout'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { readAccountSettings } from '@/lib/accounts/settings'
import { db } from '@/lib/db/client'
import { listErasures } from '@/lib/erasure/erasures'
import { saveAccount } from './actions'
import { confirmCounted, countCustomer, withdrawCounted } from './erasure-actions'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage() {
  const { account, role } = await authorise('viewer')
  const settings = await readAccountSettings(db(), account.id)
  const readOnly = !mayAct(role, 'admin')
  return (
    <div className="flex max-w-[40rem] flex-col gap-6">
      <PageHead title="Account" description="What this account is called, and what it takes part in." />
      {readOnly && <Callout>You can read these settings. An owner or an admin can change them.</Callout>}
      <AccountForm key={JSON.stringify(settings)} settings={settings} readOnly={readOnly} action={saveAccount} />
      {!readOnly && (
        <EraseCustomer
          first={await listErasures(db(), account.id)}
          actions={{ count: countCustomer, confirm: confirmCounted, withdraw: withdrawCounted }}
        />
      )}
    </div>
  )
}
