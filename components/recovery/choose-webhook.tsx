'use client'

import { useRouter } from 'next/navigation'
import { showId } from '@/lib/type-id'
import { WebhookPicker } from '../calls/webhook-picker'
import { Card } from '../ui/card'

/** Opens the page for one WebHook. */
export function ChooseWebhook() {
  const router = useRouter()
  return (
    <Card title="Which WebHook?">
      <div className="max-w-80">
        <WebhookPicker
          chosen={undefined}
          onChoose={(webhook) => webhook && router.push(`/settings/recover?webhook=${showId('webhook', webhook.id)}`)}
        />
      </div>
    </Card>
  )
}
