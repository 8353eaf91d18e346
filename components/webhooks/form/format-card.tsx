'use client'

import { useController, useWatch } from 'react-hook-form'
import type { FormatKey } from '@/lib/formats/format'
import { formats } from '@/lib/formats/formats'
import { valuesOfFormat } from '@/lib/webhooks/form-defaults'
import { Badge } from '../../ui/badge'
import { Card } from '../../ui/card'
import { Fieldset } from '../../ui/fieldset'
import { RadioCard } from '../../ui/radio-group'
import { AdvancedFields } from './advanced-fields'
import { AuthenticationFields } from './authentication-fields'
import { SigningSecretField } from './signing-secret-field'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** What is sent and how the receiver knows that it is us. */
export function FormatCard() {
  const { context } = useWebhookFormSetting()
  const { control } = useWebhookForm()
  const format = useWatch({ control, name: 'format' })
  return (
    <Card title="Format and security">
      {context.stored ? <StoredFormat format={context.stored.format} /> : <FormatChoice />}
      <AuthenticationFields />
      {formats[format].secret && <SigningSecretField key={format} format={format} />}
      <AdvancedFields />
    </Card>
  )
}

function StoredFormat({ format }: { format: FormatKey }) {
  const { label, summary } = formats[format]
  return (
    <div>
      <p className="font-medium">Format: {label}</p>
      <p className="text-muted text-sm">
        {summary} The format is kept once a WebHook is saved; register another WebHook for another format.
      </p>
    </div>
  )
}

function FormatChoice() {
  const { control, getValues, setValue, formState } = useWebhookForm()
  const { secrets } = useWebhookFormSetting()
  const { field } = useController({ control, name: 'format' })
  const choose = (key: FormatKey) => {
    const next = valuesOfFormat(getValues(), key)
    field.onChange(key)
    setValue('events', next.events, { shouldDirty: true })
    setValue('condition', next.condition, { shouldDirty: true })
    setValue('retries', next.retries)
    setValue('secret', secrets[key] ?? '')
  }
  return (
    <Fieldset legend="Format" error={formState.errors.format?.message}>
      <div className="grid gap-2 md:grid-cols-2">
        {Object.values(formats).map(({ key, label, summary }) => (
          <RadioCard
            key={key}
            ref={key === field.value ? field.ref : undefined}
            name="format"
            value={key}
            label={
              <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
                {label}
                {key === 'standard' && <Badge tone="info">Suggested for own code</Badge>}
              </span>
            }
            help={summary}
            checked={field.value === key}
            onChange={() => choose(key)}
          />
        ))}
      </div>
    </Fieldset>
  )
}
