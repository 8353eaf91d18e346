'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { roles, roleWords } from '@/lib/accounts/roles'
import type { FormResult } from '@/lib/form-result'
import type { InvitedHow } from '@/lib/people/invitation-mail'
import { type InvitationForm, invitationSchema } from '@/lib/people/people-schema'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { SecretField } from '../ui/secret-field'
import { Select } from '../ui/select'
import { toast } from '../ui/toast'
import { useFormAction } from '../ui/use-form-action'

type Props = { action: (values: InvitationForm) => Promise<FormResult<InvitedHow>> }

/** Invites a person. A link that was not mailed is shown once, to be handed on. */
export function InviteForm({ action }: Props) {
  const [made, setMade] = useState<{ email: string; link: string }>()
  const form = useForm({
    resolver: zodResolver(invitationSchema),
    mode: 'onTouched',
    defaultValues: { email: '', role: 'viewer' } as InvitationForm,
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(form, action, ({ email, link }) => {
    form.reset()
    if (link) setMade({ email, link })
    else toast.success(`The invitation is mailed to ${email}.`)
  })
  const role = form.watch('role')
  if (made)
    return (
      <Callout
        tone="success"
        role="status"
        title={`The invitation for ${made.email} is ready`}
        action={<Button onClick={() => setMade(undefined)}>I have copied it</Button>}
      >
        <p>It was not mailed: send this link yourself. It works once, for seven days, and can’t be shown again.</p>
        <SecretField label="Invitation link" value={made.link} open />
      </Callout>
    )
  return (
    <Form onSubmit={submit}>
      <Card
        title="Invite a person"
        footer={
          <Button type="submit" variant="primary" pending={pending}>
            Invite
          </Button>
        }
      >
        <div className="grid gap-5 md:grid-cols-2 md:gap-8">
          <Field label="E-mail address" help="They join with this address." error={errors.email?.message}>
            <Input type="email" autoComplete="off" autoCapitalize="none" {...form.register('email')} />
          </Field>
          <Field label="Role" help={`${roleWords[role].label}: ${roleWords[role].help}`} error={errors.role?.message}>
            <Select
              options={roles.map((value) => ({ value, label: roleWords[value].label }))}
              {...form.register('role')}
            />
          </Field>
        </div>
        <FormErrors errors={errors} labels={{ email: 'E-mail address', role: 'Role' }} submitCount={submitCount} />
      </Card>
    </Form>
  )
}
