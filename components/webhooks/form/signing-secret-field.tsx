'use client'

import { useState } from 'react'
import type { FormatKey } from '@/lib/formats/format'
import { formats } from '@/lib/formats/formats'
import { Field } from '../../ui/field'
import { Fieldset } from '../../ui/fieldset'
import { Input } from '../../ui/input'
import { Radio } from '../../ui/radio-group'
import { SecretField } from '../../ui/secret-field'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

const help = 'Your endpoint checks with it that a call is ours and unchanged.'

/** The signing secret. A saved WebHook's can be revealed; a new WebHook's is generated or entered. */
export function SigningSecretField({ format }: { format: FormatKey }) {
  const { actions, secrets, version } = useWebhookFormSetting()
  if (version !== null)
    return (
      <div className="flex flex-col gap-2">
        <div>
          <p className="font-medium">Signing secret</p>
          <p className="text-muted text-sm">{help}</p>
        </div>
        <SecretField label="Signing secret" reveal={actions.revealSecret} />
      </div>
    )
  return <NewSecret made={secrets[format] ?? ''} hint={formats[format].secret?.hint ?? ''} />
}

function NewSecret({ made, hint }: { made: string; hint: string }) {
  const { register, setValue, getValues, formState, clearErrors } = useWebhookForm()
  const [own, setOwn] = useState(() => getValues('secret') !== made)
  const choose = (next: boolean) => {
    setOwn(next)
    setValue('secret', next ? '' : made, { shouldDirty: true })
    clearErrors('secret')
  }
  return (
    <div className="flex flex-col gap-3">
      <Fieldset legend="Signing secret" help={help}>
        <Radio name="signing-secret" label="One made for this WebHook" checked={!own} onChange={() => choose(false)} />
        <Radio
          name="signing-secret"
          label="The secret my receiver already has"
          checked={own}
          onChange={() => choose(true)}
        />
      </Fieldset>
      <div className="pl-6.5">
        {own ? (
          <Field label="Your receiver’s secret" help={hint} error={formState.errors.secret?.message}>
            <Input mono autoComplete="off" {...register('secret')} />
          </Field>
        ) : (
          <SecretField label="Signing secret" value={made} />
        )}
      </div>
    </div>
  )
}
