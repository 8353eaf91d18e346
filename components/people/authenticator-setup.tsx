'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { type Code, codeSchema } from '@/lib/people/people-schema'
import type { TwoFactorSetup } from '@/lib/people/two-factor'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { SecretField } from '../ui/secret-field'
import { useFormAction } from '../ui/use-form-action'
import { QrCode } from './qr-code'

type Props = {
  setup: TwoFactorSetup
  turnOn: (values: Code) => Promise<FormResult>
  onDone: () => void
  onCancel: () => void
}

/** The key for the authenticator app, and its first code, which turns two-factor sign-in on. */
export function AuthenticatorSetup({ setup, turnOn, onDone, onCancel }: Props) {
  const form = useForm({ resolver: zodResolver(codeSchema), mode: 'onTouched', defaultValues: { code: '' } })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, turnOn, onDone)
  return (
    <Form onSubmit={submit}>
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap items-start gap-5">
          <QrCode text={setup.uri} label="The key of your authenticator app as a QR code" />
          <div className="flex min-w-0 flex-1 basis-60 flex-col gap-2">
            <p>
              Scan the code with your app, or{' '}
              <a href={setup.uri} className="underline underline-offset-2">
                open the app on this device
              </a>
              . Where neither works, enter this key there:
            </p>
            <SecretField label="Authenticator key" value={setup.key} open />
          </div>
        </div>
        <Field label="Code" help="The six digits that the app shows now." error={errors.code?.message}>
          <Input mono inputMode="numeric" autoComplete="one-time-code" {...form.register('code')} />
        </Field>
        <FormErrors errors={errors} labels={{ code: 'Code' }} submitCount={submitCount} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onCancel}>Cancel</Button>
          <Button type="submit" variant="primary" pending={pending}>
            Turn on
          </Button>
        </div>
      </div>
    </Form>
  )
}
