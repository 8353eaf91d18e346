'use client'

import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useController, useWatch } from 'react-hook-form'
import { type Success, successes } from '@/lib/webhooks/webhook-schema'
import { successWords } from '@/lib/webhooks/words'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Input } from '../../ui/input'
import { Radio } from '../../ui/radio-group'
import { CustomHeaders } from './custom-headers'
import { useWebhookForm } from './webhook-form-state'

const fields = ['retries', 'timeoutSeconds', 'ratePerMinute', 'success', 'headers'] as const

const numberOrNull = (text: unknown) => (text === '' || text === null ? null : Number(text))

/** Retries, timeout and custom headers, collapsed, with a summary in one line. */
export function AdvancedFields() {
  const { register, formState } = useWebhookForm()
  const { errors } = formState
  const [open, setOpen] = useOpenOnError()
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen} className="-mx-4 -mb-4 border-border border-t">
      <Collapsible.Trigger className="group flex min-h-11 w-full items-center gap-2 rounded-control px-4 py-2 text-left font-medium">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-muted transition-transform group-data-panel-open:rotate-90"
        />
        Advanced
        <Summary />
      </Collapsible.Trigger>
      <Collapsible.Panel keepMounted className="flex flex-col gap-4 px-4 pt-1 pb-4 data-closed:hidden">
        <div className="grid gap-4 md:grid-cols-2">
          <Field label="Retries" help="After a failed call. 0 to 9." error={errors.retries?.message}>
            <Input
              type="number"
              inputMode="numeric"
              min={0}
              max={9}
              {...register('retries', { valueAsNumber: true })}
            />
          </Field>
          <Field label="Timeout in seconds" help="For the whole call. 1 to 30." error={errors.timeoutSeconds?.message}>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={30}
              {...register('timeoutSeconds', { valueAsNumber: true })}
            />
          </Field>
          <Field
            label="Calls a minute at most"
            help="Further calls wait. Empty: no limit."
            error={errors.ratePerMinute?.message}
          >
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={60_000}
              {...register('ratePerMinute', { setValueAs: numberOrNull })}
            />
          </Field>
        </div>
        <SuccessChoice />
        <CustomHeaders />
      </Collapsible.Panel>
    </Collapsible.Root>
  )
}

/** Which answers are a success. */
function SuccessChoice() {
  const { control, formState } = useWebhookForm()
  const { field } = useController({ control, name: 'success' })
  return (
    <Fieldset legend="Success" help="Which answers count as delivered." error={formState.errors.success?.message}>
      {successes.map((value) => (
        <Radio
          key={value}
          name="success"
          ref={field.value === value ? field.ref : undefined}
          label={successWords[value]}
          help={successHelp[value]}
          checked={field.value === value}
          onChange={() => field.onChange(value)}
        />
      ))}
    </Fieldset>
  )
}

const successHelp: Record<Success, string> = {
  '2xx': 'A redirect fails, and the call says where it pointed.',
  '2xx-3xx':
    'For Google Apps Script, which answers 302 once it has run. A redirect is a success and is still not followed.',
}

function Summary() {
  const { control } = useWebhookForm()
  const [retries, timeout, rate, success, headers] = useWatch({
    control,
    name: ['retries', 'timeoutSeconds', 'ratePerMinute', 'success', 'headers'],
  })
  if (Number.isNaN(retries) || Number.isNaN(timeout)) return null
  const named =
    headers.length === 0 ? '' : headers.length === 1 ? ', 1 custom header' : `, ${headers.length} custom headers`
  return (
    <span className="min-w-0 truncate font-normal text-muted text-sm">
      {retries === 1 ? '1 retry' : `${retries} retries`}, timeout {timeout} s{rate ? `, ${rate} calls a minute` : ''}
      {success === '2xx-3xx' && `, success is ${successWords[success]}`}
      {named}
    </span>
  )
}

/** A save that finds an error in here opens it, and focuses the error when no field above has one. */
function useOpenOnError() {
  const { formState, setFocus } = useWebhookForm()
  const { errors, submitCount } = formState
  const [open, setOpen] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each attempt to save, not at each keystroke
  useEffect(() => {
    const wrong = fields.find((field) => errors[field])
    if (!wrong) return
    setOpen(true)
    const above = Object.keys(errors).some((field) => !(fields as readonly string[]).includes(field))
    if (!above && wrong !== 'headers') requestAnimationFrame(() => setFocus(wrong))
  }, [submitCount])
  return [open, setOpen] as const
}
