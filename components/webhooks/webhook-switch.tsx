'use client'

import { Switch } from '../ui/switch'
import { type SwitchProps, useWebhookSwitch } from './use-webhook-switch'

/** Switches a WebHook on or off. One that is held is on: its state says so, and its page releases it. */
export function WebhookSwitch({ webhook, actions }: SwitchProps) {
  const { on, pending, change, dialogs } = useWebhookSwitch({ webhook, actions })
  return (
    <>
      <Switch
        bare
        label={`${webhook.name} is on`}
        checked={on}
        aria-busy={pending}
        onChange={({ target }) => change(target.checked)}
      />
      {dialogs}
    </>
  )
}
