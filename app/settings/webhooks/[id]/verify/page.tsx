import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { CarriedHeaders } from '@/components/webhooks/verify/carried-headers'
import { FurtherChecks } from '@/components/webhooks/verify/further-checks'
import { ReceiverCode } from '@/components/webhooks/verify/receiver-code'
import { SecretPlace } from '@/components/webhooks/verify/secret-place'
import { SenderAddresses } from '@/components/webhooks/verify/sender-addresses'
import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { formats } from '@/lib/formats/formats'
import { readId, showId } from '@/lib/type-id'
import { readReceiverCode } from '@/lib/verify/receiver-code'
import { proofsOf, verificationOf } from '@/lib/verify/verification'
import { readWebhookForEdit } from '@/lib/webhooks/webhook-queries'

export const metadata: Metadata = { title: 'Verify calls' }

export default async function VerifyPage({ params }: PageProps<'/settings/webhooks/[id]/verify'>) {
  const { account } = await authorise('viewer')
  const id = readId('webhook', (await params).id)
  const webhook = id && (await readWebhookForEdit(db(), account.id, id))
  if (!webhook) notFound()
  const { name, format, authentication, timeoutSeconds } = webhook
  const proofs = proofsOf(format, authentication)
  const { headers, checks } = verificationOf(format, authentication)
  const href = `/settings/webhooks/${showId('webhook', webhook.id)}`
  return (
    <>
      <PageHead
        back={
          <Link href={href} className="text-accent-text underline">
            {name}
          </Link>
        }
        title={`Verify calls of “${name}”`}
        description={`Code for your endpoint that tells our calls from anybody else’s, for the format “${formats[format].label}”.`}
      />
      <CarriedHeaders
        headers={headers}
        nothingYet={
          proofs.length === 0 ||
          (proofs.join() === 'authorization' && authentication === 'account-key' && !account.preSharedKeyVersion)
        }
      />
      {proofs.length > 0 && (
        <>
          <ReceiverCode languages={await readReceiverCode(format, proofs)} />
          <SecretPlace proofs={proofs} authentication={authentication} webhookHref={href} />
        </>
      )}
      <FurtherChecks
        checks={checks}
        signatures={formats[format].secret && formats[format].signatures}
        timeoutSeconds={timeoutSeconds}
      />
      <SenderAddresses addresses={env().HEARBACK_EGRESS_IPS} />
    </>
  )
}
