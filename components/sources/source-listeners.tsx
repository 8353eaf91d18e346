import type { ListeningWebhook } from '@/lib/sources/webhook-sources'
import { showId } from '@/lib/type-id'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { Link } from '../ui/link'

/** The WebHooks that are linked to a source. */
export const SourceListeners = ({ webhooks }: { webhooks: ListeningWebhook[] }) => (
  <Card
    title="Linked WebHooks"
    description="They listen to this source, alone or among others. WebHooks that listen to all sources are not listed."
    flush
  >
    {webhooks.length === 0 ? (
      <p className="p-4 text-muted">No WebHook is linked to this source.</p>
    ) : (
      <ul className="divide-y divide-border">
        {webhooks.map(({ id, name, enabled }) => (
          <li key={id} className="flex min-h-11 items-center justify-between gap-3 px-4 py-2">
            <Link
              href={`/settings/webhooks/${showId('webhook', id)}`}
              className="min-w-0 text-accent-text underline [overflow-wrap:anywhere]"
            >
              {name}
            </Link>
            <Badge tone={enabled ? 'success' : 'neutral'}>{enabled ? 'On' : 'Off'}</Badge>
          </li>
        ))}
      </ul>
    )}
  </Card>
)
