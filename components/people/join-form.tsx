'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { type NewPassword, newPasswordSchema } from '@/lib/people/people-schema'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { PasswordInput } from '../ui/password-input'
import { useFormAction } from '../ui/use-form-action'

type Props = { email: string; action: (values: NewPassword) => Promise<FormResult<{ address: string }>> }

/** An invited person without a sign-in chooses a password. */
export function JoinForm({ email, action }: Props) {
  const form = useForm({ resolver: zodResolver(newPasswordSchema), mode: 'onTouched', defaultValues: { password: '' } })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, ({ address }) => window.location.assign(address))
  return (
    <Form onSubmit={submit}>
      <Card>
        {/* Password managers want to know whose password it is. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <Field
          label="Choose a password"
          help="At least 10 characters. Three or four words make a good password."
          error={errors.password?.message}
        >
          <PasswordInput autoComplete="new-password" {...form.register('password')} />
        </Field>
        <FormErrors errors={errors} labels={{ password: 'Choose a password' }} submitCount={submitCount} />
        <Button type="submit" variant="primary" pending={pending}>
          Join
        </Button>
      </Card>
    </Form>
  )
}
