import type { Metadata } from 'next'
import { ApiKeyTable } from '@/components/accounts/api-key-table'
import { ApiLinks } from '@/components/accounts/api-links'
import { ApiStart } from '@/components/accounts/api-start'
import { PageHead } from '@/components/ui/page-head'
import { listApiKeys } from '@/lib/accounts/api-keys'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { makeKey, revokeKey, rotateKey } from './actions'

export const metadata: Metadata = { title: 'API' }

export default async function ApiPage() {
  const { account, role } = await authorise('viewer')
  const keys = await listApiKeys(db(), account.id)
  const mayChange = mayAct(role, 'admin')
  return (
    <>
      <PageHead title="API" description="Keys for the platform that sends feedback here, and for code that reads it." />
      <ApiLinks />
      <ApiStart hubUrl={env().HEARBACK_URL} makeKey={mayChange ? makeKey : undefined}>
        <ApiKeyTable
          keys={keys}
          revoke={mayChange ? revokeKey : undefined}
          rotate={mayChange ? rotateKey : undefined}
        />
      </ApiStart>
    </>
  )
}
