'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { type UseFormReturn, useForm } from 'react-hook-form'
import { type AccountSettings, accountSettingsSchema } from '@/lib/accounts/account-schema'
import type { FormResult } from '@/lib/form-result'
import { terms } from '@/lib/terms'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { Switch } from '../ui/switch'
import { Textarea } from '../ui/textarea'
import { toast } from '../ui/toast'
import { useFormAction } from '../ui/use-form-action'

type Props = {
  settings: AccountSettings
  readOnly: boolean
  action: (values: AccountSettings) => Promise<FormResult>
}

export function AccountForm({ settings, readOnly, action }: Props) {
  const form = useForm({ resolver: zodResolver(accountSettingsSchema), mode: 'onTouched', defaultValues: settings })
  const { errors, submitCount, isDirty } = form.formState
  const { submit, pending } = useFormAction(form, action, () => toast.success('Account saved.'))
  const identifierChanged = form.watch('identifier') !== settings.identifier
  return (
    <Form onSubmit={submit}>
      <Card
        title="Account settings"
        footer={
          !readOnly && (
            <Button type="submit" variant="primary" pending={pending} disabled={!isDirty}>
              Save account
            </Button>
          )
        }
      >
        <fieldset disabled={readOnly} className="flex flex-col gap-5">
          <Field label="Account name" error={errors.name?.message}>
            <Input autoComplete="organization" {...form.register('name')} />
          </Field>
          <Field
            label={terms.identifier.name}
            help={
              identifierChanged
                ? `${terms.identifier.line} Links to reviews that went out with the old one stop working.`
                : terms.identifier.line
            }
            error={errors.identifier?.message}
          >
            <Input mono autoComplete="off" {...form.register('identifier')} />
          </Field>
          <Switch
            label="NPS"
            help="Offers NPS scores as a condition of WebHooks. When you switch it off, existing NPS conditions are kept and still work."
            {...form.register('npsEnabled')}
          />
          <Switch
            label="Publish reviews"
            help="Anyone may list the reviews of your review pages without a key: ratings, texts, display names and places. Never NPS, e-mail addresses or orders."
            {...form.register('publishReviews')}
          />
          <Field
            label="Notices by e-mail"
            optional
            help="Who is told that a WebHook fails or was turned off: one address a line, up to five. Empty: every owner and admin."
            error={errors.noticeAddresses?.message}
          >
            <Textarea rows={2} autoComplete="off" {...form.register('noticeAddresses')} />
          </Field>
          <VendorIds form={form} />
          <FormErrors
            errors={errors}
            labels={{
              name: 'Account name',
              identifier: 'Identifier',
              noticeAddresses: 'Notices by e-mail',
              wootricToken: 'Wootric account token',
              teamId: 'Rateup team id',
            }}
            submitCount={submitCount}
          />
        </fieldset>
      </Card>
    </Form>
  )
}

/** The ids by which receivers of Wootric's and Rateup's formats know the account. */
const VendorIds = ({ form: { register, formState } }: { form: UseFormReturn<AccountSettings> }) => (
  <>
    <Field
      label="Wootric account token"
      optional
      help="WebHooks in Wootric’s format send it as account_token. Without it, a token of this account that is always the same is sent."
      error={formState.errors.wootricToken?.message}
    >
      <Input mono autoComplete="off" placeholder="NPS-1a2b3c4d" {...register('wootricToken')} />
    </Field>
    <Field
      label="Rateup team id"
      optional
      help="WebHooks in Rateup’s format send it as teamId. Without it, this account’s own id is sent."
      error={formState.errors.teamId?.message}
    >
      <Input mono autoComplete="off" placeholder="1b4e28ba-2fa1-4d3b-8c5e-0123456789ab" {...register('teamId')} />
    </Field>
  </>
)
