'use client'

import { useController, useWatch } from 'react-hook-form'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Input } from '../../ui/input'
import { Radio } from '../../ui/radio-group'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

const mask = '••••••••'

/** The Authorization header: the account's pre-shared key, or Basic in its place. */
export function AuthenticationFields() {
  const { control, register, formState, clearErrors } = useWebhookForm()
  const { context } = useWebhookFormSetting()
  const { field } = useController({ control, name: 'authentication' })
  const basic = field.value === 'basic'
  const { errors } = formState
  const choose = (value: 'account-key' | 'basic') => {
    field.onChange(value)
    clearErrors(['basicUser', 'basicPassword'])
  }
  return (
    <div className="flex flex-col gap-3">
      <Fieldset legend="Authentication" error={errors.authentication?.message}>
        <Radio
          name="authentication"
          ref={basic ? undefined : field.ref}
          label="Account key"
          help="The account’s pre-shared key, whenever one is set."
          checked={!basic}
          onChange={() => choose('account-key')}
        />
        <Radio
          name="authentication"
          ref={basic ? field.ref : undefined}
          label="Basic"
          help="A user and a password of this WebHook alone; they take the key’s place."
          checked={basic}
          onChange={() => choose('basic')}
        />
      </Fieldset>
      {basic && (
        <div className="grid gap-4 pl-6.5 md:grid-cols-2">
          <Field label="User" error={errors.basicUser?.message}>
            <Input autoComplete="off" {...register('basicUser')} />
          </Field>
          <Field label="Password" error={errors.basicPassword?.message}>
            <Input
              type="password"
              autoComplete="new-password"
              placeholder={context.stored?.basicPassword ? 'Stored; leave empty to keep it' : undefined}
              {...register('basicPassword')}
            />
          </Field>
        </div>
      )}
      <HeaderLine />
    </div>
  )
}

/** The line that will be sent, its secret masked. */
function HeaderLine() {
  const { control } = useWebhookForm()
  const { context } = useWebhookFormSetting()
  const [authentication, headers] = useWatch({ control, name: ['authentication', 'headers'] })
  const own = headers.some(({ name }) => name.trim().toLowerCase() === 'authorization')
  const value =
    authentication === 'basic' ? `Basic ${mask}` : context.accountKeySet ? `hmac ${mask}` : own ? mask : undefined
  return (
    <p className="rounded-control border border-border bg-sunken px-3 py-2 text-muted text-sm">
      {value ? (
        <>
          Every call sends <code className="text-text">Authorization: {value}</code>
        </>
      ) : (
        'No pre-shared key is set, so calls go without an Authorization header. You can add one on the WebHooks page.'
      )}
    </p>
  )
}
