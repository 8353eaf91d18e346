import type { Metadata } from 'next'
import { RecentCalls } from '@/components/calls/recent-calls'
import { Card } from '@/components/ui/card'
import { PageHead } from '@/components/ui/page-head'
import { PreSharedKeyCard } from '@/components/webhooks/pre-shared-key-card'
import { RegisterLink } from '@/components/webhooks/register-link'
import { WebhookList } from '@/components/webhooks/webhook-list'
import { WebhooksEmpty } from '@/components/webhooks/webhooks-empty'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { liveCalls } from '@/lib/calls/live-calls'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { readPreSharedKeyState } from '@/lib/webhooks/pre-shared-key'
import { listWebhooks } from '@/lib/webhooks/webhook-queries'
import { countQueuedOf, removeKey, removeWebhook, revealKey, saveKey, switchOn, testFireStored } from './actions'

export const metadata: Metadata = { title: 'WebHooks' }

export default async function WebhooksPage() {
  const { account, role } = await authorise('viewer')
  const admin = mayAct(role, 'admin')
  const [key, webhooks, { calls }] = await Promise.all([
    readPreSharedKeyState(db(), account.id),
    listWebhooks(db(), account.id, { wholeUrls: admin }),
    liveCalls(db(), account.id, admin),
  ])
  return (
    <>
      <PageHead
        title="WebHooks"
        description="We call a URL of yours when customers leave or change feedback."
        action={admin && webhooks.length > 0 && <RegisterLink />}
      />
      <PreSharedKeyCard
        since={key?.since.toISOString()}
        actions={admin ? { save: saveKey, remove: removeKey, reveal: revealKey } : undefined}
      />
      <Card title="Configured WebHooks" flush>
        {webhooks.length === 0 ? (
          <WebhooksEmpty hubUrl={env().HEARBACK_URL} mayRegister={admin} />
        ) : (
          <WebhookList
            webhooks={webhooks}
            actions={
              admin
                ? { countQueued: countQueuedOf, switchOn, remove: removeWebhook, testFire: testFireStored }
                : undefined
            }
          />
        )}
      </Card>
      <RecentCalls first={calls} address="/settings/webhooks/recent-calls" />
    </>
  )
}
