'use client'

import { useId } from 'react'
import { useController, useWatch } from 'react-hook-form'
import { formats } from '@/lib/formats/formats'
import { eventsOfCondition, fullCondition } from '@/lib/webhooks/form-defaults'
import type { Condition } from '@/lib/webhooks/webhook-schema'
import { Card } from '../../ui/card'
import { Fieldset } from '../../ui/fieldset'
import { Radio } from '../../ui/radio-group'
import { ConditionPicker } from './condition-picker'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

const labels: Record<Condition['kind'], string> = {
  any: 'Regardless of rating',
  service: 'Where the service rating is',
  product: 'Where the product rating is',
  nps: 'Where the NPS score is',
  thermometer: 'Where the thermometer says',
}

/** For which ratings the URL is called. */
export function WhereCard() {
  const name = useId()
  const { control, formState, getValues, setValue } = useWebhookForm()
  const { context } = useWebhookFormSetting()
  const format = useWatch({ control, name: 'format' })
  const { field } = useController({ control, name: 'condition' })
  const npsShown = context.npsEnabled || context.stored?.npsCondition
  const kinds = formats[format].conditions.filter((kind) => kind !== 'nps' || npsShown)
  const beyondFeedback = formats[format].offers.some(({ type }) => !type.startsWith('feedback.'))
  const condition: Condition = field.value
  const change = (next: Condition) => field.onChange(next)
  const choose = (kind: Condition['kind']) => {
    setValue('events', eventsOfCondition(getValues(), kind), { shouldDirty: true })
    change(fullCondition(kind))
  }
  return (
    <Card title="Where">
      <Fieldset
        legend="Call the URL"
        error={condition.kind === 'any' ? formState.errors.condition?.message : undefined}
      >
        {kinds.map((kind) => (
          <div key={kind} className="flex flex-col gap-3">
            <Radio
              name={name}
              ref={kind === 'any' && condition.kind === 'any' ? field.ref : undefined}
              label={labels[kind]}
              help={
                kind === 'nps' && !context.npsEnabled
                  ? 'NPS is switched off for this account. This rule keeps its condition until you choose another.'
                  : undefined
              }
              checked={condition.kind === kind}
              onChange={() => choose(kind)}
            />
            {condition.kind === kind && condition.kind !== 'any' && (
              <div className="mb-2 pl-6.5">
                <ConditionPicker condition={condition} onChange={change} focusRef={field.ref} />
              </div>
            )}
          </div>
        ))}
      </Fieldset>
      <p className="text-muted text-sm">
        {condition.kind === 'any'
          ? 'Every feedback matches, also one with a comment or an NPS score only.'
          : condition.kind === 'thermometer'
            ? 'Boxes look at what the event gives, adds or changes. What is removed calls nothing.'
            : 'What counts is the rating that the event itself carries.'}
        {beyondFeedback && ' Declined surveys and messages carry no rating: they match “Regardless of rating” only.'}
      </p>
    </Card>
  )
}
