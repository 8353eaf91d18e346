'use client'

import { Ban, Send, Zap } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { DeliveryState } from '@/lib/calls/delivery-states'
import type { FormResult } from '@/lib/form-result'
import { showId } from '@/lib/type-id'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Link } from '../ui/link'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { StateWords } from './state-words'
import { useLiveCalls } from './use-live-calls'

export type DeliveryActions = Record<'tryNow' | 'sendAgain' | 'cancel', (deliveryId: string) => Promise<FormResult>>

type Props = {
  deliveryId: string
  /** The call that the page shows. */
  callId: string
  first: DeliveryState
  /** Undefined for a viewer, and where the WebHook was deleted. */
  actions: DeliveryActions | undefined
}

/** The state of a call's delivery, live, and what can be done with it: try now and cancel while it waits, else send again. */
export function DeliveryCard({ deliveryId, callId, first, actions }: Props) {
  const { seen } = useLiveCalls(first, `/settings/calls/${showId('delivery', deliveryId)}/state`)
  const { refresh } = useRouter()
  const { run, pending } = useAction()
  // A further attempt is told on the rest of the page too.
  useEffect(() => {
    if (seen.calls !== first.calls) refresh()
  }, [seen.calls, first.calls, refresh])
  const act = (action: (deliveryId: string) => Promise<FormResult>, said: string) =>
    run(
      () => action(deliveryId),
      (result) => (result.ok ? toast.success(said) : toastRefusal(result)),
    )
  const { state, lastCallId } = seen
  return (
    <Card>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div aria-live="polite" className="flex min-w-0 flex-col gap-1">
          <StateWords state={state} />
          {lastCallId !== null && lastCallId !== callId && (
            <p>
              <Link href={`/settings/calls/${showId('call', lastCallId)}`} className="text-accent-text underline">
                View the latest attempt
              </Link>
            </p>
          )}
        </div>
        {actions && (
          <div className="flex flex-wrap gap-2">
            {state.kind === 'waiting' ? (
              <>
                <Button
                  icon={<Zap aria-hidden />}
                  pending={pending}
                  onClick={() => act(actions.tryNow, 'It is called now.')}
                >
                  Try now
                </Button>
                <Button
                  variant="danger-quiet"
                  icon={<Ban aria-hidden />}
                  pending={pending}
                  onClick={() => act(actions.cancel, 'It is cancelled. You can still send it again.')}
                >
                  Cancel
                </Button>
              </>
            ) : (
              state.kind !== 'unknown' && (
                <Button
                  icon={<Send aria-hidden />}
                  pending={pending}
                  onClick={() => act(actions.sendAgain, 'It is on its way again.')}
                >
                  Send again
                </Button>
              )
            )}
          </div>
        )}
      </div>
    </Card>
  )
}
