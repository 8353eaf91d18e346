'use client'

import type { RefCallBack } from 'react-hook-form'
import { type Condition, conditionSchema } from '@/lib/webhooks/webhook-schema'
import { NpsPicker } from './nps-picker'
import { StarPicker } from './star-picker'
import { ThermometerTable } from './thermometer-table'

type Props = {
  condition: Exclude<Condition, { kind: 'any' }>
  onChange: (condition: Condition) => void
  focusRef: RefCallBack
}

/** The boxes of the chosen condition. An empty set is refused at once with the schema's message. */
export function ConditionPicker({ condition, onChange, focusRef }: Props) {
  const error = conditionSchema.safeParse(condition).error?.issues[0]?.message
  if (condition.kind === 'nps')
    return (
      <NpsPicker
        legend="NPS scores"
        chosen={condition.scores}
        onChange={(scores) => onChange({ kind: 'nps', scores })}
        error={error}
        focusRef={focusRef}
      />
    )
  if (condition.kind === 'thermometer')
    return (
      <ThermometerTable
        chosen={condition.boxes}
        onChange={(boxes) => onChange({ kind: 'thermometer', boxes })}
        error={error}
        focusRef={focusRef}
      />
    )
  const { kind, ratings } = condition
  return (
    <StarPicker
      legend={kind === 'service' ? 'Service ratings' : 'Product ratings'}
      help={
        kind === 'product'
          ? 'Of several products, one with a chosen rating is enough: any product in the set matches.'
          : undefined
      }
      chosen={ratings}
      onChange={(next) => onChange({ kind, ratings: next })}
      error={error}
      focusRef={focusRef}
    />
  )
}
