'use client'

import { Plus, X } from 'lucide-react'
import { useFieldArray } from 'react-hook-form'
import { Button } from '../../ui/button'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Input } from '../../ui/input'
import { useWebhookForm } from './webhook-form-state'

const most = 10

/** Up to ten custom headers; their values are stored sealed. */
export function CustomHeaders() {
  const { control, register, formState } = useWebhookForm()
  const { fields, append, remove } = useFieldArray({ control, name: 'headers' })
  const errors = formState.errors.headers
  return (
    <Fieldset
      legend="Custom headers"
      help="Sent with every call. Values are stored sealed and not shown again."
      error={errors?.root?.message ?? errors?.message}
    >
      {fields.map(({ id, kept }, index) => (
        <div
          key={id}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-2 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]"
        >
          <Field
            label={<span className="sr-only">Name of header {index + 1}</span>}
            error={errors?.[index]?.name?.message}
          >
            <Input
              mono
              autoComplete="off"
              placeholder="X-Shop"
              readOnly={kept}
              {...register(`headers.${index}.name`)}
            />
          </Field>
          <Field
            label={<span className="sr-only">Value of header {index + 1}</span>}
            error={errors?.[index]?.value?.message}
            className="max-md:col-start-1"
          >
            <Input
              mono
              autoComplete="off"
              placeholder={kept ? 'Stored; leave empty to keep it' : 'Value'}
              {...register(`headers.${index}.value`)}
            />
          </Field>
          <Button
            variant="ghost"
            icon={<X aria-hidden />}
            aria-label={`Remove header ${index + 1}`}
            className="mt-2 max-md:col-start-2 max-md:row-start-1"
            onClick={() => remove(index)}
          />
        </div>
      ))}
      {fields.length < most && (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus aria-hidden />}
          onClick={() => append({ name: '', value: '', kept: false })}
        >
          Add header
        </Button>
      )}
    </Fieldset>
  )
}
