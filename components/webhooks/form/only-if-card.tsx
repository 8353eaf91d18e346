'use client'

import { Plus } from 'lucide-react'
import { useFieldArray } from 'react-hook-form'
import { emptyOnlyIf, onlyIfAtMost } from '@/lib/webhooks/only-if-schema'
import { Button } from '../../ui/button'
import { Card } from '../../ui/card'
import { FieldError } from '../../ui/field'
import { OnlyIfRow } from './only-if-row'
import { useWebhookForm } from './webhook-form-state'

/** Up to five further conditions, all of which must hold. */
export function OnlyIfCard() {
  const { control, formState } = useWebhookForm()
  const { fields, append, remove } = useFieldArray({ control, name: 'onlyIf' })
  const errors = formState.errors.onlyIf
  return (
    <Card
      title="And only if"
      description={
        fields.length > 1 ? 'All of these must hold as well.' : 'Narrow it down by more than ratings. Optional.'
      }
    >
      {fields.map(({ id }, index) => (
        <OnlyIfRow key={id} index={index} onRemove={() => remove(index)} />
      ))}
      <FieldError id="only-if-error">{errors?.root?.message ?? errors?.message}</FieldError>
      {fields.length < onlyIfAtMost ? (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus aria-hidden />}
          onClick={() => append(emptyOnlyIf('comment'))}
        >
          Add condition
        </Button>
      ) : (
        <p className="text-muted text-sm">Five conditions are the most.</p>
      )}
    </Card>
  )
}
