import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PageHead } from '@/components/ui/page-head'
import { WebhookForm } from '@/components/webhooks/form/webhook-form'
import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { linkedChoices } from '@/lib/sources/webhook-sources'
import { storedHasPassed } from '@/lib/test-fires/test-passes'
import { readId, showId } from '@/lib/type-id'
import { readFormContext } from '@/lib/webhooks/form-context'
import { editFormValues } from '@/lib/webhooks/form-defaults'
import { openedLinks } from '@/lib/webhooks/linked-sources'
import { readWebhookForEdit } from '@/lib/webhooks/webhook-queries'
import { revealSecret, testFireForm, update } from '../../form-actions'

export const metadata: Metadata = { title: 'Edit WebHook' }

export default async function EditWebhookPage({ params }: PageProps<'/settings/webhooks/[id]/edit'>) {
  const { account } = await authorise('admin')
  const id = readId('webhook', (await params).id)
  const webhook = id && (await readWebhookForEdit(db(), account.id, id))
  if (!webhook) notFound()
  const linked = await linkedChoices(db(), account.id, webhook.id)
  return (
    <>
      <PageHead
        title={`Edit “${webhook.name}”`}
        description="Changes count for every event that comes in after you save, and for retries of earlier ones."
        focused
      />
      <WebhookForm
        context={await readFormContext(db(), account.id, webhook)}
        values={editFormValues(webhook)}
        version={webhook.version}
        secrets={{}}
        actions={{
          save: update.bind(null, webhook.id, openedLinks(webhook.allSources ? null : linked)),
          testFire: testFireForm.bind(null, webhook.id),
          revealSecret: revealSecret.bind(null, webhook.id),
        }}
        previewAddress={`/settings/webhooks/preview?webhook=${showId('webhook', webhook.id)}`}
        sources={{
          linked,
          address: '/settings/sources/find',
          testPassed: await storedHasPassed(db(), account.id, webhook.id),
        }}
      />
    </>
  )
}
