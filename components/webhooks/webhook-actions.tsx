'use client'

import { Send } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { showId } from '@/lib/type-id'
import type { WebhookSummary } from '@/lib/webhooks/webhook-queries'
import { testFireWords } from '../calls/call-words'
import { Button } from '../ui/button'
import { LinkButton } from '../ui/link-button'
import { Menu, MenuItem } from '../ui/menu'
import { refusedBy } from '../ui/refused-by'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { DeleteWebhook } from './delete-webhook'
import type { WebhookListActions } from './webhook-list-actions'

type Props = { webhook: WebhookSummary; actions: WebhookListActions }

/** Edit and Delete are always shown, the rest is in a menu. */
export function WebhookActions({ webhook: { id, name }, actions }: Props) {
  const router = useRouter()
  const [deleting, setDeleting] = useState(false)
  const testFire = async () => {
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
    <>
      <LinkButton size="sm" href={`/settings/webhooks/${showId('webhook', id)}/edit`}>
        Edit<span className="sr-only"> {name}</span>
      </LinkButton>
      <Button size="sm" variant="danger-quiet" onClick={() => setDeleting(true)}>
        Delete<span className="sr-only"> {name}</span>
      </Button>
      <Menu label={`More for ${name}`}>
        <MenuItem icon={<Send aria-hidden />} onClick={testFire}>
          Test fire
        </MenuItem>
      </Menu>
      {deleting && <DeleteWebhook id={id} name={name} actions={actions} onClose={() => setDeleting(false)} />}
    </>
  )
}
