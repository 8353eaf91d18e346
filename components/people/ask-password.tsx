'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { type ReactNode, useId, useState } from 'react'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { type PresentPassword, presentPasswordSchema } from '@/lib/people/people-schema'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { PasswordInput } from '../ui/password-input'
import { useFormAction } from '../ui/use-form-action'

type Props<Value> = {
  /** The words on the button that opens the dialog. */
  trigger: string
  title: string
  primary?: boolean
  action: (values: PresentPassword) => Promise<FormResult<Value>>
  onDone: (value: Value) => void
  children: ReactNode
}

/** A button for what needs the password once more, and the dialog that asks for it. */
export function AskPassword<Value>({ trigger, title, primary, action, onDone, children }: Props<Value>) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant={primary ? 'primary' : 'secondary'} className="w-fit">
          {trigger}
        </Button>
      }
      title={title}
      description={children}
    >
      <PasswordStep
        action={action}
        onDone={(value) => {
          setOpen(false)
          onDone(value)
        }}
      />
    </Dialog>
  )
}

function PasswordStep<Value>({ action, onDone }: Pick<Props<Value>, 'action' | 'onDone'>) {
  const id = useId()
  const form = useForm({
    resolver: zodResolver(presentPasswordSchema),
    mode: 'onTouched',
    defaultValues: { password: '' },
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, onDone)
  return (
    <Form onSubmit={submit} id={id}>
      <div className="flex flex-col gap-4">
        <Field label="Your password" error={errors.password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register('password')} />
        </Field>
        <FormErrors errors={errors} labels={{ password: 'Your password' }} submitCount={submitCount} />
        <div className="flex justify-end">
          <Button type="submit" variant="primary" pending={pending}>
            Continue
          </Button>
        </div>
      </div>
    </Form>
  )
}
