'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { type ChangePassword, changePasswordSchema } from '@/lib/accounts/account-schema'
import type { FormResult } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { PasswordInput } from '../ui/password-input'
import { toast } from '../ui/toast'
import { useFormAction } from '../ui/use-form-action'

type Props = { email: string; action: (values: ChangePassword) => Promise<FormResult> }

export function PasswordForm({ email, action }: Props) {
  const form = useForm({
    resolver: zodResolver(changePasswordSchema),
    mode: 'onTouched',
    defaultValues: { currentPassword: '', newPassword: '' },
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, () => {
    form.reset()
    toast.success('Password changed.', { description: 'Your other browsers were signed out.' })
  })
  return (
    <Form onSubmit={submit}>
      <Card
        title="Your password"
        description={`You sign in as ${email}.`}
        footer={
          <Button type="submit" pending={pending}>
            Change password
          </Button>
        }
      >
        <div className="flex flex-col gap-5">
          {/* Password managers want to know whose password it is. */}
          <input type="email" autoComplete="username" value={email} readOnly hidden />
          <Field label="Present password" error={errors.currentPassword?.message}>
            <PasswordInput autoComplete="current-password" {...form.register('currentPassword')} />
          </Field>
          <Field
            label="New password"
            help="At least 10 characters. Your other browsers are signed out."
            error={errors.newPassword?.message}
          >
            <PasswordInput autoComplete="new-password" {...form.register('newPassword')} />
          </Field>
          <FormErrors
            errors={errors}
            labels={{ currentPassword: 'Present password', newPassword: 'New password' }}
            submitCount={submitCount}
          />
        </div>
      </Card>
    </Form>
  )
}
