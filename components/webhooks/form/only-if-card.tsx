'use client'

import { Plus } from 'lucide-react'
import { useFieldArray, useWatch } from 'react-hook-form'
import { formats } from '@/lib/formats/formats'
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
  const format = useWatch({ control, name: 'format' })
  const beyondFeedback = formats[format].offers.some(({ type }) => !type.startsWith('feedback.'))
  const error = formState.errors.onlyIf?.root?.message ?? formState.errors.onlyIf?.message
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
      {fields.length > 0 && beyondFeedback && (
        <p className="text-muted text-sm">
          Declined surveys and messages have no comment, no tags and no answers: they never match conditions on these.
        </p>
      )}
      {error && <FieldError id="only-if-error">{error}</FieldError>}
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
