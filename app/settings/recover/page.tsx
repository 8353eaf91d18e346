import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ChooseWebhook } from '@/components/recovery/choose-webhook'
import { JobList } from '@/components/recovery/job-list'
import { RecoverRange } from '@/components/recovery/recover-range'
import { Callout } from '@/components/ui/callout'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { listJobs } from '@/lib/recovery/recovery-jobs'
import { readId, showId } from '@/lib/type-id'
import { readWebhookState } from '@/lib/webhooks/webhook-state'
import { change, start } from './actions'

export const metadata: Metadata = { title: 'Recover' }

export default async function RecoverPage({ searchParams }: PageProps<'/settings/recover'>) {
  const { account, role } = await authorise('viewer')
  const { webhook: asked } = await searchParams
  const id = typeof asked === 'string' ? readId('webhook', asked) : undefined
  const webhook = id === undefined ? undefined : await readWebhookState(db(), account.id, id)
  if (asked !== undefined && !webhook) notFound()
  const jobs = await listJobs(db(), account.id, id)
  const admin = mayAct(role, 'admin')
  const address = id ? `/settings/webhooks/${showId('webhook', id)}` : '/settings/webhooks'
  return (
    <>
      <PageHead
        back={
          <Link href={address} className="text-accent-text underline">
            {webhook ? webhook.name : 'WebHooks'}
          </Link>
        }
        title={webhook ? `Recover what “${webhook.name}” did not get` : 'Recover'}
        description="Sends what failed for good again, and what was never sent: while a WebHook was off, or before its rule was made."
      />
      {!id && <ChooseWebhook />}
      {id && webhook?.enabled === false && (
        <Callout tone="warning" title="The WebHook is off">
          Turn it on, on its page. Then recover what it did not get.
        </Callout>
      )}
      {id && webhook?.enabled && admin && (
        <RecoverRange webhook={{ id, shownId: showId('webhook', id), name: webhook.name }} start={start} />
      )}
      <JobList
        first={jobs}
        address={`/settings/recover/jobs${id ? `?webhook=${showId('webhook', id)}` : ''}`}
        named={!id}
        change={admin ? change : undefined}
      />
    </>
  )
}
