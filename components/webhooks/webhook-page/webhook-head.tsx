'use client'

import { CopyPlus, ShieldCheck } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { showId } from '@/lib/type-id'
import { Button } from '../../ui/button'
import { Link } from '../../ui/link'
import { LinkButton } from '../../ui/link-button'
import { Menu, MenuItem } from '../../ui/menu'
import { PageHead } from '../../ui/page-head'
import { DeleteWebhook } from '../delete-webhook'
import type { HeadActions } from './webhook-page-actions'

type Webhook = { id: string; name: string }
type Props = {
  webhook: Webhook
  /** Undefined for a viewer. */
  actions: HeadActions | undefined
}

/** The WebHook's name, and what can be done with it as a whole. */
export const WebhookHead = ({ webhook, actions }: Props) => (
  <PageHead
    back={
      <Link href="/settings/webhooks" className="text-accent-text underline">
        WebHooks
      </Link>
    }
    title={webhook.name}
    action={actions && <Buttons webhook={webhook} actions={actions} />}
  />
)

function Buttons({ webhook, actions }: { webhook: Webhook; actions: HeadActions }) {
  const router = useRouter()
  const [deleting, setDeleting] = useState(false)
  const path = `/settings/webhooks/${showId('webhook', webhook.id)}`
  const remove = async (id: string) => {
    const result = await actions.remove(id)
    if (result.ok) router.push('/settings/webhooks')
    return result
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <LinkButton href={`${path}/edit`}>Edit</LinkButton>
      <Button variant="danger-quiet" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <Menu label={`More for ${webhook.name}`}>
        <MenuItem icon={<CopyPlus aria-hidden />} href={`/settings/webhooks/new?from=${showId('webhook', webhook.id)}`}>
          Duplicate as another format
        </MenuItem>
        <MenuItem icon={<ShieldCheck aria-hidden />} href={`${path}/verify`}>
          Verify a signature
        </MenuItem>
      </Menu>
      {deleting && (
        <DeleteWebhook
          id={webhook.id}
          name={webhook.name}
          actions={{ countQueued: actions.countQueued, remove }}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  )
}
