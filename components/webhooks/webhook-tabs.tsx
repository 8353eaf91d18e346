import { LinkTabs } from '../ui/tabs'

const items = [
  { href: '/settings/webhooks', label: 'WebHooks' },
  { href: '/settings/calls', label: 'Calls' },
]

/** Two tabs, as on Customer Thermometer's webhooks screen: the registered webhooks and the log of calls. */
export const WebhookTabs = () => <LinkTabs label="WebHooks and calls" items={items} />
