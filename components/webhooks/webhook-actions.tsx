'use client'

import { Send } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { showId } from '@/lib/type-id'
import type { WebhookSummary } from '@/lib/webhooks/webhook-queries'
import { testFireWords } from '../calls/call-words'
import { Button } from '../ui/button'
import { LinkButton } from '../ui/link-button'
import { createMenuHandle, MenuButton, MenuItem, SharedMenu } from '../ui/menu'
import { refusedBy } from '../ui/refused-by'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { DeleteWebhook } from './delete-webhook'
import type { WebhookListActions } from './webhook-list-actions'

const more = createMenuHandle<WebhookSummary>()

type Props = { webhook: WebhookSummary; actions: WebhookListActions }

/** Edit and Delete are always shown, the rest is in the menu of the list. */
export function WebhookActions({ webhook, actions }: Props) {
  const { id, name } = webhook
  const [deleting, setDeleting] = useState(false)
  return (
    <>
      <LinkButton size="sm" href={`/settings/webhooks/${showId('webhook', id)}/edit`}>
        Edit<span className="sr-only"> {name}</span>
      </LinkButton>
      <Button size="sm" variant="danger-quiet" onClick={() => setDeleting(true)}>
        Delete<span className="sr-only"> {name}</span>
      </Button>
      <MenuButton label={`More for ${name}`} row={webhook} handle={more} />
      {deleting && <DeleteWebhook id={id} name={name} actions={actions} onClose={() => setDeleting(false)} />}
    </>
  )
}

/** What is behind the last button of each row, once for the list. */
export function WebhookMenu({ actions }: Pick<Props, 'actions'>) {
  const router = useRouter()
  const testFire = async ({ id, name }: WebhookSummary) => {
    const waiting = toast.loading(`Test-firing “${name}”…`)
    const result = await actions.testFire(id).catch(refusedBy)
    if (!result.ok) return toastRefusal(result, { title: 'The test fire was not made.', id: waiting })
    const { callId, failure } = result.value
    toast[failure === null ? 'success' : 'error'](`Test fire of “${name}”`, {
      id: waiting,
      description: `${testFireWords(result.value)}.`,
      action: { label: 'View', onClick: () => router.push(`/settings/calls/${callId}`) },
    })
  }
  return (
    <SharedMenu handle={more}>
      {(webhook) => (
        <MenuItem icon={<Send aria-hidden />} onClick={() => testFire(webhook)}>
          Test fire
        </MenuItem>
      )}
    </SharedMenu>
  )
}
