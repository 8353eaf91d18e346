'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { type Forgotten, forgottenSchema } from '@/lib/people/people-schema'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { LinkButton } from '../ui/link-button'
import { useFormAction } from '../ui/use-form-action'

export function ForgottenForm({ action }: { action: (values: Forgotten) => Promise<FormResult> }) {
  const [mailed, setMailed] = useState('')
  const form = useForm({ resolver: zodResolver(forgottenSchema), mode: 'onTouched', defaultValues: { email: '' } })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, (_, { email }) => setMailed(email))
  if (mailed)
    return (
      <Callout
        tone="success"
        role="status"
        title="Look into your mail"
        action={<LinkButton href="/sign-in">Back to sign in</LinkButton>}
      >
        <p>
          If {mailed} has a sign-in here, a link is on its way. It works once, for 30 minutes. Nothing came? Look among
          the junk, or ask again.
        </p>
      </Callout>
    )
  return (
    <Form onSubmit={submit}>
      <Card>
        <Field label="E-mail address" error={errors.email?.message}>
          <Input type="email" autoComplete="username" autoCapitalize="none" {...form.register('email')} />
        </Field>
        <FormErrors errors={errors} labels={{ email: 'E-mail address' }} submitCount={submitCount} />
        <Button type="submit" variant="primary" pending={pending}>
          Mail me a link
        </Button>
      </Card>
    </Form>
  )
}
