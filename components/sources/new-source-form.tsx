'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { newSourceSchema, type NewSourceForm as Values } from '@/lib/sources/source-schema'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { LinkButton } from '../ui/link-button'
import { toast } from '../ui/toast'
import { useFormAction } from '../ui/use-form-action'
import { NameAndKindFields } from './source-fields'

type Props = { action: (values: Values) => Promise<FormResult<{ address: string }>> }

/** Makes a source before its first event, so that WebHooks can be linked to it. */
export function NewSourceForm({ action }: Props) {
  const router = useRouter()
  const form = useForm<Values>({
    resolver: zodResolver(newSourceSchema),
    mode: 'onTouched',
    defaultValues: { key: '', name: '', kind: 'email' },
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, ({ address }, { name }) => {
    toast.success(`Source “${name}” was made.`)
    router.push(address)
  })
  return (
    <Form onSubmit={submit} className="max-w-160">
      <Card
        title="New source"
        footer={
          <>
            <LinkButton href="/settings/sources">Back to sources</LinkButton>
            <Button type="submit" variant="primary" pending={pending}>
              Make source
            </Button>
          </>
        }
      >
        <NameAndKindFields register={form.register} errors={errors} nameLength={form.watch('name').length} />
        <Field
          label="Key"
          help="What events call it in source.key. It can’t be changed later."
          error={errors.key?.message}
          counter={{ length: form.watch('key').length, limit: 100 }}
        >
          <Input mono autoComplete="off" placeholder="ticket-closed" {...form.register('key')} />
        </Field>
        <FormErrors errors={errors} labels={{ name: 'Name', kind: 'Kind', key: 'Key' }} submitCount={submitCount} />
      </Card>
    </Form>
  )
}
