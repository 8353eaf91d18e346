import type { Metadata } from 'next'
import { PageHead } from '@/components/ui/page-head'
import { WebhookForm } from '@/components/webhooks/form/webhook-form'
import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { readFormContext } from '@/lib/webhooks/form-context'
import { newFormValues } from '@/lib/webhooks/form-defaults'
import { generateSecrets } from '@/lib/webhooks/signing-secret'
import { register, testFireForm } from '../form-actions'

export const metadata: Metadata = { title: 'Register New WebHook' }

export default async function NewWebhookPage() {
  const { account } = await authorise('admin')
  return (
    <>
      <PageHead title="Register New WebHook" description="Say when, and for which ratings, a URL of yours is called." />
      <WebhookForm
        context={await readFormContext(db(), account.id)}
        values={newFormValues()}
        version={null}
        secrets={generateSecrets()}
        actions={{ save: register, testFire: testFireForm.bind(null, null) }}
        previewAddress="/settings/webhooks/preview"
      />
    </>
  )
}
