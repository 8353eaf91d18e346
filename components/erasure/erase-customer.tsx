'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { type ErasureInput, erasureKeys, erasureSchema } from '@/lib/erasure/erasure-schema'
import type { ShownErasure } from '@/lib/erasure/erasures'
import { useLiveCalls } from '../calls/use-live-calls'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { Select } from '../ui/select'
import { useFormAction } from '../ui/use-form-action'
import type { ErasureActions } from './erasure-actions'
import { ErasureLine } from './erasure-line'
import { keyWords } from './erasure-words'

type Props = { first: ShownErasure[]; actions: ErasureActions }

/** Erases a customer in two steps: it counts, then asks for the address or id again. Under it the latest requests, live. */
export function EraseCustomer({ first, actions }: Props) {
  const { seen } = useLiveCalls(first, '/settings/account/erasures')
  const form = useForm({
    resolver: zodResolver(erasureSchema),
    mode: 'onTouched',
    defaultValues: { by: 'email', value: '' } as ErasureInput,
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, actions.count, () => form.resetField('value'))
  const by = form.watch('by')
  const { label, help } = keyWords[by]
  return (
    <>
      <Form onSubmit={submit}>
        <Card
          title="Erase a customer"
          description="Overwrites what a customer wrote, what was sent of it and what your endpoints answered, and cancels what is queued. Ids, times and results stay. It can’t be undone, and reaches no endpoint that has the data already."
          footer={
            <Button type="submit" pending={pending}>
              Count first
            </Button>
          }
        >
          <div className="flex flex-col gap-5">
            <Field label="What names the customer" help={help}>
              <Select
                options={erasureKeys.map((value) => ({ value, label: keyWords[value].label }))}
                {...form.register('by')}
              />
            </Field>
            <Field label={label} help="It is kept sealed until this has ended." error={errors.value?.message}>
              <Input mono={by !== 'email'} autoComplete="off" autoCapitalize="none" {...form.register('value')} />
            </Field>
          </div>
          <FormErrors errors={errors} labels={{ value: label }} submitCount={submitCount} />
        </Card>
      </Form>
      {seen.length > 0 && (
        <Card title="Requests to erase" description="The latest 20, newest first." flush>
          <ul className="divide-y divide-border">
            {seen.map((erasure) => (
              <ErasureLine key={erasure.id} erasure={erasure} actions={actions} />
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}
