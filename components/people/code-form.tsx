'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { type Code, codeSchema } from '@/lib/people/people-schema'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { useFormAction } from '../ui/use-form-action'

type Props<Next> = {
  action: (values: Code) => Promise<FormResult<Next>>
  onDone: (next: Next) => void
  onBack: () => void
}

/** The second step of a sign-in. */
export function CodeForm<Next>({ action, onDone, onBack }: Props<Next>) {
  const form = useForm({ resolver: zodResolver(codeSchema), mode: 'onTouched', defaultValues: { code: '' } })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, onDone)
  return (
    <Form onSubmit={submit}>
      <Card>
        <Field
          label="Code"
          help="The six digits that your authenticator app shows, or one of your recovery codes."
          error={errors.code?.message}
        >
          <Input mono autoFocus autoComplete="one-time-code" autoCapitalize="none" {...form.register('code')} />
        </Field>
        <FormErrors errors={errors} labels={{ code: 'Code' }} submitCount={submitCount} />
        <Button type="submit" variant="primary" pending={pending}>
          Sign in
        </Button>
        <Button variant="ghost" onClick={onBack}>
          Back to your password
        </Button>
        <p className="text-muted text-sm">
          App and codes lost? Whoever runs this hub can turn two-factor sign-in off for you.
        </p>
      </Card>
    </Form>
  )
}
