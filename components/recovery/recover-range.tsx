'use client'

import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import type { RangeCount } from '@/lib/recovery/count-range'
import type { ShownJob } from '@/lib/recovery/recovery-jobs'
import { type Pace, type RecoveryInput, usualPace } from '@/lib/recovery/recovery-schema'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Checkbox } from '../ui/checkbox'
import { LocalTime } from '../ui/local-time'
import { Skeleton } from '../ui/skeleton'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { deliveryWords } from '../webhooks/recover-words'
import { CountTable } from './count-table'
import { PaceChoice } from './pace-choice'
import { type ChosenRange, RangeChoice } from './range-choice'
import { countLines, sum } from './recovery-words'
import { useCount } from './use-count'

type Props = {
  webhook: { id: string; shownId: string; name: string }
  start: (input: RecoveryInput) => Promise<FormResult<ShownJob[]>>
}

/** Chooses a time range, shows what can be recovered of it by day and reason, and starts the recovery. */
export function RecoverRange({ webhook, start }: Props) {
  const [chosen, setChosen] = useState<ChosenRange>()
  const { count, failed } = useCount(webhook.shownId, chosen?.range)
  return (
    <Card title="What to recover" description="Choose a time. Nothing is sent before you say so.">
      <RangeChoice chosen={chosen} onChoose={setChosen} />
      <div aria-live="polite" className="flex flex-col gap-4 empty:hidden">
        {chosen && failed && <p className="text-warning">It could not be counted. Choose the time again.</p>}
        {chosen && !failed && !count && <Counting />}
        {chosen && count && (
          <Counted key={`${chosen.range.since} ${chosen.range.until}`} count={count}>
            {(expected, perMinute) => ({
              start: () => start({ webhookId: webhook.id, ...chosen.range, expected, perMinute }),
              onStarted: () => setChosen(undefined),
            })}
          </Counted>
        )}
      </div>
    </Card>
  )
}

const Counting = () => (
  <div role="status" className="flex flex-col gap-2">
    <span className="text-muted">Counting…</span>
    <Skeleton className="h-24" />
  </div>
)

type CountedProps = {
  count: RangeCount
  children: (
    expected: RecoveryInput['expected'],
    perMinute: Pace,
  ) => { start: () => Promise<FormResult<ShownJob[]>>; onStarted: () => void }
}

function Counted({ count, children }: CountedProps) {
  const counted = { failed: sum(count.failed), missed: sum(count.missed) }
  const searching = count.countedTo !== null
  const [takes, setTakes] = useState({ failed: counted.failed > 0, missed: counted.missed > 0 || searching })
  const [pace, setPace] = useState<Pace>(usualPace)
  const { run, pending } = useAction()
  const total = (takes.failed ? counted.failed : 0) + (takes.missed ? counted.missed : 0)
  if (counted.failed + counted.missed === 0 && !searching)
    return (
      <p className="flex items-center gap-2 text-muted">
        <CircleCheck aria-hidden className="size-4 text-success" />
        Nothing to recover: what came in then was delivered, is still waiting, or was not for this WebHook.
      </p>
    )
  const expected = {
    failed: takes.failed ? counted.failed : undefined,
    missed: takes.missed ? counted.missed : undefined,
  }
  const { start, onStarted } = children(expected, pace)
  const press = () =>
    run(start, (result) => {
      if (!result.ok) return toastRefusal(result)
      toast.success(`${deliveryWords(total)} on the way.`, { description: 'The list below shows how far it is.' })
      onStarted()
    })
  return (
    <>
      <div className="overflow-hidden rounded-control border border-border">
        <CountTable lines={countLines(count)} />
      </div>
      {count.countedTo !== null && (
        <p className="text-muted">
          Counted up to <LocalTime at={count.countedTo} show="exact" />. There may be more: recovery finds them too.
        </p>
      )}
      <div className="grid gap-4 md:grid-cols-2">
        <div className="flex flex-col gap-2">
          {counted.failed > 0 && (
            <Checkbox
              label={`${deliveryWords(counted.failed)} that failed`}
              help="Sent again as they were: same id, same body."
              checked={takes.failed}
              onChange={({ target }) => setTakes({ ...takes, failed: target.checked })}
            />
          )}
          {(counted.missed > 0 || searching) && (
            <Checkbox
              label={`${deliveryWords(counted.missed)} never sent`}
              help="Made now, of events that match today’s rule. Each event once."
              checked={takes.missed}
              onChange={({ target }) => setTakes({ ...takes, missed: target.checked })}
            />
          )}
        </div>
        <PaceChoice chosen={pace} onChoose={setPace} />
      </div>
      <Button
        variant="primary"
        pending={pending}
        disabled={!takes.failed && !takes.missed}
        onClick={press}
        className="self-start"
      >
        Recover {deliveryWords(total)}
      </Button>
    </>
  )
}
