'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import type { FormatKey } from '@/lib/formats/format'
import { formats } from '@/lib/formats/formats'
import {
  overlapAtMostHours,
  overlapUsualHours,
  type Rotation,
  type RotationInput,
  rotationSchema,
} from '@/lib/webhooks/rotation-schema'
import { Button } from '../../ui/button'
import { Callout } from '../../ui/callout'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Form } from '../../ui/form'
import { FormErrors } from '../../ui/form-errors'
import { Input } from '../../ui/input'
import { Radio } from '../../ui/radio-group'
import { toast } from '../../ui/toast'
import { useFormAction } from '../../ui/use-form-action'
import type { SecretActions } from './webhook-page-actions'

type Props = {
  format: FormatKey
  /** The newest secret does not sign yet: this rotation replaces it. */
  waiting: boolean
  rotate: SecretActions['rotate']
  onClose: () => void
}

const overlapHelp = {
  several: 'For so many hours calls carry both signatures, and your endpoint may check with either secret.',
  one: 'This format carries one signature. After so many hours calls switch from the present secret to the new one.',
}

/** Generates or enters the next signing secret and sets how long the former one stays valid. */
export function RotateSecretForm({ format, waiting, rotate, onClose }: Props) {
  const form = useForm<RotationInput, unknown, Rotation>({
    resolver: zodResolver(rotationSchema(format)),
    mode: 'onTouched',
    defaultValues: { entered: false, secret: '', overlapHours: overlapUsualHours },
  })
  const { errors, submitCount } = form.formState
  const { secret, signatures } = formats[format]
  const entered = form.watch('entered')
  const choose = (next: boolean) => {
    form.setValue('entered', next)
    form.clearErrors('secret')
  }
  const { submit, pending } = useFormAction(form, rotate, (_, values) => {
    toast.success('The secret was rotated.', {
      description: values.entered ? undefined : 'Reveal the new one and give it to your endpoint.',
    })
    onClose()
  })
  return (
    <Form onSubmit={submit} className="flex flex-col gap-4 border-border border-t pt-4">
      <Fieldset legend="New secret">
        <Radio name="new-secret" label="Make one" checked={!entered} onChange={() => choose(false)} />
        <Radio
          name="new-secret"
          label="Enter the one my receiver already has"
          checked={entered}
          onChange={() => choose(true)}
        />
      </Fieldset>
      {entered && (
        <Field label="Your receiver’s secret" help={secret?.hint} error={errors.secret?.message}>
          <Input mono autoComplete="off" {...form.register('secret')} />
        </Field>
      )}
      <Field label="Overlap in hours" help={overlapHelp[signatures]} error={errors.overlapHours?.message}>
        <Input
          type="number"
          inputMode="numeric"
          min={0}
          max={overlapAtMostHours}
          className="md:max-w-32"
          {...form.register('overlapHours', { valueAsNumber: true })}
        />
      </Field>
      {waiting && (
        <Callout>
          The new secret that waits for its time never signs: this one takes its place, at the new time.
        </Callout>
      )}
      <FormErrors
        errors={errors}
        labels={{ secret: 'Your receiver’s secret', overlapHours: 'Overlap in hours' }}
        submitCount={submitCount}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={pending}>
          Rotate secret
        </Button>
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  )
}
