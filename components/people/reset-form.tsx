'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { type NewPassword, newPasswordSchema } from '@/lib/people/people-schema'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { LinkButton } from '../ui/link-button'
import { PasswordInput } from '../ui/password-input'
import { Skeleton } from '../ui/skeleton'
import { useFormAction } from '../ui/use-form-action'
import { useLinkToken } from './use-link-token'

type Props = {
  check: (token: string) => Promise<boolean>
  action: (token: string, values: NewPassword) => Promise<FormResult>
}

/** What a reset link opens. */
export function ResetForm({ check, action }: Props) {
  const link = useLinkToken(check)
  if (!link) return <Skeleton className="h-48 rounded-card" />
  if (!link.value)
    return (
      <Callout
        tone="warning"
        title="This link no longer works"
        action={<LinkButton href="/forgotten">Ask for a new link</LinkButton>}
      >
        <p>It works once, for 30 minutes, and only as a whole. Nothing was changed.</p>
      </Callout>
    )
  return <NewPasswordForm action={(values) => action(link.token, values)} />
}

function NewPasswordForm({ action }: { action: (values: NewPassword) => Promise<FormResult> }) {
  const [changed, setChanged] = useState(false)
  const form = useForm({ resolver: zodResolver(newPasswordSchema), mode: 'onTouched', defaultValues: { password: '' } })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, () => setChanged(true))
  if (changed)
    return (
      <Callout
        tone="success"
        role="status"
        title="Your password is changed"
        action={
          <LinkButton href="/sign-in" variant="primary">
            Sign in
          </LinkButton>
        }
      >
        <p>You were signed out everywhere. Sign in with the new password.</p>
      </Callout>
    )
  return (
    <Form onSubmit={submit}>
      <Card>
        <Field
          label="New password"
          help="At least 10 characters. Three or four words make a good password."
          error={errors.password?.message}
        >
          <PasswordInput autoComplete="new-password" {...form.register('password')} />
        </Field>
        <FormErrors errors={errors} labels={{ password: 'New password' }} submitCount={submitCount} />
        <Button type="submit" variant="primary" pending={pending}>
          Change password
        </Button>
      </Card>
    </Form>
  )
}
