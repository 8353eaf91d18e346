'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { Dices } from 'lucide-react'
import { useEffect } from 'react'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import type { AccountKeyWebhooks } from '@/lib/webhooks/account-key-webhooks'
import type { WaitingKey } from '@/lib/webhooks/waiting-keys'
import { preSharedKeySchema, type PreSharedKeyForm as Values } from '@/lib/webhooks/webhook-schema'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { useFormAction } from '../ui/use-form-action'
import { ReadWaitingKey } from './waiting-key-words'

type Props = {
  /** A key is set already and will be replaced. */
  change: boolean
  /** The WebHooks that will send it. */
  webhooks: AccountKeyWebhooks
  save: (values: Values) => Promise<FormResult>
  /** The waiting calls that carry the key in force. */
  readWaiting: () => Promise<WaitingKey>
  onSaved: () => void
  onCancel: () => void
}

/** Enters or generates a pre-shared key. */
export function PreSharedKeyForm({ change, webhooks, save, readWaiting, onSaved, onCancel }: Props) {
  const form = useForm<Values>({
    resolver: zodResolver(preSharedKeySchema),
    mode: 'onTouched',
    defaultValues: { key: '' },
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, save, onSaved)
  useEffect(() => form.setFocus('key'), [form])
  return (
    <Form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={change ? 'New key' : 'Key'}
        help="6 to 255 letters, digits and signs. Give the same key to your endpoint."
        error={errors.key?.message}
        counter={{ length: form.watch('key').length, limit: 255 }}
      >
        <Input mono autoComplete="off" {...form.register('key')} />
      </Field>
      <div className="flex flex-col gap-1 text-sm">
        <p>{appliesTo(webhooks)}</p>
        {change && <ReadWaitingKey carries="the present key" read={readWaiting} />}
      </div>
      <FormErrors errors={errors} labels={{ key: 'Key' }} submitCount={submitCount} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={pending}>
          Save
        </Button>
        <Button
          icon={<Dices aria-hidden />}
          onClick={() => form.setValue('key', makeKey(), { shouldDirty: true, shouldValidate: true })}
        >
          Generate
        </Button>
        <Button variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  )
}

function appliesTo({ names, total }: AccountKeyWebhooks): string {
  if (total === 0) return 'No WebHook has the authentication “Pre-shared key”, so none will send it yet.'
  const more = total - names.length
  const all = names.map((name) => `“${name}”`)
  if (more > 0) all.push(`${more} more`)
  return `It will be sent by ${all.length === 1 ? all[0] : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`}.`
}

/** 32 random bytes as base64url: letters, digits, - and _. */
const makeKey = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
