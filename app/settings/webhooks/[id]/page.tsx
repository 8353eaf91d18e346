import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { WebhookCharts } from '@/components/charts/webhook-charts'
import { WebhookNotices } from '@/components/notices/webhook-notices'
import { LinkedSources } from '@/components/sources/linked-sources'
import { RecoverFailed } from '@/components/webhooks/recover-failed'
import { SigningSecretCard } from '@/components/webhooks/webhook-page/signing-secret-card'
import { StateCard } from '@/components/webhooks/webhook-page/state-card'
import { WebhookCalls } from '@/components/webhooks/webhook-page/webhook-calls'
import { WebhookFacts } from '@/components/webhooks/webhook-page/webhook-facts'
import { WebhookHead } from '@/components/webhooks/webhook-page/webhook-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { liveCallLog } from '@/lib/calls/live-calls'
import { db } from '@/lib/db/client'
import { openNotices } from '@/lib/notices/open-notices'
import { countRecoverable } from '@/lib/recovery/failed-deliveries'
import { linkedChoices } from '@/lib/sources/webhook-sources'
import { newSecretHasPassed, storedHasPassed } from '@/lib/test-fires/test-passes'
import { readId, showId } from '@/lib/type-id'
import { liveState } from '@/lib/webhooks/live-state'
import { shownUrl } from '@/lib/webhooks/shown-url'
import { listSigningSecrets } from '@/lib/webhooks/signing-secret'
import { readWebhookForEdit } from '@/lib/webhooks/webhook-queries'
import { dismiss } from '../../actions'
import { OpenedCall } from '../../calls/opened-call'
import { link } from '../../sources/actions'
import { countQueuedOf, readTurnedOffOf, recover } from '../actions'
import { endOverlapNow, removeHere, revealSecretOf, rotate, switchHere, testFireHere, testNewSecret } from './actions'
import { holdHere, releaseHere, tryNowHere } from './hold-actions'

export const metadata: Metadata = { title: 'WebHook' }

export default async function WebhookPage({ params, searchParams }: PageProps<'/settings/webhooks/[id]'>) {
  const who = await authorise('viewer')
  const { account, role } = who
  const admin = mayAct(role, 'admin')
  const forAdmin = <Actions,>(actions: Actions) => (admin ? actions : undefined)
  const found = readId('webhook', (await params).id)
  const webhook = found && (await readWebhookForEdit(db(), account.id, found))
  if (!webhook) notFound()
  const { id, name, enabled, format, version } = webhook
  const [secrets, linked, testPassed, calls, recoverable, notices, now] = await Promise.all([
    listSigningSecrets(db(), account.id, id),
    webhook.allSources ? null : linkedChoices(db(), account.id, id),
    storedHasPassed(db(), account.id, id),
    liveCallLog(db(), account.id, admin, { webhookId: id, result: 'all' }),
    countRecoverable(db(), account.id, id, 0),
    admin ? openNotices(db(), account.id, id) : undefined,
    liveState(db(), account.id, id, admin),
  ])
  if (!now) notFound()
  return (
    <>
      <WebhookHead webhook={{ id, name }} actions={forAdmin({ countQueued: countQueuedOf, remove: removeHere })} />
      <StateCard
        webhook={{ id, name }}
        first={now.seen}
        address={`/settings/webhooks/${showId('webhook', id)}/state`}
        actions={forAdmin({
          countQueued: countQueuedOf,
          switchOn: switchHere,
          testFire: testFireHere,
          turnOn: { readTurnedOff: readTurnedOffOf, testFire: testFireHere, recover },
          hold: holdHere,
          release: releaseHere,
          tryNow: tryNowHere,
        })}
      />
      {notices && <WebhookNotices notices={notices.listed} dismiss={dismiss} />}
      <RecoverFailed webhook={{ id, name, enabled }} count={recoverable} recover={forAdmin(recover)} />
      <WebhookCharts address={`/settings/webhooks/${showId('webhook', id)}/chart`} />
      <WebhookFacts
        webhook={{ ...webhook, url: shownUrl(webhook.url, admin) }}
        accountKeySet={account.preSharedKeyVersion !== null}
        whole={admin}
      />
      <SigningSecretCard
        webhook={{ id, name, format }}
        secrets={secrets}
        proven={secrets.length > 1 && (await newSecretHasPassed(db(), account.id, id))}
        actions={forAdmin({
          reveal: revealSecretOf.bind(null, id),
          rotate: rotate.bind(null, id),
          endOverlap: endOverlapNow.bind(null, id),
          testNew: testNewSecret.bind(null, id),
        })}
      />
      <LinkedSources
        linked={linked}
        testPassed={testPassed}
        address="/settings/sources/find"
        save={forAdmin(link.bind(null, id, version))}
      />
      <WebhookCalls page={calls.seen} shownId={showId('webhook', id)} />
      <OpenedCall
        who={who}
        path={`/settings/webhooks/${showId('webhook', id)}`}
        address={await searchParams}
        filter={{ webhookId: id, result: 'all' }}
      />
    </>
  )
}
