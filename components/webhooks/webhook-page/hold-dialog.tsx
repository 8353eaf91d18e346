'use client'

import { useId } from 'react'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Form } from '../../ui/form'
import { FormErrors } from '../../ui/form-errors'
import { Input } from '../../ui/input'
import { Radio } from '../../ui/radio-group'
import { useFormAction } from '../../ui/use-form-action'

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
  const id = useId()
  const form = useForm<{ until: Until; time: string }>({ defaultValues: { until: 'hand', time: '' } })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(
    form,
    ({ until, time }) => hold({ until: endOf(until, time) }),
    () => {
      onHeld()
      onClose()
    },
  )
  const atTime = form.watch('until') === 'time'
  const choice = (value: Until, label: string) => <Radio label={label} value={value} {...form.register('until')} />
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
          <Button variant="primary" type="submit" form={id} pending={pending}>
            Hold
          </Button>
        </>
      }
    >
      <Form id={id} onSubmit={submit}>
        <div className="flex flex-col gap-4">
          <Fieldset legend="Release it" error={atTime ? undefined : errors.until?.message}>
            {choice('hand', 'By hand')}
            {choice('hour', 'In an hour')}
            {choice('day', 'In 24 hours')}
            {choice('time', 'At a set time')}
          </Fieldset>
          {atTime && (
            <Field label="Release at" help="In your own time zone." error={errors.until?.message}>
              <Input type="datetime-local" {...form.register('time')} />
            </Field>
          )}
          <FormErrors errors={errors} labels={{ until: 'Release it' }} submitCount={submitCount} />
        </div>
      </Form>
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
