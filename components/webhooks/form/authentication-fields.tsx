'use client'

import type { ReactNode } from 'react'
import { useController, useWatch } from 'react-hook-form'
import { type Authentication, authentications } from '@/lib/webhooks/webhook-schema'
import { authenticationNames } from '@/lib/webhooks/words'
import { Callout } from '../../ui/callout'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Input } from '../../ui/input'
import { Radio } from '../../ui/radio-group'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

const mask = '••••••••'

const help: Record<Authentication, string> = {
  'account-key': 'That of the account, whenever one is set.',
  basic: 'A user and a password of this WebHook alone.',
  'own-header': 'A value that your endpoint gave you, such as “Bearer …”. A pre-shared key never replaces it.',
  none: 'No Authorization header. Azure Logic Apps and Power Automate refuse a signed URL beside one.',
}

/** What a call sends as Authorization: the account's pre-shared key, or one of the others in its place. */
export function AuthenticationFields() {
  const { control, formState, clearErrors } = useWebhookForm()
  const { field } = useController({ control, name: 'authentication' })
  const choose = (value: Authentication) => {
    field.onChange(value)
    clearErrors(['basicUser', 'basicPassword', 'ownHeader'])
  }
  return (
    <div className="flex flex-col gap-3">
      <Fieldset legend="Authentication" error={formState.errors.authentication?.message}>
        {authentications.map((value) => (
          <Radio
            key={value}
            name="authentication"
            ref={field.value === value ? field.ref : undefined}
            label={authenticationNames[value]}
            help={help[value]}
            checked={field.value === value}
            onChange={() => choose(value)}
          />
        ))}
      </Fieldset>
      {field.value === 'basic' && <BasicFields />}
      {field.value === 'own-header' && <OwnHeaderField />}
      <HeaderLine />
    </div>
  )
}

function BasicFields() {
  const { register, formState } = useWebhookForm()
  const { context } = useWebhookFormSetting()
  const { errors } = formState
  return (
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
  )
}

function OwnHeaderField() {
  const { register, formState } = useWebhookForm()
  const { context } = useWebhookFormSetting()
  return (
    <Field
      label="Value of Authorization"
      help="The whole value, with its scheme. Stored sealed and not shown again."
      error={formState.errors.ownHeader?.message}
      className="pl-6.5"
    >
      <Input
        mono
        type="password"
        autoComplete="new-password"
        placeholder={context.stored?.ownHeader ? 'Stored; leave empty to keep it' : undefined}
        {...register('ownHeader')}
      />
    </Field>
  )
}

/** The line that will be sent, its secret masked, and what becomes of a stored header that is not sent. */
function HeaderLine() {
  const { control } = useWebhookForm()
  const { context } = useWebhookFormSetting()
  const authentication = useWatch({ control, name: 'authentication' })
  const lines: Record<Authentication, ReactNode> = {
    'account-key': context.accountKeySet ? (
      <Sent value={`hmac ${mask}`} />
    ) : (
      'No pre-shared key is set, so calls go without an Authorization header. You can add one on the WebHooks page.'
    ),
    basic: <Sent value={`Basic ${mask}`} />,
    'own-header': <Sent value={mask} />,
    none: 'Calls go without an Authorization header, also when a pre-shared key is set.',
  }
  return (
    <>
      <p className="rounded-control border border-border bg-sunken px-3 py-2 text-muted text-sm">
        {lines[authentication]}
      </p>
      {context.stored?.ownHeader && authentication !== 'own-header' && (
        <Callout title="An own Authorization header is stored">
          Choose “Own header” to send it. Saving with this choice removes it.
        </Callout>
      )}
    </>
  )
}

const Sent = ({ value }: { value: string }) => (
  <>
    Every call sends <code className="text-text">Authorization: {value}</code>
  </>
)
