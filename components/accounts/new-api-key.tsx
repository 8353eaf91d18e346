'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { type ApiKeyForm, apiKeyFormSchema, apiScopes } from '@/lib/accounts/api-key-schema'
import type { FormResult } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { Checkbox } from '../ui/checkbox'
import { Field } from '../ui/field'
import { Fieldset } from '../ui/fieldset'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { SecretField } from '../ui/secret-field'
import { Select } from '../ui/select'
import { useFormAction } from '../ui/use-form-action'
import { scopeWords } from './scope-words'

export type MadeKey = { name: string; key: string /** It may post events. */; ingests: boolean }
type Action = (values: ApiKeyForm) => Promise<FormResult<{ key: string }>>
type Props = { action: Action; made: MadeKey | undefined; onMade: (made: MadeKey | undefined) => void }

/** Creates a key and shows it once, until the person confirms that they have copied it. */
export function NewApiKey({ action, made, onMade }: Props) {
  if (made)
    return (
      <Callout
        tone="success"
        role="status"
        title={`Key “${made.name}” is made`}
        action={<Button onClick={() => onMade(undefined)}>I have copied it</Button>}
      >
        <p>Copy it now and keep it where your secrets are. It is not stored here and can’t be shown again.</p>
        <SecretField label="API key" value={made.key} open />
      </Callout>
    )
  return <NewApiKeyForm action={action} onMade={onMade} />
}

const ends = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
]

function NewApiKeyForm({ action, onMade }: Omit<Props, 'made'>) {
  const form = useForm({
    resolver: zodResolver(apiKeyFormSchema),
    mode: 'onTouched',
    defaultValues: { name: '', scopes: ['ingest'], ends: 'never' } as ApiKeyForm,
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, ({ key }, { name, scopes }) =>
    onMade({ name, key, ingests: scopes.includes('ingest') }),
  )
  return (
    <Form onSubmit={submit}>
      <Card
        title="New key"
        description="One for each system that talks to this hub, so that each can be ended alone."
        footer={
          <Button type="submit" variant="primary" pending={pending}>
            Make key
          </Button>
        }
      >
        <div className="grid gap-5 md:grid-cols-2 md:gap-8">
          <div className="flex flex-col gap-5">
            <Field
              label="Name"
              help="Where the key is used."
              error={errors.name?.message}
              counter={{ length: form.watch('name').length, limit: 60 }}
            >
              <Input autoComplete="off" placeholder="Feedback platform" {...form.register('name')} />
            </Field>
            <Field label="Ends" help="A key that ends is refused from then on." error={errors.ends?.message}>
              <Select options={ends} {...form.register('ends')} />
            </Field>
          </div>
          <Fieldset legend="Scopes" error={errors.scopes?.message}>
            <div className="flex flex-col gap-2 max-md:gap-0">
              {apiScopes.map((scope) => (
                <Checkbox key={scope} value={scope} {...scopeWords[scope]} {...form.register('scopes')} />
              ))}
            </div>
          </Fieldset>
        </div>
        <FormErrors
          errors={errors}
          labels={{ name: 'Name', ends: 'Ends', scopes: 'Scopes' }}
          submitCount={submitCount}
        />
      </Card>
    </Form>
  )
}
