'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { sourceSchema, type SourceForm as Values } from '@/lib/sources/source-schema'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { toast } from '../ui/toast'
import { useFormAction } from '../ui/use-form-action'
import { NameAndKindFields, VendorIdFields } from './source-fields'

type Props = {
  sourceKey: string
  values: Values
  readOnly: boolean
  action: (values: Values) => Promise<FormResult>
}

/** A source's name, kind and vendor ids. */
export function SourceForm({ sourceKey, values, readOnly, action }: Props) {
  const form = useForm<Values>({ resolver: zodResolver(sourceSchema), mode: 'onTouched', defaultValues: values })
  const { errors, submitCount, isDirty } = form.formState
  const { submit, pending } = useFormAction(form, action, (_, saved) => {
    form.reset(saved)
    toast.success(`“${saved.name}” was saved.`)
  })
  return (
    <Form onSubmit={submit}>
      <Card
        title="Details"
        footer={
          !readOnly && (
            <Button type="submit" variant="primary" pending={pending} disabled={!isDirty}>
              Save source
            </Button>
          )
        }
      >
        <fieldset disabled={readOnly} className="flex flex-col gap-4">
          <NameAndKindFields register={form.register} errors={errors} nameLength={form.watch('name').length} />
          <Field label="Key" help="What events call it in source.key. It stays as it is.">
            <Input mono readOnly value={sourceKey} />
          </Field>
          <VendorIdFields register={form.register} errors={errors.vendorIds} />
          <FormErrors
            errors={errors}
            labels={{ name: 'Name', kind: 'Kind', vendorIds: 'Vendor ids' }}
            submitCount={submitCount}
          />
        </fieldset>
      </Card>
    </Form>
  )
}
