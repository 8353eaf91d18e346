'use client'

import type { WebhookNow } from '@/lib/webhooks/live-state'
import { useLiveCalls } from '../../calls/use-live-calls'
import { Card } from '../../ui/card'
import { StatePill } from '../state-pill'
import { type Frame, StateControls } from './state-controls'
import { StateFacts } from './state-facts'
import type { StateActions } from './webhook-page-actions'

type Props = {
  webhook: { id: string; name: string }
  first: WebhookNow
  /** Where its state is polled. */
  address: string
  /** Undefined for a viewer. */
  actions: StateActions | undefined
}

/** What a WebHook does now, live: its state, what failed last, what waits, what comes next, and the actions that fit. */
export function StateCard({ webhook, first, address, actions }: Props) {
  const { seen } = useLiveCalls(first, address)
  const frame: Frame = (position, buttons) => (
    <Card
      title={
        <span aria-live="polite" className="flex">
          <span className="sr-only">State: </span>
          <StatePill state={seen.state} />
        </span>
      }
      action={position}
    >
      <StateFacts now={seen} />
      {buttons}
    </Card>
  )
  return actions ? <StateControls webhook={webhook} now={seen} actions={actions} frame={frame} /> : frame()
}
