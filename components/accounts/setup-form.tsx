'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { identifierFrom, type NewAccount, newAccountSchema } from '@/lib/accounts/account-schema'
import type { FormResult } from '@/lib/form-result'
import { terms } from '@/lib/terms'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { PasswordInput } from '../ui/password-input'
import { useFormAction } from '../ui/use-form-action'

const labels = {
  name: 'Account name',
  identifier: terms.identifier.name,
  email: 'Your e-mail address',
  password: 'Password',
}

export function SetupForm({ action }: { action: (values: NewAccount) => Promise<FormResult<{ address: string }>> }) {
  const router = useRouter()
  const form = useForm({
    resolver: zodResolver(newAccountSchema),
    mode: 'onTouched',
    defaultValues: { name: '', identifier: '', email: '', password: '' },
  })
  const { errors, submitCount, dirtyFields } = form.formState
  const { submit, pending } = useFormAction(form, action, ({ address }) => router.push(address))
  // The identifier follows the name until the person edits it.
  const followName = (name: string) => {
    if (!dirtyFields.identifier) form.resetField('identifier', { defaultValue: identifierFrom(name) })
  }
  return (
    <Form onSubmit={submit}>
      <Card>
        <Field label={labels.name} help="Your shop or company, as your team calls it." error={errors.name?.message}>
          <Input
            autoComplete="organization"
            {...form.register('name', { onChange: (event) => followName(event.target.value) })}
          />
        </Field>
        <Field
          label={labels.identifier}
          help={`${terms.identifier.line} You can change it later.`}
          error={errors.identifier?.message}
        >
          <Input mono autoComplete="off" {...form.register('identifier')} />
        </Field>
        <Field label={labels.email} help="You sign in with it." error={errors.email?.message}>
          <Input type="email" autoComplete="username" autoCapitalize="none" {...form.register('email')} />
        </Field>
        <Field label={labels.password} help="At least 10 characters." error={errors.password?.message}>
          <PasswordInput autoComplete="new-password" {...form.register('password')} />
        </Field>
        <FormErrors errors={errors} labels={labels} submitCount={submitCount} />
        <Button type="submit" variant="primary" pending={pending}>
          Make account
        </Button>
      </Card>
    </Form>
  )
}
