'use client'

import { useController, useWatch } from 'react-hook-form'
import { contentTypes, type Encoding, type FormatKey } from '@/lib/formats/format'
import { formats } from '@/lib/formats/formats'
import { terms } from '@/lib/terms'
import { valuesOfFormat } from '@/lib/webhooks/form-defaults'
import { encodingWords, formatWords } from '@/lib/webhooks/words'
import { Badge } from '../../ui/badge'
import { Card } from '../../ui/card'
import { Fieldset } from '../../ui/fieldset'
import { Radio, RadioCard } from '../../ui/radio-group'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** The format and its encoding. It comes first, because it decides what When and Where offer. */
export function FormatCard() {
  const { context } = useWebhookFormSetting()
  const { control } = useWebhookForm()
  const format = useWatch({ control, name: 'format' })
  return (
    <Card title={terms.format.name} description={!context.stored && terms.format.line}>
      {context.stored ? <StoredFormat {...context.stored} /> : <FormatChoice />}
      {!context.stored && formats[format].encodings.length > 1 && <EncodingChoice format={format} />}
    </Card>
  )
}

const StoredFormat = ({ format, encoding }: { format: FormatKey; encoding: Encoding }) => (
  <div>
    <p className="font-medium">Format: {formatWords(format, encoding)}</p>
    <p className="text-muted text-sm">
      {formats[format].summary} The format is kept once a WebHook is saved; its page duplicates it as another format.
    </p>
  </div>
)

function FormatChoice() {
  const { control, getValues, getFieldState, setValue, trigger, formState } = useWebhookForm()
  const { secrets } = useWebhookFormSetting()
  const { field } = useController({ control, name: 'format' })
  const choose = (key: FormatKey) => {
    const next = valuesOfFormat(getValues(), key)
    field.onChange(key)
    setValue('events', next.events, { shouldDirty: true })
    setValue('condition', next.condition, { shouldDirty: true })
    setValue('encoding', next.encoding)
    setValue('retries', next.retries)
    setValue('secret', secrets[key] ?? '')
    // Formats differ in the URLs they accept.
    if (getFieldState('url').isTouched) void trigger('url')
  }
  return (
    <Fieldset legend={<span className="sr-only">{terms.format.name}</span>} error={formState.errors.format?.message}>
      <div className="grid gap-2 md:grid-cols-2">
        {Object.values(formats).map(({ key, label, purpose, summary }) => (
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
            help={
              <>
                <span className="block text-text">{purpose}</span>
                {summary}
              </>
            }
            checked={field.value === key}
            onChange={() => choose(key)}
          />
        ))}
      </div>
    </Fieldset>
  )
}

/** The encoding of the body, where the format offers a choice. */
function EncodingChoice({ format }: { format: FormatKey }) {
  const { control, formState } = useWebhookForm()
  const { field } = useController({ control, name: 'encoding' })
  return (
    <Fieldset legend="Encoding" error={formState.errors.encoding?.message}>
      {formats[format].encodings.map((encoding) => (
        <Radio
          key={encoding}
          ref={encoding === field.value ? field.ref : undefined}
          name="encoding"
          label={encodingWords[encoding]}
          help={<code>{contentTypes[encoding]}</code>}
          checked={field.value === encoding}
          onChange={() => field.onChange(encoding)}
        />
      ))}
    </Fieldset>
  )
}
