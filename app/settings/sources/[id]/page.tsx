import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SourceForm } from '@/components/sources/source-form'
import { SourceListeners } from '@/components/sources/source-listeners'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { readSource } from '@/lib/sources/source-queries'
import { webhooksOfSource } from '@/lib/sources/webhook-sources'
import { readId } from '@/lib/type-id'
import { update } from '../actions'

export const metadata: Metadata = { title: 'Source' }

export default async function SourcePage({ params }: PageProps<'/settings/sources/[id]'>) {
  const { account, role } = await authorise('viewer')
  const id = readId('source', (await params).id)
  const source = id && (await readSource(db(), account.id, id))
  if (!source) notFound()
  const { key, name, kind, vendorIds } = source
  return (
    <>
      <SourceForm
        key={JSON.stringify([name, kind, vendorIds])}
        sourceKey={key}
        values={{ name, kind, vendorIds }}
        readOnly={!mayAct(role, 'admin')}
        action={update.bind(null, source.id)}
      />
      <SourceListeners webhooks={await webhooksOfSource(db(), account.id, source.id)} />
    </>
  )
}
