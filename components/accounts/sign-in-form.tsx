'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useEffect } from 'react'
import { useForm } from 'react-hook-form'
import { type SignIn, signInSchema } from '@/lib/accounts/account-schema'
import type { FormResult } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { Link } from '../ui/link'
import { PasswordInput } from '../ui/password-input'
import { useFormAction } from '../ui/use-form-action'

type Props<Next> = {
  action: (values: SignIn) => Promise<FormResult<Next>>
  onDone: (next: Next) => void
  email?: string
}

export function SignInForm<Next>({ action, onDone, email = '' }: Props<Next>) {
  const form = useForm({
    resolver: zodResolver(signInSchema),
    mode: 'onTouched',
    defaultValues: { email, password: '' },
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, onDone)
  const { reset } = form
  useEffect(() => {
    // A link may fill in the form (the demo's does). The part after # never leaves the browser.
    const given = new URLSearchParams(window.location.hash.slice(1))
    if (!given.has('email')) return
    reset({ email: given.get('email') ?? '', password: given.get('password') ?? '' })
    window.history.replaceState(null, '', window.location.pathname)
  }, [reset])
  return (
    <Form onSubmit={submit}>
      <Card>
        <Field label="E-mail address" error={errors.email?.message}>
          <Input type="email" autoComplete="username" autoCapitalize="none" {...form.register('email')} />
        </Field>
        <Field label="Password" error={errors.password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register('password')} />
        </Field>
        <FormErrors
          errors={errors}
          labels={{ email: 'E-mail address', password: 'Password' }}
          submitCount={submitCount}
        />
        <Button type="submit" variant="primary" pending={pending}>
          Sign in
        </Button>
        <Link href="/forgotten" className="w-fit text-sm underline underline-offset-2">
          Forgotten your password?
        </Link>
      </Card>
    </Form>
  )
}
