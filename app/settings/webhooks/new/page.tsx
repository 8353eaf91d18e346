import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Callout } from '@/components/ui/callout'
import { PageHead } from '@/components/ui/page-head'
import { WebhookForm } from '@/components/webhooks/form/webhook-form'
import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { linkedChoices } from '@/lib/sources/webhook-sources'
import { readId } from '@/lib/type-id'
import { readFormContext } from '@/lib/webhooks/form-context'
import { copiedFormValues, newFormValues, otherFormat } from '@/lib/webhooks/form-defaults'
import { generateSecrets } from '@/lib/webhooks/signing-secret'
import { readWebhookForEdit } from '@/lib/webhooks/webhook-queries'
import { formatWords } from '@/lib/webhooks/words'
import { register, testFireForm } from '../form-actions'

export const metadata: Metadata = { title: 'Register New WebHook' }

/** `from`: the TypeID of a WebHook to duplicate as another format. */
export default async function NewWebhookPage({ searchParams }: PageProps<'/settings/webhooks/new'>) {
  const { account } = await authorise('admin')
  const { from } = await searchParams
  const copied = from === undefined ? undefined : await readCopied(account.id, String(from))
  const secrets = generateSecrets()
  const format = copied && otherFormat(copied.format)
  return (
    <>
      <PageHead
        title="Register New WebHook"
        description="Say when, and for which ratings, a URL of yours is called."
        focused
      />
      {copied && (
        <Callout title={`A copy of “${copied.name}” as another format`}>
          It was {formatWords(copied.format, copied.encoding)}; choose the new format below. Passwords, header values
          and the signing secret are not copied.
        </Callout>
      )}
      <WebhookForm
        context={await readFormContext(db(), account.id)}
        values={copied && format ? copiedFormValues(copied, format, secrets[format] ?? '') : newFormValues()}
        version={null}
        secrets={secrets}
        actions={{ save: register, testFire: testFireForm.bind(null, null) }}
        previewAddress="/settings/webhooks/preview"
        sources={{
          linked: copied ? await linkedChoices(db(), account.id, copied.id) : [],
          address: '/settings/sources/find',
          testPassed: false,
        }}
      />
    </>
  )
}

async function readCopied(accountId: string, from: string) {
  const id = readId('webhook', from)
  const webhook = id && (await readWebhookForEdit(db(), accountId, id))
  return webhook || notFound()
}
