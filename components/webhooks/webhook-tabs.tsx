import { LinkTabs } from '../ui/tabs'

const items = [
  { href: '/settings/webhooks', label: 'WebHooks' },
  { href: '/settings/calls', label: 'Calls' },
]

/** What is registered, and the log of what was called (seed 001: the two tabs of its webhooks screen). */
export const WebhookTabs = () => <LinkTabs label="WebHooks and calls" items={items} />
