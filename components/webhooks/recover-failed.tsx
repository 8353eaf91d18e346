'use client'

import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { deliveryWords, sayRecovered } from './recover-words'
import type { TurnOnActions } from './webhook-list-actions'

type Props = {
  webhook: { id: string; name: string; enabled: boolean }
  /** The number of deliveries that can be recovered. */
  count: number
  /** Undefined for a viewer. */
  recover: TurnOnActions['recover'] | undefined
}

/** The number of a WebHook's failed deliveries and the button that recovers them. Renders nothing when there are none left to recover. */
export function RecoverFailed({ webhook: { id, name, enabled }, count, recover }: Props) {
  // The recovery goes on after the answer. Until the page is read again, the number is the one it began with.
  const [begunWith, setBegunWith] = useState<number>()
  if (count === 0 || count === begunWith) return null
  return (
    <Callout
      tone="warning"
      title={`${deliveryWords(count)} failed for good`}
      action={
        recover &&
        enabled && (
          <ConfirmDialog
            trigger={
              <Button size="sm" icon={<RotateCcw aria-hidden />}>
                Recover {deliveryWords(count)}
              </Button>
            }
            tone="primary"
            title={`Recover what “${name}” missed?`}
            confirmLabel={`Recover ${count.toLocaleString('en')}`}
            action={() => recover(id, 0)}
            onDone={(result) => {
              sayRecovered(result)
              setBegunWith(count)
            }}
          >
            <p>
              {deliveryWords(count)} go out again as they were, with the key in force now and a fresh round of retries.
            </p>
          </ConfirmDialog>
        )
      }
    >
      <p>
        We call no more for {count === 1 ? 'it' : 'them'} by ourselves.
        {!enabled && ' Turn the WebHook on to recover what failed.'}
      </p>
    </Callout>
  )
}
