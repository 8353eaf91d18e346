import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SourceWebhookCard } from '@/components/sources/source-webhook-card'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { readSource } from '@/lib/sources/source-queries'
import { readSourceWebhook } from '@/lib/sources/source-webhook'
import { readId } from '@/lib/type-id'
import { revealSecret } from '../../../webhooks/form-actions'
import { saveWebhook, testFireWebhook } from '../../actions'

export const metadata: Metadata = { title: 'Source settings' }

export default async function SourceSettingsPage({ params }: PageProps<'/settings/sources/[id]/settings'>) {
  const { account, role } = await authorise('viewer')
  const id = readId('source', (await params).id)
  const source = id && (await readSource(db(), account.id, id))
  if (!source) notFound()
  const admin = mayAct(role, 'admin')
  const webhook = await readSourceWebhook(db(), account.id, source.id, { wholeUrls: admin })
  return (
    <SourceWebhookCard
      key={webhook?.url}
      webhook={webhook}
      actions={
        admin
          ? {
              save: saveWebhook.bind(null, source.id),
              ...(webhook && {
                testFire: testFireWebhook.bind(null, webhook.id),
                revealSecret: revealSecret.bind(null, webhook.id),
              }),
            }
          : undefined
      }
    />
  )
}
