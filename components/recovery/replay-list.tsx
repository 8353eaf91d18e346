'use client'

import { Repeat } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { type EventFilter, isFiltered } from '@/lib/events/event-filter'
import type { FormResult } from '@/lib/form-result'
import { type ListReplay, type Pace, usualPace } from '@/lib/recovery/recovery-schema'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { PaceChoice } from './pace-choice'
import { type ChosenRange, RangeChoice } from './range-choice'
import { WebhookChoice } from './webhook-choice'

type Props = {
  filter: EventFilter
  replay: (input: ListReplay) => Promise<FormResult<{ jobs: number }>>
}

/** Replays the events of the list's filter that came in within a time range. */
export function ReplayList({ filter, replay }: Props) {
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [webhookIds, setWebhookIds] = useState<string[]>([])
  const [chosen, setChosen] = useState<ChosenRange>()
  const [pace, setPace] = useState<Pace>(usualPace)
  const { run, pending } = useAction()
  const press = () =>
    chosen &&
    run(
      () => replay({ webhookIds, ...chosen.range, filter, perMinute: pace }),
      (result) => {
        if (!result.ok) return toastRefusal(result)
        setOpen(false)
        toast.success('The replay has started.', {
          action: { label: 'Progress', onClick: () => router.push('/settings/recover') },
        })
      },
    )
  return (
    <Dialog
      trigger={<Button icon={<Repeat aria-hidden />}>Replay…</Button>}
      open={open}
      onOpenChange={setOpen}
      title={isFiltered(filter) ? 'Replay the events of this filter' : 'Replay events'}
      description="Each becomes a new delivery for each WebHook you choose, with a new id and today’s format, whatever its rule says."
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button variant="primary" pending={pending} disabled={!chosen || webhookIds.length === 0} onClick={press}>
            Replay
          </Button>
        </>
      }
    >
      <RangeChoice chosen={chosen} onChoose={setChosen} />
      <WebhookChoice type={filter.type} chosen={webhookIds} onChoose={setWebhookIds} />
      <PaceChoice chosen={pace} onChoose={setPace} />
    </Dialog>
  )
}
