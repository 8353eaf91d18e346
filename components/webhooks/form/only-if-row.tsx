'use client'

import { X } from 'lucide-react'
import { useController } from 'react-hook-form'
import { emptyOnlyIf, type OnlyIf, onlyIfKinds } from '@/lib/webhooks/only-if-schema'
import { Button } from '../../ui/button'
import { Field } from '../../ui/field'
import { Input } from '../../ui/input'
import { Select } from '../../ui/select'
import { Textarea } from '../../ui/textarea'
import { useWebhookForm } from './webhook-form-state'

const labels: Record<OnlyIf['kind'], string> = {
  comment: 'There is a comment',
  tag: 'A tag is any of',
  country: 'The country is any of',
  language: 'The language is any of',
  answer: 'The answer to a question is any of',
  property: 'A property equals',
}

const examples = { tag: 'web', country: 'GB', language: 'en', answer: 'Yes' } as const

type Props = { index: number; onRemove: () => void }

/** One further condition: its kind, and what that kind asks for. */
export function OnlyIfRow({ index, onRemove }: Props) {
  const { control, formState, clearErrors } = useWebhookForm()
  const { field } = useController({ control, name: `onlyIf.${index}` })
  const condition = field.value as OnlyIf
  const errors = formState.errors.onlyIf?.[index] as Errors | undefined
  const choose = (kind: OnlyIf['kind']) => {
    field.onChange(emptyOnlyIf(kind))
    clearErrors(`onlyIf.${index}`)
  }
  const number = index + 1
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset lays its legend out apart from the grid
    <div
      role="group"
      aria-label={`Condition ${number}`}
      className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 gap-y-3 rounded-control border border-border p-3"
    >
      <Field
        label={<span className="sr-only">Condition {number}</span>}
        error={errors?.kind?.message}
        className="-mt-2"
      >
        <Select
          ref={field.ref}
          options={onlyIfKinds.map((kind) => ({ value: kind, label: labels[kind] }))}
          value={condition.kind}
          onChange={({ target }) => choose(target.value as OnlyIf['kind'])}
        />
      </Field>
      <Button variant="ghost" icon={<X aria-hidden />} aria-label={`Remove condition ${number}`} onClick={onRemove} />
      <div className="col-span-2 flex min-w-0 flex-col gap-3 empty:hidden">
        <Parts condition={condition} errors={errors} onChange={field.onChange} onBlur={field.onBlur} />
      </div>
      {condition.kind === 'comment' && (
        <p className="col-span-2 text-muted text-sm">
          The comment of the feedback, not the texts of its service, product or NPS ratings.
        </p>
      )}
    </div>
  )
}

type Message = { message?: string }
type Errors = Partial<Record<'kind' | 'question' | 'name' | 'value', Message>> & {
  values?: Message & (Message | undefined)[]
}
type PartsProps = {
  condition: OnlyIf
  errors: Errors | undefined
  onChange: (condition: OnlyIf) => void
  onBlur: () => void
}

function Parts({ condition, errors, onChange, onBlur }: PartsProps) {
  switch (condition.kind) {
    case 'comment':
      return null
    case 'property':
      return (
        <div className="grid gap-3 md:grid-cols-2">
          <Field label="Property" error={errors?.name?.message}>
            <Input
              autoComplete="off"
              placeholder="plan"
              value={condition.name}
              onBlur={onBlur}
              onChange={({ target }) => onChange({ ...condition, name: target.value })}
            />
          </Field>
          <Field label="Value" error={errors?.value?.message}>
            <Input
              autoComplete="off"
              placeholder="Team"
              value={condition.value}
              onBlur={onBlur}
              onChange={({ target }) => onChange({ ...condition, value: target.value })}
            />
          </Field>
        </div>
      )
    case 'answer':
      return (
        <>
          <Field label="Question" help="As the survey asks it." error={errors?.question?.message}>
            <Input
              autoComplete="off"
              placeholder="Would you buy again?"
              value={condition.question}
              onBlur={onBlur}
              onChange={({ target }) => onChange({ ...condition, question: target.value })}
            />
          </Field>
          <Values condition={condition} errors={errors} onChange={onChange} onBlur={onBlur} />
        </>
      )
    default:
      return <Values condition={condition} errors={errors} onChange={onChange} onBlur={onBlur} />
  }
}

function Values({
  condition,
  errors,
  onChange,
  onBlur,
}: PartsProps & { condition: Extract<OnlyIf, { values: string[] }> }) {
  const wrong = errors?.values
  const error = wrong?.message ?? (Array.isArray(wrong) ? wrong.find(Boolean)?.message : undefined)
  return (
    <Field
      label={condition.kind === 'answer' ? 'Answers' : 'Values'}
      help="One on each line. Capital letters make no difference."
      error={error}
    >
      <Textarea
        rows={2}
        placeholder={examples[condition.kind]}
        value={condition.values.join('\n')}
        onBlur={onBlur}
        onChange={({ target }) =>
          onChange({ ...condition, values: target.value === '' ? [] : target.value.split('\n') })
        }
      />
    </Field>
  )
}
