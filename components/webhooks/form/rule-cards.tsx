'use client'

import { useController, useWatch } from 'react-hook-form'
import { formats } from '@/lib/formats/formats'
import { clickThenWriteWords } from '@/lib/webhooks/words'
import { Card } from '../../ui/card'
import { ConditionPicker } from './condition-picker'
import { useWebhookForm } from './webhook-form-state'
import { WhenCard } from './when-card'
import { WhereCard } from './where-card'

/** When and Where. A format with fixed events shows Customer Thermometer's table instead. */
export function RuleCards() {
  const { control } = useWebhookForm()
  const format = useWatch({ control, name: 'format' })
  if (formats[format].eventsFixed) return <TableCard />
  return (
    <>
      <WhenCard />
      <WhereCard />
    </>
  )
}

function TableCard() {
  const { control } = useWebhookForm()
  const events = useWatch({ control, name: 'events' })
  const { field } = useController({ control, name: 'condition' })
  if (field.value.kind === 'any') return null
  return (
    <Card title="When">
      <ConditionPicker condition={field.value} onChange={field.onChange} focusRef={field.ref} />
      <p className="text-muted text-sm">{clickThenWriteWords({ events, condition: field.value })}</p>
    </Card>
  )
}
