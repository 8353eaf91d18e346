'use client'

import { type FormEvent, useId, useState } from 'react'
import type { FormError, FormResult } from '@/lib/form-result'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Input } from '../../ui/input'
import { Radio } from '../../ui/radio-group'
import { useAction } from '../../ui/use-action'

type Props = {
  name: string
  hold: (input: { until: string }) => Promise<FormResult>
  onHeld: () => void
  onClose: () => void
}

const spans = { hand: undefined, hour: 1, day: 24, time: undefined } as const
type Until = keyof typeof spans

/** Asks until when a WebHook is held. */
export function HoldDialog({ name, hold, onHeld, onClose }: Props) {
  const form = useId()
  const [until, setUntil] = useState<Until>('hand')
  const [time, setTime] = useState('')
  const [error, setError] = useState<FormError>()
  const { run, pending } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run(
      () => hold({ until: endOf(until, time) }),
      (result) => {
        if (!result.ok) return setError(result.errors[0])
        onHeld()
        onClose()
      },
    )
  }
  const choice = (value: Until, label: string) => (
    <Radio name={`${form}-until`} label={label} checked={until === value} onChange={() => setUntil(value)} />
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !pending && onClose()}
      title={`Hold “${name}”?`}
      description="Nothing is called while it is held. Its events keep coming, and what waits goes out when you release it."
      footer={
        <>
          <Button disabled={pending} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={form} pending={pending}>
            Hold
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Fieldset legend="Release it">
          {choice('hand', 'By hand')}
          {choice('hour', 'In an hour')}
          {choice('day', 'In 24 hours')}
          {choice('time', 'At a set time')}
        </Fieldset>
        {until === 'time' && (
          <Field label="Release at" help="In your own time zone." error={error?.message}>
            <Input type="datetime-local" required value={time} onChange={({ target }) => setTime(target.value)} />
          </Field>
        )}
        {until !== 'time' && error && (
          <p role="alert" className="text-danger text-sm">
            {error.message}
          </p>
        )}
      </form>
    </Dialog>
  )
}

/** As ISO text; empty: by hand. What is no time at all goes as it is, and is refused in words. */
function endOf(until: Until, time: string): string {
  const hours = spans[until]
  if (hours) return new Date(Date.now() + hours * 3_600_000).toISOString()
  if (until === 'hand') return ''
  const at = new Date(time)
  return Number.isNaN(at.getTime()) ? time || '-' : at.toISOString()
}
