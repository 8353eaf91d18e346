'use client'

import { Repeat } from 'lucide-react'
import { useState } from 'react'
import type { EventType } from '@/lib/events/event-types'
import type { FormResult } from '@/lib/form-result'
import type { EventReplay } from '@/lib/recovery/recovery-schema'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { deliveryWords } from '../webhooks/recover-words'
import { WebhookChoice } from './webhook-choice'

type Props = {
  event: { id: string; type: EventType }
  replay: (input: EventReplay) => Promise<FormResult<{ made: number; unsent: string[] }>>
}

/** Sends one event to chosen WebHooks as new deliveries. */
export function ReplayEvent({ event, replay }: Props) {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string[]>([])
  const { run, pending } = useAction()
  const press = () =>
    run(
      () => replay({ eventId: event.id, webhookIds: chosen }),
      (result) => {
        if (!result.ok) return toastRefusal(result)
        const { made, unsent } = result.value
        toast.success(`${deliveryWords(made)} on the way.`, {
          description: unsent.length > 0 ? `The format of “${unsent[0]}” sends nothing for this event.` : undefined,
        })
        setOpen(false)
        setChosen([])
      },
    )
  return (
    <Dialog
      trigger={<Button icon={<Repeat aria-hidden />}>Replay</Button>}
      open={open}
      onOpenChange={setOpen}
      title="Replay this event"
      description="Makes a new delivery for each WebHook you choose, with a new id and today’s format, whatever its rule says."
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button variant="primary" pending={pending} disabled={chosen.length === 0} onClick={press}>
            {chosen.length > 1 ? `Replay to ${chosen.length} WebHooks` : 'Replay'}
          </Button>
        </>
      }
    >
      <WebhookChoice type={event.type} chosen={chosen} onChoose={setChosen} />
    </Dialog>
  )
}
